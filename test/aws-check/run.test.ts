import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanUp } from '../../scripts/aws-check/clean-up';
import { Journal } from '../../scripts/aws-check/journal';
import { Report } from '../../scripts/aws-check/report';
import { OUTCOME, runCheck } from '../../scripts/aws-check/run';
import { FakeWorld, type Fault, zoneName } from './support/fake-world';
import { VirtualClock } from './support/virtual-clock';

/** Hundreds of runs, with their files. */
jest.setTimeout(60_000);

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'mailserver-aws-check-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const deployment = { adminCidr: '198.51.100.1/32', sshPublicKeyFile: 'id.pub', sshPrivateKeyFile: 'id' };

/** One run in a world with a fault. */
async function run(fault?: Fault) {
  const clock = new VirtualClock();
  const interrupted = new AbortController();
  const world = new FakeWorld(clock, fault, () => interrupted.abort(new Error('interrupted')));
  const folder = join(parent, `run-${fault?.call ?? 0}-${fault?.how ?? 'fine'}`);
  const journal = Journal.begin(folder);
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const report = new Report(folder, { zone: zoneName }, say);
  const context = {
    run: 'aws-check-1',
    zoneName,
    journal,
    report,
    say,
    clock,
    dns: world.dns,
    aws: world.aws,
    signal: interrupted.signal,
  };
  const died = new Promise<undefined>((resolve) => {
    const watch = setInterval(() => {
      if (!world.isDead) return;
      clearInterval(watch);
      resolve(undefined);
    }, 1);
    watch.unref();
  });
  const code = await Promise.race([runCheck(context, world.stacks, { deployment }), died]);
  return { code, world, folder, lines, clock, report: () => readFileSync(report.file, 'utf8') };
}

test('a run asks everything, leaves nothing, and tells each answer in its report', async () => {
  const { code, world, folder, report, clock } = await run();
  expect(code).toBe(OUTCOME.fine);
  expect(world.left).toEqual([]);
  expect(Journal.unfinished(parent)).toEqual([]);
  const text = report();
  expect(text).toContain('| a name whose A record is missing | refused at once: InvalidParameterValue: no forward record | ✔ |');
  expect(text).toMatch(/\| 198\.51\.100\.53 remembers the missing name \| (8[5-9]\d|900) s \| ✔ \|/);
  expect(text).toMatch(/\| a name without final dot \| PENDING → PtrRecord \S+, decided after 12\d s \| ✔ \|/);
  expect(text).toMatch(
    /release the address after its name with final dot was reset \| 2\d\d s, until then InvalidAddress\.PtrSet \| ✔ \|/,
  );
  expect(text).toContain('- outcome: everything as expected');
  expect(world.applied).toEqual([
    `mail.aws-check-1.${zoneName}`,
    `mx.aws-check-1.${zoneName}`,
    `mx.aws-check-1.${zoneName} -replace=aws_instance.host_B2EE9C8F`,
  ]);
  expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')).facts.length).toBeGreaterThan(15);
  // Waiting for the resolvers goes on next to the reverse names.
  expect(clock.now() / 1000).toBeLessThan(1500);
});

/** Every call of a run without faults, its clean-up included. */
const callsOfARun = async () => (await run()).world.calls;

test.each(['not sent', 'answer lost', 'interrupted'] as const)(
  'a run leaves nothing, whichever of its calls is %s',
  async (how) => {
    const calls = await callsOfARun();
    for (let call = 1; call <= calls; call++) {
      const { code, world, folder, lines } = await run({ call, how });
      if (Journal.unfinished(parent).includes(folder)) {
        // The clean-up itself was hit: it says so, and the next one does the rest.
        expect({ call, lines }).toEqual({
          call,
          lines: expect.arrayContaining([expect.stringContaining(`--clean-up ${folder}`)]),
        });
        expect(await cleanEarlier(folder, world)).toEqual([]);
      }
      expect({ call, left: world.left }).toEqual({ call, left: [] });
      if (how === 'interrupted') expect({ call, code }).toEqual({ call, code: OUTCOME.interrupted });
    }
  },
);

test('what a run leaves that died at any of its calls is found by the next clean-up', async () => {
  const calls = await callsOfARun();
  for (let call = 1; call <= calls; call++) {
    const { world, folder } = await run({ call, how: 'died' });
    if (!Journal.unfinished(parent).includes(folder)) continue;
    const account = revived(world);
    expect({ call, left: await cleanEarlier(folder, account) }).toEqual({ call, left: [] });
    expect({ call, left: account.left }).toEqual({ call, left: [] });
  }
});

test('nothing is made in a zone that the world does not ask', async () => {
  const clock = new VirtualClock();
  const world = new FakeWorld(clock);
  const elsewhere = {
    ...world.dns,
    ask: async () => ({ outcome: 'answer' as const, values: ['ns.elsewhere.example.'], records: [] }),
  };
  const journal = Journal.begin(join(parent, 'run'));
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const report = new Report(journal.folder, {}, say);
  const { signal } = new AbortController();
  const context = { run: 'r', zoneName, journal, report, say, clock, dns: elsewhere, aws: world.aws, signal };
  expect(await runCheck(context, world.stacks, {})).toBe(OUTCOME.failed);
  expect(lines.join('\n')).toMatch(
    /'mail\.example' is not delegated to its zone in Route 53: .*ns\.elsewhere\.example.*ns-1\.example\.net/,
  );
  expect(world.left).toEqual([]);
  expect(journal.left).toEqual([]);
});

async function cleanEarlier(folder: string, { aws, stacks, clock }: FakeWorld) {
  return cleanUp({ aws, stacks, clock, journal: Journal.resume(folder), say: () => undefined });
}

/** The account after the process that worked on it is gone. */
function revived(world: FakeWorld): FakeWorld {
  const clock = new VirtualClock();
  const account = new FakeWorld(clock);
  for (const [name, record] of world.records) account.records.set(name, record);
  for (const [id, { address, run: owner, name }] of world.addresses)
    account.addresses.set(id, { address, run: owner, name, heldUntil: 0 });
  account.deployed = world.deployed;
  return account;
}
