import { execIn } from '../machines';
import { receiver, strictReceiver } from '../model/world-addresses';
import { type Lab, waitFor } from '../system';
import heloPolicy from './helo_policy.py';
import { type ReceivedMail, type Refusal, readReceived, readRefusals } from './received';
import setUp from './receiver.sh';

const withoutDot = (name: string) => name.replace(/\.$/, '');

/** Makes the machine `receiver` two mail servers: one that takes every mail to its domain, and one with the rules of the big ones. */
export async function startReceiver(lab: Lab): Promise<void> {
  const { domain, ipv6Only, ipv4, ipv6, name } = strictReceiver;
  const open = [withoutDot(receiver.name), receiver.ipv4, receiver.domain];
  const strict = [withoutDot(name), [domain, ipv6Only.domain].join(), ipv4, ipv6];
  await execIn(lab, 'receiver', ['bash', '-c', setUp, 'receiver', ...open, ...strict], { input: heloPolicy, timeout: 60_000 });
}

/** Every mail that has arrived so far, the oldest first. */
export async function receivedMails(lab: Lab): Promise<ReceivedMail[]> {
  const list = 'cd /var/mail/world/new 2>/dev/null || exit 0; for mail in $(ls -tr); do base64 -w0 "$mail"; echo; done';
  const { stdout } = await execIn(lab, 'receiver', ['bash', '-c', list], { timeout: 30_000 });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => readReceived(Buffer.from(line, 'base64').toString('utf8')));
}

/** The mail that is meant, once it is there: a server that took one delivers it a moment later. */
export function arrivedMail(lab: Lab, is: (mail: ReceivedMail) => boolean): Promise<ReceivedMail> {
  return waitFor('the mail at the receiving server', async () => (await receivedMails(lab)).find(is), {
    deadline: 60_000,
    interval: 100,
  });
}

/** Every mail that was refused so far, the oldest first. */
export async function refusedMails(lab: Lab): Promise<Refusal[]> {
  const { stdout } = await execIn(lab, 'receiver', ['journalctl', '-t', 'postfix/smtpd', '-o', 'cat', '--no-pager'], {
    timeout: 30_000,
  });
  return readRefusals(stdout);
}
