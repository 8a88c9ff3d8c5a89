import { awaitDelegation, type Clock, notDelegated } from '../../../lib/verify';
import { DnsWorld, soa, type WorldServer } from '../support/dns-world';

const [root, com, ours, theirs, resolver] = ['127.0.55.1', '127.0.55.2', '127.0.55.3', '127.0.55.4', '127.0.55.5'] as const;

// A busy machine answers late, and late is not never.
jest.setTimeout(60_000);

/** Zones in a world of root, com, our name servers ns1.dns.test and ns2.dns.test, and those of somebody else. */
describe('the delegation of a zone', () => {
  let world: DnsWorld;
  let top: Record<string, readonly string[]>;
  let servers: Record<string, WorldServer>;
  const hosts = {
    'ns1.dns.test A': [ours],
    'ns2.dns.test A': [ours],
    'ns.other.test A': [theirs],
    'ns1.example.com A': [ours],
  };
  const zone = (name: string) => ({ [`${name} SOA`]: [soa(name)], [`${name} NS`]: ['ns1.dns.test.', 'ns2.dns.test.'] });

  beforeEach(async () => {
    top = { 'com SOA': [soa('com')], 'com NS': ['ns.com.'], 'ns.com A': [com] };
    servers = {
      [root]: {
        zones: { '.': { '. SOA': [soa('root.test')], '. NS': ['ns.root.test.'], 'com NS': ['ns.com.'], 'ns.com A': [com] } },
      },
      [com]: { zones: { com: top } },
      [ours]: { zones: { 'example.com': zone('example.com') } },
      [theirs]: { zones: {} },
      [resolver]: { zones: { '.': { ...hosts } }, recursive: true },
    };
    world = await new DnsWorld(servers).start();
  });
  afterEach(() => world.stop());

  const mine = { 'example.com': ['NS1.dns.test', 'ns2.dns.test.'] };
  const options = () => ({
    resolvers: [`${resolver}:${world.port}`],
    roots: [`${root}:${world.port}`],
    authoritativePort: world.port,
    timeoutMilliseconds: 3000,
  });
  const problems = async (zones = mine as Record<string, string[]>) =>
    (await notDelegated(zones, options())).map(({ problem }) => problem);

  test.each([
    ['to its name servers', ['ns1.dns.test.', 'ns2.dns.test.']],
    ['to some of them', ['ns2.dns.test.']],
    ['to one of them, next to servers of somebody else, which the agreement judges', ['ns.other.test.', 'ns1.dns.test.']],
    ['to them under names of its owner', ['ns1.example.com.']],
  ])('is right %s', async (_, names) => {
    top['example.com NS'] = names;
    expect(await problems()).toEqual([]);
  });

  test('is missing, and the name servers to enter are in the message', async () => {
    expect(await problems()).toEqual([
      'example.com is not delegated: the name servers of com know of no such zone. Enter at its registrar these name servers: ns1.dns.test, ns2.dns.test',
    ]);
    // Nobody who remembers was asked.
    expect(world.log.filter((line) => line.startsWith(resolver) && line.includes('example.com'))).toEqual([]);
  });

  test('leads elsewhere, to another zone of the name', async () => {
    top['example.com NS'] = ['ns.other.test.'];
    const [problem] = await problems();
    expect(problem).toMatch(
      /^example\.com is delegated to ns\.other\.test, which do not hold this zone: nobody sees what is written to it\./,
    );
    expect(problem).toContain("use that one by its id: zones: { 'example.com': { zoneId: '…' } }");
    expect(problem).toMatch(/Otherwise enter at its registrar these name servers instead: ns1\.dns\.test, ns2\.dns\.test$/);
  });

  test('of a zone below another one is asked for there', async () => {
    top['example.com NS'] = ['ns1.dns.test.'];
    Object.assign(top, { 'ns1.dns.test A': [ours] });
    const below = { 'mail.example.com': ['ns1.dns.test'] };
    expect(await problems(below)).toEqual([
      'mail.example.com is not delegated: the name servers of example.com know of no such zone. Enter at its registrar, or as NS records of mail.example.com in the zone example.com, these name servers: ns1.dns.test',
    ]);
    const holds = (zones: WorldServer['zones']) => Object.assign(servers[ours] ?? {}, { zones });
    holds({ 'example.com': { ...zone('example.com'), 'mail.example.com NS': ['ns1.dns.test.'] } });
    expect(await problems(below)).toEqual([]);
    // The same servers hold both zones, and answer for the lower one themselves.
    holds({ 'example.com': zone('example.com'), 'mail.example.com': zone('mail.example.com') });
    expect(await problems(below)).toEqual([]);
  });

  test('is not an objection where the zone above does not answer', async () => {
    (servers[com] as WorldServer).fault = 'refused';
    expect(await problems()).toEqual([]);
  });

  describe('is waited for', () => {
    let seconds: number;
    let progress: string[];
    let delegatedAt: number;
    const clock: Clock = {
      now: () => seconds * 1000,
      sleep: async (milliseconds) => {
        seconds += milliseconds / 1000;
        if (seconds >= delegatedAt) top['example.com NS'] = ['ns1.dns.test.'];
      },
    };
    beforeEach(() => {
      seconds = 0;
      progress = [];
    });
    const wait = (deadlineSeconds: number) =>
      awaitDelegation(mine, { ...options(), deadlineSeconds, clock, onProgress: (line) => progress.push(line) });

    test('until somebody has entered it, and what to enter is reportedmeanwhile', async () => {
      delegatedAt = 300;
      expect(await wait(3600)).toEqual([]);
      expect(seconds).toBe(300);
      expect(progress[0]).toMatch(
        /^waiting for a delegation, for 60 more minutes at most: example\.com is not delegated: .* ns1\.dns\.test/,
      );
    });

    test('no longer than said', async () => {
      delegatedAt = 300;
      expect(await wait(120)).toHaveLength(1);
      expect(seconds).toBe(120);
    });

    test('not at all where only a look is wanted', async () => {
      delegatedAt = 300;
      expect(await wait(0)).toHaveLength(1);
      expect({ seconds, progress }).toEqual({ seconds: 0, progress: [] });
    });
  });
});
