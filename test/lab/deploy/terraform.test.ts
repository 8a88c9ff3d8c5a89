import { isTooOld } from '../../../lab/deploy/terraform';

test.each([
  ['1.9.8', true],
  ['1.10.5', true],
  ['0.15.4', true],
  ['1.11.0', false],
  ['1.12.0-rc1', false],
  ['2.0.0', false],
])('Terraform %s is too old for the lab: %s', (version, tooOld) => {
  expect(isTooOld(version)).toBe(tooOld);
});
