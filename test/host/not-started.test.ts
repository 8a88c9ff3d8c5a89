import { notStarted } from '../../lib/host/not-started';

const say = (said: { stdout?: string; stderr?: string; code?: number }) =>
  notStarted({ user: 'ops', address: '198.51.100.9:22', stdout: '', stderr: '', code: 1, ...said });

test.each([
  [
    'a password is wanted',
    'sudo: a password is required\n',
    'sudo: a password is required; allow it with `ops ALL=(ALL) NOPASSWD:ALL`',
  ],
  [
    'the name of the host does not resolve either',
    'sudo: unable to resolve host mail: Name or service not known\nsudo: a password is required\n',
    'sudo: a password is required; allow it with',
  ],
  ['the user is not in sudoers', 'ops is not in the sudoers file.\n', 'ops is not in the sudoers file.; allow it with'],
  ['a terminal is wanted', 'sudo: sorry, you must have a tty to run sudo\n', 'put `Defaults:ops !requiretty` into a file'],
  ['sudo is missing, by bash', 'bash: line 1: sudo: command not found\n', 'install sudo, or connect as root'],
  ['sudo is missing, by dash', 'sh: 1: sudo: not found\n', 'install sudo, or connect as root'],
  [
    'the command is not allowed',
    "Sorry, user ops is not allowed to execute '/bin/sh' as root on mail. (sudo)\n",
    'allow it with',
  ],
])('names the fix when %s', (_, stderr, expected) => {
  const error = say({ stderr });
  expect(error.kind).toBe('sudo');
  expect(error.message).toContain('ops@198.51.100.9:22 may log in but not become root: ');
  expect(error.message).toContain(expected);
});

test.each([
  ['Please login as the user "admin" rather than the user "root".\n', 142],
  ['This account is currently not available.\n', 1],
])('quotes a login that runs no commands: %s', (stdout, code) => {
  const error = say({ stdout, code });
  expect(error.kind).toBe('authentication');
  expect(error.message).toBe(
    `ops@198.51.100.9:22 may log in but run no command: it answered: ${stdout.trim()}; connect as a user whose login shell runs commands`,
  );
});

test('does not take a warning of sudo for a refusal', () => {
  const error = say({ stderr: 'sudo: unable to resolve host mail: Name or service not known\n', code: 127 });
  expect(error.kind).toBe('authentication');
  expect(error.message).toContain('it ended with code 127 and printed nothing');
});
