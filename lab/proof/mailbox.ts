import { randomBytes } from 'node:crypto';
import { execIn } from '../machines';
import { type Lab, waitFor } from '../system';
import deliver from './deliver.sh';
import type { Subject } from './subject';

/** Installs `bin/deliver` as the service user itself would, and forgets what came before. */
export async function installDeliver(lab: Lab, subject: Subject): Promise<void> {
  const script = 'mkdir -p ~/bin && cat >~/bin/deliver.new && chmod 0755 ~/bin/deliver.new && mv ~/bin/deliver.new ~/bin/deliver';
  await execIn(lab, subject.machine, ['runuser', '-l', subject.serviceUser, '-c', script], { input: deliver, timeout: 30_000 });
}

/** Mails that `bin/deliver` was given, whole. */
export async function deliveredMails(lab: Lab, subject: Subject): Promise<string[]> {
  const list = 'for mail in ~/inbox/*.mail; do [ ! -e "$mail" ] || { base64 -w0 "$mail"; echo; }; done';
  const { stdout } = await execIn(lab, subject.machine, ['runuser', '-l', subject.serviceUser, '-c', list], { timeout: 30_000 });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => Buffer.from(line, 'base64').toString('utf8'));
}

/** Waits until a mail with this subject has been delivered. */
export function waitForDelivery(lab: Lab, subject: Subject, title: string, deadline: number): Promise<string> {
  return waitFor(
    `a mail "${title}" for ${subject.serviceUser}`,
    async () => (await deliveredMails(lab, subject)).find((mail) => mail.includes(`\nSubject: ${title}`)),
    { deadline, interval: 250 },
  );
}

/** Gives the service user a new password for submission, with the command that service users have for it. */
export async function setPassword(lab: Lab, subject: Subject): Promise<{ user: string; password: string }> {
  // No character that a command takes for an option.
  const password = randomBytes(18).toString('hex');
  const command = `sudo -n saslpasswd2 -p -c ${subject.serviceUser}`;
  await execIn(lab, subject.machine, ['runuser', '-l', subject.serviceUser, '-c', command], { input: password, timeout: 30_000 });
  return { user: subject.serviceUser, password };
}

/** Number of mails in the queue of the mail host. */
export async function queueLength(lab: Lab, subject: Subject): Promise<number> {
  const { stdout } = await execIn(lab, subject.machine, ['postqueue', '-j'], { timeout: 30_000 });
  return stdout.split('\n').filter(Boolean).length;
}
