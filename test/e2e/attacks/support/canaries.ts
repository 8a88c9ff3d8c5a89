import { randomBytes } from 'node:crypto';

/** Something that only its owner may know. */
export interface Secret {
  /** What it is, in the words of a failed test. */
  readonly name: string;
  /** Who may know it; root may know everything. */
  readonly owner: string;
  /** Text that is in the secret and nowhere else: who shows it has read the secret. */
  readonly token: string;
}

const token = (name: string) => `canary-${name}-${randomBytes(9).toString('hex')}`;
const tokens = {
  root: token('root'),
  shadow: token('shadow'),
  other: token('other'),
  mail: token('mail'),
  login: token('login'),
};

/** What the host holds from the start, once {@link PLACING} has run. */
export const secrets: readonly Secret[] = [
  { name: '/root/canary (root, 0600)', owner: 'root', token: tokens.root },
  { name: '/etc/shadow', owner: 'root', token: tokens.shadow },
  { name: '/home/other/canary (other, 0600)', owner: 'other', token: tokens.other },
  { name: "a mail in other's inbox", owner: 'other', token: tokens.mail },
  { name: "the submission password of other's application", owner: 'other', token: tokens.login },
];

/** A login for submission of other's application. */
export const victim = { user: 'other-app', password: tokens.login } as const;

/** Puts a mail with other's secret into a text. */
export const privateText = `For other's eyes: ${tokens.mail}`;

/** As root: makes the secrets of the file system, and the users that have no service. `admin` is EC2's: sudo without a password. */
export const PLACING = `
useradd -m -s /bin/bash plain
useradd -m -s /bin/bash admin; echo 'admin ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/90-admin; chmod 440 /etc/sudoers.d/90-admin
useradd -M -s /usr/sbin/nologin canary; usermod -p '${tokens.shadow}' canary
umask 077
echo ${tokens.root} >/root/canary
echo ${tokens.other} >/home/other/canary; chown other: /home/other/canary
chmod 711 /home/other`;

/** Files that hold a secret of the host's own making: a line of each is one more token. */
export const KEYS = ['/etc/ssh/ssh_host_ed25519_key', '/var/lib/mailserver/tls/self-signed.pem'] as const;

/** Folders in which whoever runs {@link PROGRAM} leaves a trace; a service may be kept from some of them. */
export const TRACES = ['/var/tmp', '/tmp', '/dev/shm', '/run', '/var/spool/postfix'] as const;

/** An attacker's program. It leaves files `ran-USER-PID`, which belong to whoever it runs as. */
export const PROGRAM = `#!/bin/sh
for folder in ${TRACES.join(' ')} "$(dirname "$0")"; do
  id >"$folder/ran-$(id -un)-$$"
done 2>/dev/null
exit 0
`;

/** A text as it stands, and as it looks inside base64, where it may begin at any of three places. */
export function spellingsOf(text: string): readonly string[] {
  const inside = [0, 1, 2].map((skipped) => {
    const encoded = Buffer.from('\0'.repeat(skipped) + text)
      .toString('base64')
      .replace(/=+$/, '');
    // The first and the last characters hold bits of what stands around it.
    return encoded.slice(skipped === 0 ? 0 : 4, -4);
  });
  return [text, ...inside];
}
