import { setTimeout as pause } from 'node:timers/promises';
import { waitFor } from '../../lab/system';
import { seeded, shuffled } from '../support/random';
import { faults } from './accepted/faults';
import { Senders } from './accepted/senders';
import { MailHost } from './requirements/mail-host';

const count = Number(process.env.MAILSERVER_MAILS ?? 1000);
const seed = Number(process.env.MAILSERVER_MAIL_SEED ?? 1);
/** So many mails come with each round of all faults. */
const ROUND = 1000;

const volume = { id: 'vol-0abc', sizeGiB: 1, device: '/dev/sdf' };
const host = new MailHost({ stateVolume: { volumeId: volume.id } }, [volume]);

/** The least that an application can do: one line for each mail, which is on the disk before it says that it has it. */
const DELIVER = `#!/bin/sh
cat >/dev/null
echo "\${4%@*} $(date +%s)" | dd of="$HOME/inbox/ids" oflag=append conv=notrunc,fsync status=none`;

/** Mail is looked at by the filter on its way, but not weighed by SpamAssassin: that takes ten times as long as all the rest. */
const UNWEIGHED = "echo '@bypass_spam_checks_maps = (1); 1;' >/etc/amavis/conf.d/60-test; systemctl restart amavis";

jest.setTimeout(120_000 + count * 600);

beforeAll(async () => {
  await host.start();
  await host.installDeliver(`${DELIVER}\n`);
  await host.inside(UNWEIGHED);
  await host.startAll();
}, 900_000);
afterAll(() => host.stop());

/**
 * Each mail that a client heard was accepted arrives, and arrives once, but where nobody can know: RFC 5321 4.5.3.2.6 has a client
 * send again what it got no answer for, and a process that ends between a delivery and the note of it delivers again.
 */
test('all accepted mails arrive, and arrive once, whatever is killed meanwhile', async () => {
  process.stderr.write(`  ${count} mails, seed ${seed}\n`);
  const random = seeded(seed);
  const senders = new Senders(host, count, random);
  let running = true;
  const sent = senders.run().finally(() => {
    running = false;
  });
  /** Seconds since 1970, from and to. */
  const struck: [from: number, to: number][] = [];
  const now = () => Math.floor(Date.now() / 1000);

  const rounds = Math.ceil(count / ROUND);
  const planned = Array.from({ length: rounds }, () => shuffled(Object.keys(faults), random)).flat();
  for (const [index, name] of planned.entries()) {
    const due = ((index + 1) * count) / (planned.length + 1);
    while (running && senders.accepted.length < due) await pause(50);
    const from = now();
    process.stderr.write(`  ${senders.accepted.length} mails taken: ${name}\n`);
    await faults[name]?.strike(host);
    if (faults[name]?.ends) host.hangUp();
    struck.push([from, now()]);
  }
  await sent;
  await host.inside('systemctl is-system-running --wait >/dev/null || true');
  await host.startAll();
  await waitFor('an empty queue', async () => (await host.inside('postqueue -f; mailq')) === 'Mail queue is empty', {
    deadline: 240_000,
    interval: 1000,
  });

  const inbox = (await host.inside('cat /home/webapp/inbox/ids')).split('\n').map((line) => line.split(' '));
  const arrived = new Map<string, number[]>();
  const note = (id: string, time: number) => arrived.set(id, [...(arrived.get(id) ?? []), time]);
  for (const [id = '', time] of inbox) note(id, Number(time));
  for (const { said, at } of host.sink.mails)
    for (const line of said) if (/^RCPT TO:<mail-/.test(line)) note(line.slice('RCPT TO:<'.length).replace(/@.*/, ''), at);

  const unsure = senders.accepted.filter((mail) => mail.unsure > 0);
  const doubles = senders.accepted.filter(({ id }) => (arrived.get(id)?.length ?? 0) > 1);
  // What ended a delivery before it was noted, or took the note away, struck after the first arrival and before the next one.
  const explained = ({ id, unsure }: { id: string; unsure: number }) => {
    const [first = 0, next = 0] = [...(arrived.get(id) ?? [])].sort((left, right) => left - right);
    return unsure > 0 || struck.some(([from, to]) => first <= to + 5 && next >= from - 5);
  };
  process.stderr.write(
    `  ${senders.accepted.length} taken, ${planned.length} faults, ${unsure.length} without an answer at first, ${doubles.length} doubled\n`,
  );
  expect(senders.refused).toEqual([]);
  expect(senders.accepted).toHaveLength(count);
  expect(senders.accepted.filter(({ id }) => !arrived.has(id)).map(({ id }) => id)).toEqual([]);
  expect(doubles.filter((mail) => !explained(mail))).toEqual([]);
  // Of those that nobody could know of about half were taken the first time.
  expect(doubles.length).toBeLessThanOrEqual(unsure.length + 3);
  expect(await host.bounces()).toEqual([]);
});
