import { resolve } from 'node:path';
import {
  awsCall,
  control,
  down,
  execIn,
  type Lab,
  lookUp,
  prepare,
  publicResolvers,
  startLab,
  terraformPlan,
  waitFor,
} from '../../lab';
import { rootServer } from '../../lab/model/world-addresses';
import { reportSteps, testLab } from './support/lab';

const timeFactor = 90;
/** Resolvers behind the address of the third. */
const crowd = 3;
let lab: Lab;

/** A lab whose resolvers remember as those of the internet do; nothing is deployed in it. */
beforeAll(async () => {
  lab = testLab('dns');
  await startLab(lab, reportSteps, { timeFactor, resolverCaches: 'as served', delegation: 'by the registrar' });
});

afterAll(() => down(lab, reportSteps));

const xml = (name: string, fields: string) =>
  `<${name} xmlns="https://route53.amazonaws.com/doc/2013-04-01/">${fields}</${name}>`;

/** Id and name servers. */
async function createZone(name: string): Promise<{ readonly id: string; readonly servers: readonly string[] }> {
  const fields = `<Name>${name}</Name><CallerReference>${name} ${Math.random()}</CallerReference>`;
  const answer = await awsCall(lab, 'route53', '/2013-04-01/hostedzone', xml('CreateHostedZoneRequest', fields));
  const servers = [...answer.matchAll(/<NameServer>([^<]*)/g)].flatMap(([, server]) => server ?? []);
  return { id: /<Id>\/hostedzone\/([^<]*)/.exec(answer)?.[1] ?? '', servers };
}

/** Its id. */
async function createDelegatedZone(name: string): Promise<string> {
  const { id } = await createZone(name);
  await control(lab, 'delegate', { zone: name });
  return id;
}

async function change(zone: string, action: string, name: string, ttl: number, address: string): Promise<void> {
  const set = `<Name>${name}</Name><Type>A</Type><TTL>${ttl}</TTL><ResourceRecords><ResourceRecord><Value>${address}</Value></ResourceRecord></ResourceRecords>`;
  const changes = `<Changes><Change><Action>${action}</Action><ResourceRecordSet>${set}</ResourceRecordSet></Change></Changes>`;
  const body = xml('ChangeResourceRecordSetsRequest', `<ChangeBatch>${changes}</ChangeBatch>`);
  await awsCall(lab, 'route53', `/2013-04-01/hostedzone/${zone}/rrset`, body);
}

/** Asks as often as there are resolvers behind one address: each of them is met. */
const askEverybody = (name: string) =>
  Promise.all(publicResolvers.flatMap(({ ipv4 }) => Array.from({ length: crowd }, () => lookUp(lab, ipv4, name, 'A'))));

/** Seconds of the real world that have passed in the lab. */
const secondsSince = (begin: number) => ((performance.now() - begin) / 1000) * timeFactor;

/** After how many seconds of the real world each resolver gives this address, counted from `begin`. */
const seconds = (name: string, address: string, begin = performance.now()) =>
  Promise.all(
    publicResolvers.map(async ({ ipv4 }) => {
      await waitFor(`${address} at ${ipv4}`, async () => (await lookUp(lab, ipv4, name, 'A'))[0] === address, {
        deadline: 60_000,
        interval: 100,
      });
      return secondsSince(begin);
    }),
  );

describe('the public resolvers of the lab', () => {
  test('remember that a name does not exist for a quarter of an hour, or some minutes, each by itself', async () => {
    const zone = await createDelegatedZone('no.test');
    // What they remember they have learnt after this; a change of the zone takes a moment on a busy machine.
    const asked = performance.now();
    await askEverybody('mail.no.test');
    await change(zone, 'CREATE', 'mail.no.test', 3, '198.51.100.41');
    const changed = secondsSince(asked);
    const [first = 0, second = 0, third = 0] = await seconds('mail.no.test', '198.51.100.41', asked);
    // A look takes a moment, and DNS counts whole seconds: a minute and a half of the lab's time.
    for (const each of [first, third]) expect(each).toBeGreaterThan(900 - 180);
    expect(second - changed).toBeLessThan(300 + 240);
    expect(first).toBeGreaterThan(second + 180);
  });

  test('are several behind one address, each with a memory of its own: who asks again meets another one', async () => {
    const zone = await createDelegatedZone('crowd.test');
    const ask = () => lookUp(lab, publicResolvers[2].ipv4, 'mail.crowd.test', 'A');
    expect(await ask()).toEqual([]);
    await change(zone, 'CREATE', 'mail.crowd.test', 3, '198.51.100.41');
    // Each is met twice.
    const answers = await Promise.all(Array.from({ length: 2 * crowd }, ask));
    expect(answers.filter((addresses) => addresses.length === 0)).toHaveLength(2);
    expect(answers.filter(([address]) => address === '198.51.100.41')).toHaveLength(2 * (crowd - 1));
  });

  test('keep the old address for the time to live that it was served with', async () => {
    const zone = await createDelegatedZone('old.test');
    await change(zone, 'CREATE', 'mail.old.test', 4, '198.51.100.41');
    const asked = performance.now();
    await seconds('mail.old.test', '198.51.100.41');
    await change(zone, 'UPSERT', 'mail.old.test', 4, '198.51.100.42');
    const after = Math.max(...(await seconds('mail.old.test', '198.51.100.42', asked)));
    // DNS counts whole seconds, and a look takes a moment.
    expect(after).toBeGreaterThan(2.5 * timeFactor);
  });
});

describe('a zone that is made in the lab', () => {
  const name = 'made.test';
  const mail = 'mail.made.test';

  test('is at its own name servers only, and found by the world when its owner has been at the registrar', async () => {
    const { id, servers } = await createZone(name);
    await change(id, 'CREATE', mail, 3, '198.51.100.41');
    const [host = ''] = servers;
    const [address = ''] = await lookUp(lab, publicResolvers[0].ipv4, host, 'A');
    expect(await lookUp(lab, address, mail, 'A')).toEqual(['198.51.100.41']);
    // A resolver forgets a "no" together with the SOA of the zone that said it: the registry's is a new one after this.
    await createDelegatedZone('neighbour.test');
    const asked = performance.now();
    expect(await askEverybody(mail)).toEqual(Array(publicResolvers.length * crowd).fill([]));
    const { delegations } = await control(lab, 'delegate', { zone: name });
    expect(delegations[`${name}.`]).toEqual(servers.map((server) => `${server}.`));
    // Who asked too early remembers the "no" of the registry, for a quarter of an hour.
    const [first = 0, , third = 0] = await seconds(mail, '198.51.100.41', asked);
    expect(first).toBeLessThan(third);
    expect(third).toBeGreaterThan(900 - 180);
  });

  test('may be the second one of its name: it has other name servers, and the registrar decides', async () => {
    const second = await createZone(name);
    await change(second.id, 'CREATE', mail, 3, '198.51.100.42');
    await expect(control(lab, 'delegate', { zone: name })).rejects.toThrow('made.test has 2 zones');
    const [address = ''] = await lookUp(lab, publicResolvers[0].ipv4, second.servers[0] ?? '', 'A');
    expect(await lookUp(lab, address, mail, 'A')).toEqual(['198.51.100.42']);
    expect(await lookUp(lab, publicResolvers[0].ipv4, mail, 'A')).toEqual(['198.51.100.41']);
    await control(lab, 'delegate', { zone: name, to: second.servers });
    const { stdout } = await execIn(lab, 'sender', ['dig', '+norecurse', `@${rootServer.ipv4}`, name, 'NS']);
    for (const server of second.servers) expect(stdout).toContain(`${server}.`);
  });
});

/** A "no" that a resolver remembers: asked without recursion, it answers from its cache, and a "no" comes with the zone's SOA. */
async function remembersNo(server: string, name: string, type: string): Promise<boolean> {
  const { stdout } = await execIn(lab, 'sender', ['dig', '+norecurse', '+noall', '+authority', `@${server}`, name, type]);
  return /\sSOA\s/.test(stdout);
}

describe('a plan of the first deployment', () => {
  // The records that it is about to make are looked up at the public resolvers, which then remember for 15 minutes that there are none.
  test('leaves no "no" behind in a resolver for what is about to be made', async () => {
    await createDelegatedZone('example.com');
    process.env.MAILSERVER_ZONE_SOURCE = 'lookup';
    try {
      const { stack, environment } = await prepare(lab, { app: resolve(__dirname, 'program') }, reportSteps);
      await terraformPlan(lab, stack, environment);
    } finally {
      delete process.env.MAILSERVER_ZONE_SOURCE;
    }
    const asked = [
      ['mail.example.com', 'A'],
      ['mail.example.com', 'TXT'],
      ['example.com', 'MX'],
      ['_dmarc.example.com', 'TXT'],
    ] as const;
    // The look itself works: of what was asked for there is such a memory.
    await lookUp(lab, publicResolvers[0].ipv4, 'asked.example.com', 'A');
    expect(await remembersNo(publicResolvers[0].ipv4, 'asked.example.com', 'A')).toBe(true);
    const found = await Promise.all(
      publicResolvers.flatMap(({ name, ipv4 }) =>
        Array.from({ length: crowd }, () => asked)
          .flat()
          .map(async ([owner, type]) => ((await remembersNo(ipv4, owner, type)) ? [`${name}: ${type} ${owner}`] : [])),
      ),
    );
    expect(found.flat()).toEqual([]);
  });
});
