import { applyRole } from './apply-role';
import type { HostSpec, LoadLab } from './load-lab';
import { mailboxes, sampleMails, senderDomains, sendings } from './mails';
import stockScript from './stock.sh';
import { trial } from './trial';

export const stock: HostSpec = { name: 'stock', hostName: 'mail.stock.test', addresses: ['198.51.100.80', '198.51.100.81'] };
export const ours: HostSpec = { name: 'ours', hostName: 'mail.ours.test', addresses: ['198.51.100.90', '198.51.100.91'] };
export const hosts = [stock, ours];

/** The role with nothing but its defaults, except what a lab without internet needs. */
function ourSettings(hostName: string): object {
  return {
    heloName: hostName,
    antivirus: true,
    clamavTestSignatureOnly: true,
    // As on the other host: senders are made known before anything is measured.
    greylistDelaySeconds: 1,
    mainCf: { home_mailbox: 'Maildir/' },
    // Of addresses for documentation, which the lab's are.
    spam: { scores: { RCVD_ILLEGAL_IP: 0 } },
  };
}

/** Boots both hosts, installs them side by side, gives them mailboxes and the senders their mails. */
export async function setUp(load: LoadLab): Promise<void> {
  await load.boot(hosts);
  const first = { address: ours.addresses[0] as string, privateKeyPath: load.privateKeyPath };
  await Promise.all([
    load.inside(stock.name, stockScript, [stock.hostName]),
    applyRole(load.lab, { ...first, settings: ourSettings(ours.hostName) }),
  ]);
  const users = mailboxes.map((name) => `useradd --create-home ${name}`).join('\n');
  for (const { name } of hosts) await load.inside(name, users);
  await load.inside('sender', 'rm -rf /root/load; mkdir /root/load');
  for (const { name, text } of sampleMails()) await load.inside('sender', `cat >/root/load/${name}`, [], text);
}

/** Every sender is known to everybody's greylist, every filter has seen a mail. */
export async function warmUp(load: LoadLab): Promise<void> {
  const known = senderDomains.length * mailboxes.length * 2;
  for (const host of hosts) await trial(load, host, sendings(`warm-up.${host.name}`, known, host.hostName));
}
