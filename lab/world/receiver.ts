import { execIn } from '../machines';
import type { Lab } from '../system';
import { receiver } from './addresses';
import { type ReceivedMail, readReceived } from './received';
import setUp from './receiver.sh';

/** Makes the machine `receiver` a mail server that takes every mail to its domain. */
export async function startReceiver(lab: Lab): Promise<void> {
  await execIn(lab, 'receiver', ['bash', '-c', setUp, 'receiver', receiver.name.replace(/\.$/, ''), receiver.domain], {
    timeout: 60_000,
  });
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
