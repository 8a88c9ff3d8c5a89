import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { roleSettings } from '../../../lib/role/settings';

const TOOL = readFileSync(join(__dirname, '../../../lib/role/remote/sasl-tool.sh'), 'utf8');
const names = JSON.parse(readFileSync(join(__dirname, '../login-names.json'), 'utf8')) as { good: string[]; bad: string[] };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sasl-tool-'));
  writeFileSync(join(folder, 'saslpasswd2'), TOOL.replaceAll('/usr/lib/mailserver', folder));
  writeFileSync(join(folder, 'sasl.conf'), 'database=/nowhere\nrealm=mailserver\n');
  // In the place of the one that changes the database: what it was called with.
  writeFileSync(join(folder, 'apart'), '#!/bin/sh\nshift\nprintf "%s\\n" "$@"\n');
  for (const name of ['password-problem.py', 'weak-words.json'])
    copyFileSync(join(__dirname, '../../../lib/role/remote', name), join(folder, name.replace('.py', '')));
  for (const name of ['apart', 'password-problem', 'saslpasswd2']) chmodSync(join(folder, name), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const saslpasswd2 = (...args: string[]) => withPassword('correct horse battery', ...args);

function withPassword(input: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(join(folder, 'saslpasswd2'), args, { encoding: 'utf8', input });
  return { status, called: stdout.trim().split('\n'), said: stderr };
}

const inStack = (name: string) =>
  roleSettings.safeParse({ heloName: 'mail.example.com', submissionUsers: { [name]: { password: 'correct horse battery' } } })
    .success;

test.each(names.good)('%j is a login name, for service users and for the stack', (name) => {
  const [user = '', realm = 'mailserver'] = name.split('@');
  expect(saslpasswd2('-p', name)).toMatchObject({ status: 0, called: ['-p', '-c', '-u', realm, user] });
  expect(inStack(name)).toBe(true);
});

test.each(names.bad)('%j is not a login name, for neither of them', (name) => {
  expect(saslpasswd2('-p', '--', name)).toMatchObject({ status: 64, said: expect.stringContaining('saslpasswd2: ') });
  expect(inStack(name)).toBe(false);
});

test('a realm is said once: in the name, or as an option', () => {
  expect(saslpasswd2('-p', '-u', 'example.com', 'alice')).toMatchObject({ called: ['-p', '-c', '-u', 'example.com', 'alice'] });
  expect(saslpasswd2('-p', '-u', 'example.com', 'alice@example.com')).toMatchObject({ status: 64 });
  expect(saslpasswd2('-d', 'alice@example.com')).toMatchObject({ called: ['-d', '-u', 'example.com', 'alice'] });
});

test('a weak password changes nothing, and why is said without repeating it', () => {
  const { status, called, said } = withPassword('Password123456', '-p', 'alice');
  expect({ status, called }).toEqual({ status: 64, called: [''] });
  expect(said).toMatch(/^saslpasswd2: the password is easy to guess: /);
  expect(said).not.toContain('123456');
});
