import { spawnSync } from 'node:child_process';
import { hostPython } from '../../support/python';

describe('what logins may send', () => {
  it('is counted, put off, stopped and released (test_logins.py)', () => {
    const { status, stderr } = spawnSync(hostPython, ['-B', `${__dirname}/test_logins.py`], { encoding: 'utf8' });
    expect(stderr).toMatch(/Ran \d+ tests/);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  });
});
