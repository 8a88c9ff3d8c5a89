import { type Component, configFile, lines } from '../component';
import { CHECK_RECIPIENT, STACK_MAPS } from '../paths';
import type { RoleSettings } from '../settings';

/**
 * The names that every mail host must answer to (RFC 2142, RFC 5321 4.5.1) and those of the role. They come last:
 * /etc/mail/local-aliases overrules /etc/aliases, and both overrule these (R7).
 */
export const aliases: Component = ({ settings }) => ({
  files: [
    configFile(
      `${STACK_MAPS}/aliases`,
      lines(
        '# Written by the stack; /etc/mail/local-aliases and /etc/aliases overrule it.',
        Object.entries(systemAliases(settings)).map(([name, targets]) => `${name}: ${targets.join(', ')}`),
      ),
    ),
  ],
});

/** Name to targets. Whoever reads mail for postmaster reads what the host itself has to tell root. */
export function systemAliases({ postmaster }: Pick<RoleSettings, 'postmaster'>): Record<string, readonly string[]> {
  const names = ['abuse', 'hostmaster', 'noc', 'security', 'webmaster', 'virusalert', 'abusealert'];
  return {
    'mailer-daemon': ['postmaster'],
    postmaster: postmaster ?? ['root'],
    // Not by way of postmaster: /etc/aliases of Debian's Postfix sends postmaster's mail to root.
    ...(postmaster && !postmaster.some((name) => /^\\?root$/i.test(name)) && { root: postmaster }),
    ...Object.fromEntries(names.map((name) => [name, ['postmaster']])),
    [CHECK_RECIPIENT]: ['/dev/null'],
  };
}
