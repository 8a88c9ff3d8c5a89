import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  awsCall,
  control,
  down,
  type Lab,
  type Prepared,
  prepare,
  publicResolvers,
  startLab,
  terraformPlan,
  withRegistrar,
} from '../../lab';
import { type ChangedAws, calledActions, type RecordedCall, recordedCalls } from '../../lab/aws';
import { forbidden, silent, whileObserved } from './support/chain-observer';
import { chainIn } from './support/chain-rows';
import { cdktf, type Ended, terraform } from './support/commands';
import { reportSteps, testLab } from './support/lab';
import { sampled } from './support/sampled';

/** A quarter of an hour takes ten seconds. */
const timeFactor = 90;
const program = resolve(__dirname, 'program');
let lab: Lab;
let prepared: Prepared;

beforeAll(async () => {
  lab = testLab('chain');
  await startLab(lab, reportSteps, { timeFactor, instancePackages: 'of the role' });
  await control(lab, 'port25', { open: true });
});

afterAll(() => down(lab, reportSteps));

const variables: Record<string, string> = {};
afterEach(() => {
  for (const name of Object.keys(variables)) delete variables[name];
});

/** Synthesises with more variables; those of earlier calls within a test stay. */
async function synth(more: Readonly<Record<string, string>> = {}): Promise<void> {
  Object.assign(variables, more);
  Object.assign(process.env, variables);
  try {
    prepared = await prepare(lab, { app: program }, () => undefined);
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
}

const aws = (conditions: ChangedAws = {}) => control(lab, 'disturb', { aws: conditions });
const minutes = (count: number): ChangedAws => ({ reverseNames: { seconds: count * 60 } });

const calls = () => recordedCalls(join(lab.stateDir, 'aws'));

/** What is called while `work` is done. */
async function whileRecorded<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly calls: readonly RecordedCall[] }> {
  const before = (await calls()).length;
  const result = await work();
  return { result, calls: (await calls()).slice(before).filter(({ agent }) => agent !== 'mailserver-lab') };
}

const policy = JSON.parse(readFileSync(resolve(__dirname, '../../docs/iam-policy.json'), 'utf8')) as {
  readonly Statement: readonly { readonly Action: readonly string[] }[];
};
const allowed = policy.Statement.flatMap(({ Action }) => Action);
const outsideOfThePolicy = (some: readonly RecordedCall[]) => calledActions(some).filter((action) => !allowed.includes(action));

/** A zone that somebody has made by hand, as Route 53 makes one for a domain that is registered there. */
async function handMadeZone(name: string): Promise<{ readonly id: string; readonly servers: readonly string[] }> {
  const fields = `<Name>${name}</Name><CallerReference>${name} ${Math.random()}</CallerReference>`;
  const body = `<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/">${fields}</CreateHostedZoneRequest>`;
  const answer = await awsCall(lab, 'route53', '/2013-04-01/hostedzone', body);
  const servers = [...answer.matchAll(/<NameServer>([^<]*)/g)].flatMap(([, server]) => server ?? []);
  return { id: /<Id>\/hostedzone\/([^<]*)/.exec(answer)?.[1] ?? '', servers };
}

const delegate = (zone: string, to?: readonly string[]) => control(lab, 'delegate', { zone, to });

/** What costs money, and every zone. */
async function account() {
  const { snapshot } = await control(lab, 'settle');
  return {
    instances: snapshot.instances.filter(({ state }) => state !== 'terminated').length,
    addresses: snapshot.elasticIps.map(({ ptr }) => ptr?.replace(/\.$/, '') ?? ''),
    /** Disks, that of the system and that of the state. */
    volumes: snapshot.volumeIds.length,
  };
}
const elasticIps = async () => (await control(lab, 'settle')).snapshot.elasticIps.map(({ publicIpv4 }) => publicIpv4);
const nothing = { instances: 0, addresses: [], volumes: 0 };

/** Where the stack has its resource of this type, whose name begins so. */
function addressOf(type: string, begin = ''): string {
  const stack = JSON.parse(readFileSync(join(prepared.stack.dir, 'cdk.tf.json'), 'utf8'));
  return `${type}.${Object.keys(stack.resource[type]).find((name) => name.startsWith(begin))}`;
}

/** The chain up to the agreement of the world, without the host that gets the name then. */
async function applyChain(): Promise<Ended> {
  const target = `-target=${addressOf('mailserver_dns_agreement', 'mail_Agreement_')}`;
  return terraform(lab, prepared, 'apply', '-auto-approve', '-input=false', '-no-color', '-parallelism=40', target);
}
const destroy = () => terraform(lab, prepared, 'destroy', '-auto-approve', '-input=false', '-no-color', '-parallelism=40');

interface Attempt {
  /** What a person, or AWS, does before. */
  readonly first?: (domain: string) => Promise<unknown>;
  /** What a person does meanwhile. */
  readonly registrar?: true;
  readonly more?: Readonly<Record<string, string>>;
  readonly aws?: ChangedAws;
  readonly says: RegExp;
  readonly succeeds: boolean;
  /** Elastic IPs afterwards: their reverse names. */
  readonly addresses: (domain: string) => readonly string[];
}

const named = (domain: string) => [`mail.${domain}`];
const unpaid = () => [];
const done = { succeeds: true, says: /Apply complete! Resources: \d+ added/, addresses: named } as const;
const create = { MAILSERVER_ZONE_SOURCE: 'create' };
const lookup = { MAILSERVER_ZONE_SOURCE: 'lookup' };
const impatient = { ...create, E2E_DELEGATION_WAIT_SECONDS: '2' };

describe('a first deployment', () => {
  /** The zone that a second one of the same name met. */
  let first: { readonly id: string };

  test.each<[title: string, domain: string, attempts: readonly Attempt[]]>(
    sampled(
      [
        [
          'into a zone that is there is done when AWS has set the name, a minute later',
          'there.test',
          [
            {
              first: async (domain) => {
                await handMadeZone(domain);
                await delegate(domain);
              },
              more: lookup,
              aws: minutes(1),
              ...done,
            },
          ],
        ],
        [
          'that makes the zone waits for the person at the registrar, for five minutes of AWS, and for Route 53, which throttles it',
          'made.test',
          [{ more: create, registrar: true, aws: { ...minutes(5), route53: { requestsPerSecond: 1 / 60 } }, ...done }],
        ],
        [
          'whose zone is delegated too late has paid for nothing, names the name servers, and goes on when they are entered',
          'late.test',
          [
            {
              more: impatient,
              says: /Error: the world does not ask the name servers of late\.test .*Enter at its registrar these name servers: ns-\d+\.awsdns-\d+\.\w+.*Then apply again: it goes on from here\. Nothing that depends on it was made/,
              succeeds: false,
              addresses: unpaid,
            },
            { first: (domain) => delegate(domain), aws: minutes(15), ...done },
          ],
        ],
        [
          'whose domain leads to somebody else has paid for nothing, and says to whom',
          'elsewhere.test',
          [
            {
              first: async (domain) => {
                await handMadeZone('others.test');
                // Zones of one name have no name server in common.
                await delegate(domain, (await handMadeZone('others.test')).servers);
              },
              more: impatient,
              says: /Error: the world does not ask the name servers of elsewhere\.test .*elsewhere\.test is delegated to ns-.*, which do not hold this zone: .*enter at its registrar these name servers instead: ns-/,
              succeeds: false,
              addresses: unpaid,
            },
          ],
        ],
        [
          'that makes a second zone of a name has paid for nothing, learns of the first one, and goes on with that one by its id',
          'second.test',
          [
            {
              first: async (domain) => {
                first = await handMadeZone(domain);
                await delegate(domain);
              },
              more: impatient,
              says: /Error: the world does not ask the name servers of second\.test .*If they hold another hosted zone of second\.test, use that one by its id: zones: \{ 'second\.test': \{ zoneId: /,
              succeeds: false,
              addresses: unpaid,
            },
            {
              first: async () => {
                variables.MAILSERVER_ZONE_ID = first.id;
              },
              aws: minutes(1),
              ...done,
            },
          ],
        ],
        [
          'to which AWS refuses the reverse name says why, and the next one has nothing to clean up',
          'refused.test',
          [
            {
              more: create,
              registrar: true,
              aws: { reverseNames: { seconds: 60, outcome: 'failed', reason: 'no forward record was found' } },
              says: /Error: the reverse name is not set .*AWS refuses mail\.refused\.test as the reverse name of 198\.51\.100\.\d+: no forward record was found\..*dig \+trace A mail\.refused\.test.*There is nothing to clean up/,
              succeeds: false,
              addresses: () => [''],
            },
            { aws: minutes(1), ...done },
          ],
        ],
      ],
      4,
    ),
  )('%s', async (_title, domain, attempts) => {
    variables.MAILSERVER_DOMAIN = domain;
    try {
      for (const attempt of attempts) await meets(attempt, domain);
    } finally {
      await aws();
      const { result, calls } = await whileRecorded(destroy);
      expect(result).toMatchObject({ code: 0, words: expect.stringContaining('Destroy complete!') });
      expect(await account()).toEqual(nothing);
      expect(outsideOfThePolicy(calls)).toEqual([]);
    }
  });
});

async function meets(attempt: Attempt, domain: string): Promise<void> {
  await attempt.first?.(domain);
  await aws(attempt.aws);
  await synth(attempt.more);
  const { result, calls } = await whileRecorded(() =>
    attempt.registrar ? withRegistrar(lab, reportSteps, applyChain) : applyChain(),
  );
  expect(result).toMatchObject({ code: attempt.succeeds ? 0 : 1, words: expect.stringMatching(attempt.says) });
  expect((await account()).addresses).toEqual(attempt.addresses(domain));
  expect(outsideOfThePolicy(calls)).toEqual([]);
  const isThrottled = calls.some(({ service, status }) => service === 'route53' && status === 400);
  expect(isThrottled).toBe(attempt.aws?.route53 !== undefined);
}

/** Each change has a wait of AWS in it, and is watched by somebody who asks a resolver: the tests are its stations and run in order. */
describe('a whole deployment by the cdktf command, as a role of AWS', () => {
  const role = { E2E_ASSUMED_ROLE: 'arn:aws:iam::123456789012:role/mail-operator' };
  const settings: Record<string, string> = { ...role, E2E_ROLE_ATTRIBUTES: JSON.stringify({ antivirus: false }) };

  /** `cdktf` in the program, with a person at the registrar and a sender that watches; who calls AWS is the role. */
  const run = async (...args: string[]) => {
    await synth(settings);
    const { environment } = prepared;
    const work = () => withRegistrar(lab, reportSteps, () => cdktf(lab, program, { ...environment, ...settings }, ...args));
    let ended: Ended | undefined;
    let seen: readonly RecordedCall[] = [];
    const moments = await whileObserved(
      lab,
      'example.com',
      async () => {
        ({ result: ended, calls: seen } = await whileRecorded(work));
      },
      { server: publicResolvers[0].ipv4 },
    );
    // The role may do what the policy says; to become it is for the policy of whoever does.
    expect(outsideOfThePolicy(seen)).toEqual(['sts:AssumeRole']);
    expect(forbidden(moments)).toEqual([]);
    return { ended: ended as Ended, moments };
  };
  const deploy = () => run('deploy', '--auto-approve');
  const leavesNothingToChange = async () => {
    const { text } = await terraformPlan(lab, prepared.stack, prepared.environment);
    expect(text).toContain('No changes.');
  };

  test('is made: no MX leads to a host that does not answer', async () => {
    await aws(minutes(5));
    const { ended, moments } = await deploy();
    expect(ended).toMatchObject({ code: 0, text: expect.stringMatching(/Apply complete! Resources: \d+ added/) });
    expect(silent(moments)).toEqual([]);
    expect(await account()).toEqual({ instances: 1, addresses: ['mail.example.com'], volumes: 2 });
    await leavesNothingToChange();
  });

  const taint = async (address: string) => expect(await terraform(lab, prepared, 'taint', address)).toMatchObject({ code: 0 });
  /** What the last look met, which began when all was done. */
  const atTheEnd = async () => ({ target: 'mail.example.com', address: (await elasticIps())[0], announced: 'mail.example.com' });

  test('moves to another address although AWS refuses the name at first: the next one goes on by itself', async () => {
    const before = await elasticIps();
    await aws({ reverseNames: { seconds: 60, outcome: 'failed', reason: 'not today' } });
    await taint(addressOf('aws_eip'));
    const refused = await deploy();
    expect(refused.ended).toMatchObject({
      code: 1,
      words: expect.stringMatching(/AWS refuses mail\.example\.com as the reverse name of 198\.51\.100\.\d+: not today\./),
    });
    await aws(minutes(1));
    const { ended, moments } = await deploy();
    expect(ended).toMatchObject({ code: 0 });
    expect(await account()).toEqual({ instances: 1, addresses: ['mail.example.com'], volumes: 2 });
    expect(await elasticIps()).not.toEqual(before);
    expect(moments.at(-1)).toMatchObject(await atTheEnd());
  });

  test('R10: is renamed without a moment at which a name leads nowhere or nobody answers, while AWS takes a quarter of an hour', async () => {
    await aws(minutes(15));
    settings.MAILSERVER_HELO_NAME = 'mx.example.com';
    const { ended, moments } = await deploy();
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.text).toMatch(/~ helo_name\s+= "mail\.example\.com" -> "mx\.example\.com"/);
    expect(ended.text).toMatch(/~ name\s+= "mail\.example\.com" -> "mx\.example\.com"/);
    expect(ended.text).toContain('2 to add, 6 to change, 2 to destroy');
    expect(chainIn(ended.text)).toEqual(
      expect.arrayContaining([
        '- 1. A    mail.example.com',
        '+ 1. A    mx.example.com',
        '~ 2. PTR  of that address',
        '~ expected = "mail.example.com." -> "mx.example.com."',
        '~ 3. HELO myhostname',
        '~ expected = "mail.example.com" -> "mx.example.com"',
        '~ 4. MX   example.com',
        '~ expected = "10 mail.example.com." -> "10 mx.example.com."',
      ]),
    );
    expect(silent(moments)).toEqual([]);
    expect(new Set(moments.flatMap(({ announced }) => announced || []))).toEqual(new Set(['mail.example.com', 'mx.example.com']));
    expect((await account()).addresses).toEqual(['mx.example.com']);
    await leavesNothingToChange();
  });

  test('is destroyed, however long AWS holds its address, and leaves nothing', async () => {
    await aws({ reverseNames: { seconds: 300, heldSeconds: 300 } });
    const { ended } = await run('destroy', '--auto-approve');
    expect(ended).toMatchObject({ code: 0 });
    expect(await account()).toEqual(nothing);
    const { snapshot, errors } = await control(lab, 'settle');
    expect(snapshot.zones.map(({ name }) => name)).not.toContain('example.com.');
    expect(errors).toEqual({});
  });
});
