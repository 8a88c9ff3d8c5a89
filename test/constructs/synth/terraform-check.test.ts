import { TerraformVariable } from 'cdktf';
import { TerraformCheck } from '../../../lib';
import { refusal, synthesise } from '../../support/synth';

test('a check block asserts under an address of its own', () => {
  const { check } = synthesise((stack) => {
    const answer = new TerraformVariable(stack, 'answer', { type: 'number' });
    const made = new TerraformCheck(stack, 'it', {
      assert: [{ condition: '${var.answer == 42}', errorMessage: `it is ${answer.value}` }],
    });
    expect(made.fqn).toBe('check.it');
  });
  expect(check).toEqual({ it: { assert: [{ condition: '${var.answer == 42}', error_message: 'it is ${var.answer}' }] } });
});

test('a check that asserts nothing is refused', () =>
  expect(refusal((stack) => void new TerraformCheck(stack, 'it', { assert: [] }))).toContain(
    'has to assert something (at test/it)',
  ));
