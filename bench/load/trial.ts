import { waitFor } from '../../lab/system';
import deliveredScript from './delivered.sh';
import { clients, type HostSpec, type LoadLab } from './load-lab';
import type { Sending } from './mails';
import { Meter, type Usage } from './meter';
import sendScript from './send.sh';

/** One load on one host. */
export interface Trial {
  readonly mails: number;
  /** Seconds from the first mail's begin to the last one's delivery. */
  readonly seconds: number;
  /** Seconds from when each mail was due, or when a client took it up, until it lay in its mailbox; sorted. */
  readonly latencies: readonly number[];
  readonly usage: Usage;
}

/** Connections at once, the next as soon as one ends: as many as the role gives two clients on two cores. */
export const LANES = 16;

/** Seconds without any delivery after which mail counts as lost. */
const PATIENCE = 90;

/**
 * Sends the mails and waits until each is in its mailbox.
 * @throws when a mail is missing or there twice, or the queue is not empty afterwards.
 */
export async function trial(load: LoadLab, host: HostSpec, mails: readonly Sending[], pacedFrom?: 'due'): Promise<Trial> {
  await load.inside(host.name, 'rm -rf /home/*/Maildir');
  const table = mails.map(({ id, body, from, to, after }) => `${id} ${body} ${from} ${to} ${after}\n`).join('');
  const meter = new Meter(await load.cgroupOf(host.name));
  let usage: Usage;
  let sent: ReadonlyMap<string, number>;
  try {
    const ways = host.addresses.map((address, index) => `${address}=${clients[index]?.name.replace(/\.$/, '')}`);
    sent = times(await load.inside('sender', sendScript, [String(LANES), ...ways], table));
    await allDelivered(load, host, mails.length);
  } finally {
    usage = meter.stop();
  }
  const delivered = times(await load.inside(host.name, deliveredScript));
  const missing = mails.filter(({ id }) => !delivered.has(id));
  if (missing.length > 0 || delivered.size !== mails.length)
    throw new Error(`${host.name}: ${delivered.size} mails of ${mails.length} arrived, e.g. without ${missing[0]?.id}`);
  await waitFor(`empty queue of ${host.name}`, async () => (await load.inside(host.name, 'postqueue -j')) === '', {
    deadline: 10_000,
    interval: 200,
  });
  const begin = Math.min(...sent.values());
  const latencies = mails.map(
    ({ id, after }) => (delivered.get(id) ?? 0) - (pacedFrom === 'due' ? begin + after : (sent.get(id) ?? 0)),
  );
  return {
    mails: mails.length,
    seconds: Math.max(...delivered.values()) - begin,
    latencies: latencies.sort((a, b) => a - b),
    usage,
  };
}

/** Until there are so many mails; the trial fails by what is missing then. */
async function allDelivered(load: LoadLab, host: HostSpec, count: number): Promise<void> {
  let last = { found: 0, at: performance.now() };
  await waitFor(
    `delivery on ${host.name}`,
    async () => {
      const found = Number(await load.inside(host.name, 'find /home/*/Maildir/new -type f | wc -l'));
      if (found > last.found) last = { found, at: performance.now() };
      return found >= count || performance.now() - last.at > PATIENCE * 1000;
    },
    { deadline: 600_000, interval: 250 },
  );
}

/** Lines of an id and seconds. */
function times(text: string): Map<string, number> {
  const lines = text.split('\n').filter(Boolean);
  const found = new Map(lines.map((line) => line.split(' ')).map(([id = '', seconds]) => [id, Number(seconds)]));
  if (found.size !== lines.length) throw new Error(`${lines.length - found.size} mails are there twice`);
  return found;
}
