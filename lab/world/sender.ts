import { isIPv6 } from 'node:net';
import { execIn } from '../machines';
import { senders } from '../model/world-addresses';
import type { Lab } from '../system';
import { type Attempt, readTranscript } from './swaks';

export interface Mail {
  /** Which of the sender's addresses the connection comes from. Default: clean. */
  readonly from?: keyof typeof senders;
  /** HELO name. Default: that address's own name. */
  readonly helo?: string;
  /** Name or address of the server. */
  readonly server: string;
  /** Default: 25. */
  readonly port?: number;
  /** Envelope sender. Default: alice@sender.test. */
  readonly mailFrom?: string;
  readonly to: string;
  readonly subject?: string;
  /** Default: one plain sentence. */
  readonly body?: string;
  readonly attachment?: { readonly name: string; readonly content: string };
  /** STARTTLS is required. Default: false. */
  readonly tls?: boolean;
  readonly login?: { readonly user: string; readonly password: string; readonly mechanism?: string };
}

/** Spam to every filter that knows GTUBE. Made at run time, so that this file itself is not taken for one. */
export const gtube = ['XJS*C4JDBQADN1.NSBN3*2IDNEN', 'GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL', 'C.34X'].join('*');

/** A virus to every scanner: the EICAR test file, made at run time as well. */
export const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', 'STANDARD', 'ANTIVIRUS', 'TEST', 'FILE!$H+H*'].join('-');

/** Hands a mail to a server from the outside, as swaks does it; never throws for a server's refusal. */
export async function sendMail(lab: Lab, mail: Mail): Promise<Attempt> {
  const source = senders[mail.from ?? 'clean'];
  const options = {
    '--server': mail.server,
    '--port': String(mail.port ?? 25),
    '--local-interface': localAddress(mail),
    '--helo': mail.helo ?? source.name.replace(/\.$/, ''),
    '--from': mail.mailFrom ?? 'alice@sender.test',
    '--to': mail.to,
    '--timeout': '60',
    ...(mail.login && { '--auth': mail.login.mechanism ?? 'PLAIN', '--auth-user': mail.login.user }),
  };
  const flags = [
    ...(isIPv6(mail.server) ? ['-6'] : []),
    ...(mail.tls ? ['--tls'] : []),
    ...(mail.login ? ['--auth-hide-password'] : []),
  ];
  // The password and the mail go through standard input: arguments can be read by everybody.
  const script =
    'read -r SWAKS_OPT_auth_password; [ -z "$SWAKS_OPT_auth_password" ] || export SWAKS_OPT_auth_password; exec swaks --data - "$@" 2>&1';
  const { stdout } = await execIn(lab, 'sender', ['bash', '-c', script, 'swaks', ...Object.entries(options).flat(), ...flags], {
    input: `${mail.login?.password ?? ''}\n${message(mail)}`,
    accept: Array.from({ length: 64 }, (_, code) => code),
    timeout: 120_000,
  });
  return readTranscript(stdout);
}

/**
 * The address that the connection comes from, of the family of the server's.
 * @throws when the sender has no such address.
 */
function localAddress({ from = 'clean', server }: Mail): string {
  const source = senders[from];
  if (!isIPv6(server)) return source.ipv4;
  if ('ipv6' in source) return source.ipv6;
  throw new Error(`the sender "${from}" has no IPv6 address, and ${server} is one`);
}

function message(mail: Mail): string {
  const head = [
    `From: <${mail.mailFrom ?? 'alice@sender.test'}>`,
    `To: <${mail.to}>`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${process.pid}.${Date.now()}.${Math.floor(Math.random() * 1e9)}@sender.test>`,
    `Subject: ${mail.subject ?? 'A word from outside'}`,
    'MIME-Version: 1.0',
  ];
  const body = mail.body ?? 'Good day, this is an ordinary mail about nothing in particular.';
  if (!mail.attachment) return [...head, 'Content-Type: text/plain; charset=us-ascii', '', body, ''].join('\n');
  const boundary = 'part-of-a-mail-of-the-lab';
  return [
    ...head,
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=us-ascii',
    '',
    body,
    `--${boundary}`,
    'Content-Type: application/octet-stream',
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename="${mail.attachment.name}"`,
    '',
    Buffer.from(mail.attachment.content).toString('base64'),
    `--${boundary}--`,
    '',
  ].join('\n');
}
