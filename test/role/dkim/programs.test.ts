import { spawnSync } from 'node:child_process';
import { hostPython } from '../../support/python';

describe('the programs that sign', () => {
  it('use a key once the world sees its record, and know a right signature (test_dkim.py)', () => {
    const { status, stderr } = spawnSync(hostPython, ['-B', `${__dirname}/test_dkim.py`], { encoding: 'utf8' });
    expect(stderr).toMatch(/Ran \d+ tests/);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  });
});
