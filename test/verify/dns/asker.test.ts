import { type AskerOptions, DnsAsker } from '../../../lib/verify';
import { DnsWorld, type Fault, soa, type WorldServer } from '../support/dns-world';

const zone = {
  'example.com SOA': [soa('example.com')],
  'example.com MX': ['10 Mail.example.com.', '5 other.example.com.'],
  'mail.example.com A': ['198.51.100.25'],
  'www.example.com CNAME': ['mail.example.com.'],
  'away.example.com CNAME': ['somewhere.test.'],
  'long.example.com TXT': ['x'.repeat(700)],
  'empty.below.example.com A': ['198.51.100.26'],
};

// A busy machine answers late, and late is not never.
jest.setTimeout(60_000);

describe('asking a DNS server', () => {
  let world: DnsWorld;

  const start = async (server: Partial<WorldServer> = {}, timeoutMilliseconds = 5000, options: AskerOptions = {}) => {
    world = await new DnsWorld({ '127.0.53.1': { zones: { 'example.com': zone }, ...server } }).start();
    return new DnsAsker({ timeoutMilliseconds, ...options });
  };
  const server = () => ({ address: '127.0.53.1', port: world.port });

  afterEach(() => world.stop());

  test('gives the data in presentation format, sorted, as the server spells them', async () => {
    const asker = await start();
    const reply = await asker.ask(server(), { name: 'Example.COM.', type: 'MX' });
    expect(reply).toMatchObject({
      outcome: 'answer',
      values: ['10 Mail.example.com.', '5 other.example.com.'],
      authoritative: true,
      tcp: false,
    });
  });

  test.each([
    ['an alias with its end', 'www.example.com', 'answer', ['198.51.100.25'], ['mail.example.com.']],
    ['an alias whose end is elsewhere', 'away.example.com', 'alias', [], ['somewhere.test.']],
    ['a name without such a record', 'example.com', 'nodata', [], []],
    ['a name that is only the parent of others', 'below.example.com', 'nodata', [], []],
    ['a name that does not exist', 'nothing.example.com', 'nxdomain', [], []],
    ['a name that the server knows nothing of', 'example.net', 'refused', [], []],
  ] as const)('tells %s', async (_, name, outcome, values, aliases) => {
    const asker = await start();
    expect(await asker.ask(server(), { name, type: 'A' })).toMatchObject({ outcome, values, aliases });
  });

  test.each<[Fault, Partial<WorldServer>, string, RegExp | undefined]>([
    ['servfail', {}, 'servfail', undefined],
    ['refused', {}, 'refused', undefined],
    ['silent', {}, 'timeout', /no answer within 0\.4 s/],
    ['garbage', {}, 'malformed', /not a DNS message/],
    ['wrong-id', {}, 'timeout', undefined],
    ['truncated', { udpOnly: true }, 'truncated', /over TCP: nothing listens there/],
    ['upward-referral', {}, 'referral', undefined],
  ])('tells a server that is %s', async (fault, more, outcome, problem) => {
    const neverAnswers = fault === 'silent' || fault === 'wrong-id';
    const asker = await start({ ...more, fault }, neverAnswers ? 400 : 5000);
    const reply = await asker.ask(server(), { name: 'mail.example.com', type: 'A' });
    expect(reply).toMatchObject({ outcome, values: [] });
    if (problem) expect(reply.problem).toMatch(problem);
  });

  test('goes over to TCP where an answer is cut off, and joins long text', async () => {
    const asker = await start({ fault: 'truncated' });
    const reply = await asker.ask(server(), { name: 'long.example.com', type: 'TXT' });
    expect(reply).toMatchObject({ outcome: 'answer', tcp: true, values: ['x'.repeat(700)] });
  });

  test('does without EDNS where a server does not know it', async () => {
    const asker = await start({ fault: 'no-edns' });
    expect(await asker.ask(server(), { name: 'mail.example.com', type: 'A' })).toMatchObject({ values: ['198.51.100.25'] });
  });

  test('tells wrong signatures from a broken resolver', async () => {
    const asker = await start({ bogus: true, recursive: true });
    const reply = await asker.ask(server(), { name: 'mail.example.com', type: 'A' });
    expect(reply).toMatchObject({ outcome: 'servfail', bogus: true });
  });

  test('tells that nothing listens at once', async () => {
    const asker = await start();
    const reply = await asker.ask({ address: '127.0.53.99', port: world.port }, { name: 'example.com', type: 'A' });
    expect(reply).toMatchObject({ outcome: 'unreachable', problem: 'nothing listens there (ECONNREFUSED)' });
  });

  test('asks each question once, and gives up on a server that never answers', async () => {
    const asker = await start({ fault: 'silent' }, 1500);
    const ask = (name: string) => asker.ask(server(), { name, type: 'A' });
    expect(ask('a.example.com')).toBe(ask('A.example.com.'));
    await Promise.all([ask('a.example.com'), ask('b.example.com')]);
    const begin = performance.now();
    expect(await ask('c.example.com')).toMatchObject({ outcome: 'timeout', problem: expect.stringContaining('earlier') });
    expect(performance.now() - begin).toBeLessThan(1200);
  });

  test('gives up on a server that has answered and then stops, but not for a few that are lost', async () => {
    const asker = await start({}, 400);
    const ask = (name: string) => asker.ask(server(), { name: `${name}.example.com`, type: 'A' });
    const fault = (is: Fault | undefined) => Object.assign(world.servers['127.0.53.1'] ?? {}, { fault: is });
    const many = (of: string, count: number) => Promise.all(Array.from({ length: count }, (_, index) => ask(`${of}${index}`)));
    expect(await ask('mail')).toMatchObject({ outcome: 'answer' });
    fault('silent');
    await many('lost', 20);
    fault(undefined);
    expect(await ask('www')).toMatchObject({ outcome: 'answer' });
    fault('silent');
    await many('dead', 25);
    const begin = performance.now();
    expect(await ask('after')).toMatchObject({ outcome: 'timeout', problem: expect.stringContaining('earlier') });
    expect(performance.now() - begin).toBeLessThan(300);
  });

  test('asks no server faster than it is told to, and tells how far it is', async () => {
    const told: string[] = [];
    const onAnswer = (answered: number, asked: number) => told.push(`${answered} of ${asked}`);
    const asker = await start({}, 5000, { questionsPerSecond: 20, onAnswer });
    const begin = performance.now();
    await Promise.all(
      Array.from({ length: 30 }, (_, index) => asker.ask(server(), { name: `n${index}.example.com`, type: 'A' })),
    );
    // Twenty at once, the others at twenty a second.
    expect(performance.now() - begin).toBeGreaterThan(450);
    expect(world.log).toHaveLength(30);
    expect(told).toHaveLength(30);
    expect(told.at(-1)).toBe('30 of 30');
  });

  test.each(['a..example.com', `${'x'.repeat(64)}.example.com`, `${'x.'.repeat(140)}com`])(
    'does not ask for %s',
    async (name) => {
      const asker = await start();
      expect(await asker.ask(server(), { name, type: 'A' })).toMatchObject({ outcome: 'malformed' });
      expect(world.log).toEqual([]);
    },
  );
});
