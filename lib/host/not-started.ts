import { HostError } from './host-error';

export interface Refusal {
  readonly user: string;
  /** `address:port`. */
  readonly address: string;
  /** What the login printed instead of running our program. */
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** sudo(8) warns so and goes on: it is never why a command did not run. */
const sudoWarning = /unable to resolve host|setrlimit|unable to stat|problem with defaults entries/;

/** The texts with which sudo(8) refuses, and what helps. */
const sudoRefusals: readonly (readonly [RegExp, (user: string) => string])[] = [
  [/you must have a tty/, (user) => `put \`Defaults:${user} !requiretty\` into a file in /etc/sudoers.d`],
  [/command not found|sudo: not found/, () => 'install sudo, or connect as root'],
  [
    /password|not allowed|may not run|not in the sudoers/,
    (user) => `allow it with \`${user} ALL=(ALL) NOPASSWD:ALL\` in /etc/sudoers.d, or connect as root`,
  ],
];

/** Why a login worked and our program did not run, with the host's own words and the fix. */
export function notStarted({ user, address, stdout, stderr, code }: Refusal): HostError {
  const lines = `${stdout}\n${stderr}`
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !sudoWarning.test(line));
  for (const [pattern, fix] of sudoRefusals) {
    const line =
      lines.find((each) => /\bsudo\b/.test(each) && pattern.test(each)) ?? lines.find((each) => isOfSudo(each, pattern));
    if (line) return new HostError('sudo', `${user}@${address} may log in but not become root: ${line}; ${fix(user)}`);
  }
  const said =
    lines.length > 0 ? `it answered: ${lines.slice(0, 3).join(' / ')}` : `it ended with code ${code} and printed nothing`;
  return new HostError(
    'authentication',
    `${user}@${address} may log in but run no command: ${said}; connect as a user whose login shell runs commands`,
  );
}

/** sudo names itself in its refusals, but for the one of a user whom it does not know (`NAME is not in the sudoers file`). */
const isOfSudo = (line: string, pattern: RegExp) => /sudoers/.test(line) && pattern.test(line);
