import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { passwordProblem } from '../../../lib/role/settings/password';
import { hostPython } from '../../support/python';

const PROGRAM = join(__dirname, '../../../lib/role/remote/password-problem.py');

const cases = JSON.parse(readFileSync(join(__dirname, 'weak-passwords.json'), 'utf8')) as readonly {
  readonly login: string;
  readonly password: string;
  readonly weak: boolean;
}[];

describe('a password', () => {
  it.each(cases)('is judged alike by the stack and by saslpasswd2: %j', ({ login, password, weak }) => {
    const problem = passwordProblem(login, password);
    expect(problem !== undefined).toBe(weak);
    const { status, stdout, stderr } = spawnSync(hostPython, ['-B', PROGRAM, login], { input: password, encoding: 'utf8' });
    expect({ status, said: stdout.trimEnd(), stderr }).toEqual({ status: weak ? 1 : 0, said: problem ?? '', stderr: '' });
    expect(problem ?? '').not.toContain(password);
  });
});
