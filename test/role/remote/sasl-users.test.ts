import { spawnSync } from 'node:child_process';
import { hostPython } from '../../support/python';

describe('the passwords of the stack on the host', () => {
  it('are set, kept, removed and put back (test_sasl_users.py)', () => {
    const { status, stderr } = spawnSync(hostPython, ['-B', `${__dirname}/test_sasl_users.py`], { encoding: 'utf8' });
    expect(stderr).toMatch(/Ran \d+ tests/);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  });
});
