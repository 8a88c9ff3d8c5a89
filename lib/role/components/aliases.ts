import { type Component, configFile, lines } from '../component';
import { CHECK_RECIPIENT, STACK_MAPS } from '../paths';

/**
 * The names that every mail host must answer to (RFC 2142, RFC 5321 4.5.1) and those of the role. They come last:
 * /etc/mail/local-aliases overrules /etc/aliases, and both overrule these (R7).
 */
export const aliases: Component = () => ({
  files: [
    configFile(
      `${STACK_MAPS}/aliases`,
      lines(
        '# Written by the stack; /etc/mail/local-aliases and /etc/aliases overrule it.',
        'mailer-daemon: postmaster',
        'postmaster: root',
        'abuse: postmaster',
        'hostmaster: postmaster',
        'virusalert: postmaster',
        `${CHECK_RECIPIENT}: /dev/null`,
      ),
    ),
  ],
});
