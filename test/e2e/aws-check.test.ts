import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { waitFor } from '../../lab/system';
import { AwsEmulator } from './support/aws-emulator';
import { WorldResolver } from './support/world-resolver';

const root = resolve(__dirname, '../..');
/** The emulator's account, as AWS shows the caller. */
const account = '123456789012';
const zone = 'checked.test';

let aws: AwsEmulator;
let world: WorldResolver;
let folder: string;
beforeAll(async () => {
  world = await WorldResolver.start(() => aws?.snapshots.at(-1));
  aws = await AwsEmulator.start({ timeFactor: 60, aws: { publicResolver: world.address } });
  await aws.zone(zone);
});
afterAll(async () => {
  await aws?.stop();
  world?.stop();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailserver-aws-check-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Starts the command as a person does. */
function start(...options: string[]) {
  const args = ['--import', 'tsx', 'scripts/aws-check/main.ts', '--folder', folder, ...options];
  const env = { ...process.env, ...aws.environment, MAILSERVER_LAB: 'test', MAILSERVER_RESOLVERS: world.address };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const started = { child, said: '', ended: once(child, 'close').then(([code]) => code as number | null) };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      started.said += piece;
    });
  }
  return started;
}

const check = (...options: string[]) => start('--zone', zone, '--no-deployment', '--account', account, ...options);

/** What the account has next to the zone. */
const left = async () => {
  const addresses = [...(await aws.ec2('DescribeAddresses')).text.matchAll(/<publicIp>([^<]*)/g)].map(([, address]) => address);
  const records =
    aws.snapshots
      .at(-1)
      ?.zones.flatMap(({ records }) => records)
      .filter(({ type }) => type === 'A') ?? [];
  return [...addresses, ...records.map(({ name }) => name)];
};

test('everything that needs no instance is asked and told, and nothing is left', async () => {
  const { ended, said } = await finished(check());
  expect({ code: await ended, said }).toEqual({ code: 0, said: expect.stringContaining('nothing is left') });
  expect(said).toContain(`Account ${account}`);
  expect(await left()).toEqual([]);
  const [run = ''] = await readdir(folder);
  const report = await readFile(join(folder, run, 'report.md'), 'utf8');
  for (const question of [
    /\| a name whose A record is missing \| PENDING → FAILED: .* \| ✔ \|/,
    /\| a name without final dot \| PENDING → PtrRecord \S+, decided after \S+ s \| ✔ \|/,
    /\| the name with final dot is reset \| \S+ s \| ✔ \|/,
    /release the address after its name with final dot was reset \| \S+ s.*\| ✔ \|/,
    /remembers the missing name \| \S+ s \| ✔ \|/,
    /- outcome: everything as expected/,
  ]) {
    expect(report).toMatch(question);
  }
});

test('Ctrl-C ends a run, and everything is taken away', async () => {
  const run = check();
  await waitFor('an address', async () => (await left()).length > 0, { deadline: 60_000 });
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(130);
  expect(run.said).toContain('nothing is left');
  expect(await left()).toEqual([]);
});

test('what a killed run leaves is in the way of the next one until it is taken away', async () => {
  const run = check();
  await waitFor('an address', async () => (await left()).length > 0, { deadline: 60_000 });
  run.child.kill('SIGKILL');
  await run.ended;
  const next = await finished(check());
  expect({ code: await next.ended, said: next.said }).toEqual({
    code: 2,
    said: expect.stringMatching(/an earlier run was not finished \(.*\): take away what it left with --clean-up first/),
  });
  const clean = await finished(start('--clean-up'));
  expect({ code: await clean.ended, said: clean.said }).toEqual({
    code: 0,
    said: expect.stringContaining('take away the Elastic IP'),
  });
  expect(await left()).toEqual([]);
});

test.each([
  [
    'another account is meant',
    ['--zone', zone, '--no-deployment', '--account', '210987654321'],
    'nothing was made: that is not the id of the account',
  ],
  ['nobody can be asked', ['--zone', zone, '--no-deployment'], 'there is no terminal to ask at'],
  ['the zone is missing', ['--account', account], '--zone is missing'],
  ['the network is missing', ['--zone', zone, '--account', account], '--admin-cidr is missing'],
])('nothing is made when %s', async (_title, options, problem) => {
  const { ended, said } = await finished(start(...options));
  expect({ code: await ended, said }).toEqual({ code: 2, said: expect.stringContaining(problem) });
  expect(await left()).toEqual([]);
});

async function finished(run: ReturnType<typeof start>) {
  await run.ended;
  return run;
}
