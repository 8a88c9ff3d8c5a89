import { type Component, lines, SERVICE_GROUP } from '../component';

const PATH = '/etc/sudoers.d/mailserver';

/** What service users may do as root, and nothing more (R36 to R39). The last three are ours: the two for passwords are wrappers that refuse other files. */
const COMMANDS: readonly string[] = [
  '/etc/init.d/postfix reload',
  '/etc/init.d/postfix restart',
  '/etc/init.d/postgrey restart',
  '/usr/local/sbin/mailserver-logins',
  '/usr/local/sbin/saslpasswd2',
  '/usr/local/sbin/sasldblistusers2',
];

export const sudo: Component = () => ({
  packages: ['sudo'],
  files: [
    {
      path: PATH,
      owner: 'root',
      group: 'root',
      mode: '0440',
      content: lines('# Written by the stack.', `%${SERVICE_GROUP} ALL=(root) NOPASSWD: ${COMMANDS.join(', ')}`),
    },
  ],
  validators: [{ name: 'sudoers', command: `visudo -c -q -f "$CANDIDATE${PATH}"` }],
});
