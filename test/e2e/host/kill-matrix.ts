import { setTimeout as pause } from 'node:timers/promises';
import { waitFor } from '../../../lab/system';
import { awaitTransaction } from '../../../lib/host/await-transaction';
import { isEmpty } from '../../../lib/host/diff';
import { HostError, type HostErrorKind } from '../../../lib/host/host-error';
import { seeded, shuffled } from '../../support/random';
import { type SampleHost, versionLines } from './sample-host';

/** What an apply says when it gets there. */
const moments = [
  'validate: nsd-checkconf',
  'file: replace /etc/nsd/nsd.conf',
  'build: /etc/sample/all',
  'service: restart nsd',
  'probe: nsd',
  'roll back:',
] as const;

/** What happens at that moment. `bad` changes are rolled back by a probe that fails. */
const blows = {
  'the SSH session is killed': (the: SampleHost) =>
    the.machine.inside('for pid in $(pgrep -f "[s]shd-session: admin@notty"); do kill -9 $pid; done'),
  'Terraform and its provider die': async (the: SampleHost) => the.machine.forwarded.cut(),
  'the network is gone for a second': async (the: SampleHost) => {
    the.machine.forwarded.cut();
    await pause(1000);
    the.machine.forwarded.restore();
  },
  'the network is silent for three seconds': async (the: SampleHost) => {
    the.machine.forwarded.silence();
    await pause(3000);
    the.machine.forwarded.restore();
  },
  'the apply is killed': (the: SampleHost) =>
    the.machine.inside('kill -9 $(systemctl show -p MainPID --value mailserver-apply) 2>/dev/null || true'),
  'the apply is killed with all that it started': (the: SampleHost) =>
    the.machine.inside('systemctl kill -s KILL --kill-whom=all mailserver-apply 2>/dev/null || true'),
  'the apply is killed, and the rollback three times': (the: SampleHost) =>
    the.machine.inside(`systemctl kill -s KILL --kill-whom=all mailserver-apply 2>/dev/null || true
      for time in 1 2 3; do
        tries=40
        until systemctl kill -s KILL --kill-whom=all mailserver-rollback 2>/dev/null || [ $((tries -= 1)) -eq 0 ]; do sleep 0.05; done
      done`),
  'the power goes': async (the: SampleHost) => {
    await the.machine.cutPower();
    await the.machine.bootAgain();
  },
} as const;
type Blow = keyof typeof blows;

/** How long the host waits to be confirmed. Seconds. */
const confirmationSeconds = 3;

/** What may be the end of an apply whose change did not stay. */
const takenBack: readonly HostErrorKind[] = ['rolledBack', 'refused', 'failed', 'connectionLost', 'aborted'];

interface Case {
  readonly moment: (typeof moments)[number];
  readonly blow: Blow;
  /** Whether the change would stay without the blow. */
  readonly good: boolean;
  /** Milliseconds after the moment. */
  readonly delay: number;
}

/** Every pair of moment and blow comes once before one comes again. */
export function casesOf(seed: number, count: number): readonly Case[] {
  const next = seeded(seed);
  const pairs = moments.flatMap((moment) => (Object.keys(blows) as Blow[]).map((blow) => ({ moment, blow })));
  const cases: Case[] = [];
  while (cases.length < count) {
    const order = shuffled(pairs, next);
    cases.push(...order.map((pair) => ({ ...pair, good: pair.moment !== 'roll back:', delay: Math.floor(next() * 300) })));
  }
  return cases.slice(0, count);
}

/**
 * An apply that is hit ends in the old or in the new state, and says which. `MAILSERVER_KILLS` and `MAILSERVER_KILL_SEED` choose how
 * many and which.
 */
export function killMatrix(the: SampleHost): void {
  const seed = Number(process.env.MAILSERVER_KILL_SEED ?? 1);
  const cases = casesOf(seed, Number(process.env.MAILSERVER_KILLS ?? 5));

  describe(`an apply that is hit (seed ${seed})`, () => {
    beforeEach(() => the.push(the.current()));

    test.each(cases.map((item, number) => [number + 1, item.blow, item.delay, item.moment, item] as const))(
      '%d: %s %d ms after "%s": ends old or new, says which, and leaves nothing behind',
      async (_number, _blow, _delay, _moment, item) => {
        const old = the.version;
        const desired = the.next(item.good ? {} : { probe: 'exit 1', probeSeconds: 1 });
        const next = the.version;
        let hit: Promise<unknown> | undefined;
        const strike = async () => {
          await pause(item.delay);
          await blows[item.blow](the);
        };
        const onLine = (line: string) => {
          if (line.includes(item.moment)) hit ??= strike();
        };
        const end = await the.push(desired, { onLine, confirmationSeconds }).then(
          () => 'done' as const,
          (thrown: unknown) => thrown as HostError,
        );
        expect(hit).toBeDefined();
        await hit;
        the.machine.forwarded.restore();
        if (end !== 'done') expect(end).toBeInstanceOf(HostError);

        await expectTruth(the, old, next, end);
      },
    );
  });
}

const state = '/var/lib/mailserver';

/**
 * The host is in one of two versions, as the end of the apply says, and the next apply goes on from there.
 * @param end What the apply ended with.
 */
export async function expectTruth(the: SampleHost, old: number, next: number, end: 'done' | HostError): Promise<void> {
  const connection = await the.machine.connect();
  const { state } = await awaitTransaction(connection, { seconds: 90 });
  await connection.close();
  expect(state).toBe('over');
  const live = await the.liveVersion();
  expect([versionLines(old), versionLines(next)]).toContain(live);
  const stayed = live === versionLines(next);
  if (end === 'done') expect(stayed).toBe(true);
  else if (!stayed) expect(takenBack).toContain(end.kind);
  // Of what stayed after all, nobody may have said that it was put back.
  else expect(end.kind).toBe('connectionLost');
  await expectNothingLeft(the);

  the.version = next;
  await the.push(the.current());
  expect(isEmpty((await the.machine.look(the.current())).changes)).toBe(true);
  expect(await the.liveVersion()).toBe(versionLines(next));
}

async function expectNothingLeft(the: SampleHost): Promise<void> {
  await waitFor(
    'the units to be at rest',
    async () => (await the.machine.inside('systemctl is-system-running --wait || true')) !== '',
    {
      deadline: 30_000,
    },
  );
  expect(await the.machine.inside('systemctl is-active nsd ticker; systemctl --failed --no-legend --plain')).toBe(
    'active\nactive',
  );
  // What was cut off while it was sent is taken away when the host hears of that.
  const leftovers = () =>
    the.machine.inside(`
    find /etc -name '.*mailserver-*'
    ls -d ${state}/incoming.* ${state}/*.new ${state}/transaction/armed ${state}/transaction/committing ${state}/transaction/secrets \
      ${state}/transaction/reserve /usr/sbin/policy-rc.d /usr/sbin/policy-rc.d.mailserver-saved 2>/dev/null || true`);
  await waitFor('the leftovers to go', async () => (await leftovers()) === '', { deadline: 10_000, interval: 250 }).catch(
    async () => expect(await leftovers()).toBe(''),
  );
}
