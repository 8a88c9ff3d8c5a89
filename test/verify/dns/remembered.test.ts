import { awaitAgreement, type Clock, lookAtOwnServers, lookForAgreement } from '../../../lib/verify';
import { DnsWorld, soa, type WorldServer } from '../support/dns-world';

const [root, own, one, other] = ['127.0.54.1', '127.0.54.2', '127.0.54.3', '127.0.54.4'] as const;
const name = 'mail.example.com';
const right = { name, type: 'A', values: ['198.51.100.25'] } as const;

// A busy machine answers late, and late is not never.
jest.setTimeout(60_000);

/** As Route 53 has it: records for five minutes, and what is missing for fifteen. */
describe('what resolvers remember', () => {
  let world: DnsWorld;
  let zone: Record<string, readonly string[]>;
  let servers: Record<string, WorldServer>;
  let progress: string[];
  /** Things that happen while somebody waits, by the second at which they do. */
  let events: { readonly at: number; readonly happens: () => void }[];
  let seconds: number;

  const clock: Clock = {
    now: () => seconds * 1000,
    sleep: async (milliseconds) => {
      seconds += milliseconds / 1000;
      world.pass(milliseconds / 1000);
      for (const { happens } of events.filter(({ at }) => at <= seconds)) happens();
      events = events.filter(({ at }) => at > seconds);
    },
  };
  const asked = (by: string) => world.log.filter((line) => line.startsWith(`${by} ${name} `)).length;
  const options = () => ({
    resolvers: [`${one}:${world.port}`, `${other}:${world.port}`],
    roots: [`${root}:${world.port}`],
    authoritativePort: world.port,
    timeoutMilliseconds: 3000,
    clock,
    onProgress: (line: string) => progress.push(line.replace(/:\d{5}\b/g, '')),
  });
  const start = async (ttl: number, minimum: number) => {
    const delegation = { 'example.com NS': ['ns.example.com.'], 'ns.example.com A': [own] };
    zone = {
      'example.com SOA': [soa('example.com', 1, minimum)],
      'example.com NS': ['ns.example.com.'],
      'ns.example.com A': [own],
    };
    servers = {
      [root]: { zones: { '.': { '. SOA': [soa('root.test')], '. NS': ['ns.root.test.'], ...delegation } } },
      [own]: { zones: { 'example.com': zone } },
      [one]: { zones: {}, remembers: true },
      [other]: { zones: {}, remembers: true },
    };
    world = await new DnsWorld(servers, ttl).start();
  };
  const minutes = (count: number) => count * 60;

  beforeEach(() => {
    progress = [];
    events = [];
    seconds = 0;
  });
  afterEach(() => world.stop());

  test('a plan that looks for a name which is yet to be made leaves no trace in any resolver', async () => {
    await start(900, 86_400);
    expect((await lookAtOwnServers([right], options())).rows[0]?.observation.views.map(({ outcome }) => outcome)).toEqual([
      'nxdomain',
    ]);
    expect([asked(one), asked(other)]).toEqual([0, 0]);
    zone['mail.example.com A'] = right.values;
    expect((await awaitAgreement([right], options())).agreed).toBe(true);
    expect(seconds).toBe(0);
  });

  test('nor does a look at what the world sees', async () => {
    await start(900, 86_400);
    expect((await lookForAgreement([right], options())).rows[0]?.objections).toEqual([
      expect.stringMatching(/^A of mail\.example\.com: ns\.example\.com .* says no such name/),
    ]);
    expect([asked(one), asked(other)]).toEqual([0, 0]);
  });

  test('resolvers are asked only after the own servers serve the record', async () => {
    await start(900, 86_400);
    events = [{ at: 200, happens: () => Object.assign(zone, { 'mail.example.com A': right.values }) }];
    expect((await awaitAgreement([right], options())).agreed).toBe(true);
    expect(seconds).toBeLessThan(210);
    expect([asked(one), asked(other)]).toEqual([12, 12]);
    expect(progress[0]).toMatch(/^waiting for DNS, for 10 more minutes at most: .* says no such name \(NXDOMAIN\), expected 198/);
  });

  test.each([
    ['the SOA lives longer than its last field says', 3600, 1200],
    ['the SOA lives shorter, as at Route 53', 900, 86_400],
  ])(
    'somebody else has asked too early: the wait is as long as the missing name may be remembered, when %s',
    async (_, ttl, minimum) => {
      await start(ttl, minimum);
      const memory = Math.min(ttl, minimum);
      const { resolvers } = options();
      for (const resolver of resolvers)
        await lookForAgreement([right], { ...options(), roots: ['127.0.54.9'], resolvers: [resolver] });
      expect([asked(one), asked(other)]).toEqual([1, 1]);
      zone['mail.example.com A'] = right.values;
      world.pass(minutes(2));
      const { agreed } = await awaitAgreement([right], options());
      expect(agreed).toBe(true);
      expect(seconds).toBeGreaterThan(memory - minutes(2) - 1);
      expect(seconds).toBeLessThan(memory - minutes(2) + 10);
      const most = Math.ceil((memory + 60) / 60);
      const left = memory / 60 - 2;
      expect(progress[0]).toBe(
        `waiting for DNS, for ${most} more minutes at most: A of mail.example.com: resolver ${one} may remember the missing name for ${left} more minutes, and 1 more`,
      );
      // Again every minute, with the time that is left.
      expect(progress.length).toBeGreaterThan(left - 2);
      expect(progress.length).toBeLessThan(left + 3);
    },
  );

  test('a former value is waited for as long as it lives, and then there is agreement', async () => {
    await start(1800, 60);
    zone['mail.example.com A'] = ['198.51.100.99'];
    await lookForAgreement([right], options());
    zone['mail.example.com A'] = right.values;
    expect((await awaitAgreement([right], options())).agreed).toBe(true);
    expect(seconds).toBeGreaterThan(1795);
    expect(progress[0]).toContain(`resolver ${one} may remember 198.51.100.99 for 30 more minutes`);
  });

  test('is not an objection in itself: a plan finds nothing wrong, and a wait that was cut short says how long it would take', async () => {
    await start(900, 86_400);
    zone['mail.example.com A'] = ['198.51.100.99'];
    await lookForAgreement([right], options());
    zone['mail.example.com A'] = right.values;
    const { rows, agreed } = await lookForAgreement([right], options());
    expect({ agreed, objections: rows[0]?.objections }).toEqual({ agreed: false, objections: [] });
    const short = await awaitAgreement([right], { ...options(), deadlineSeconds: 60 });
    expect(short.rows[0]?.memories).toHaveLength(2);
    expect(short.rows[0]?.memories[0]).toMatch(/may remember 198\.51\.100\.99 for 1[45] more minutes$/);
  });

  test('a resolver that never forgets ends the wait a minute after the longest time that anybody could remember', async () => {
    await start(900, 300);
    const stubborn: WorldServer = { zones: { '.': { 'mail.example.com A': ['198.51.100.99'] } }, recursive: true };
    Object.assign(servers[other] ?? {}, { ...stubborn, remembers: false });
    zone['mail.example.com A'] = right.values;
    const { agreed } = await awaitAgreement([right], options());
    expect(agreed).toBe(false);
    expect(seconds).toBeGreaterThan(940);
    expect(seconds).toBeLessThan(961);
  });

  test('is not waited for where the own servers are enough', async () => {
    await start(900, 86_400);
    zone['mail.example.com A'] = ['198.51.100.99'];
    await lookForAgreement([right], options());
    zone['mail.example.com A'] = right.values;
    expect((await awaitAgreement([right], { ...options(), ownServersOnly: true })).agreed).toBe(true);
    expect(seconds).toBe(0);
  });

  test('resolvers alone are believed where the own servers cannot be reached, not after one lost packet', async () => {
    await start(900, 86_400);
    zone['mail.example.com A'] = right.values;
    const unreachable = { ...options(), roots: ['127.0.54.9'] };
    expect((await awaitAgreement([right], unreachable)).agreed).toBe(true);
    expect(seconds).toBeGreaterThan(0);
    expect(asked(own)).toBe(0);
  });

  describe('behind one address that is many resolvers', () => {
    /** Who answers: the next in turn, unless a test says otherwise. */
    let next: number[];
    const crowd = async (size: number) => {
      await start(900, 86_400);
      next = [];
      let turn = 0;
      Object.assign(servers[other] ?? {}, { whoAnswers: () => next.shift() ?? turn++ % size });
    };
    /** This one has asked too early; then the record was made. */
    const tooEarly = async (member: number, minutesAgo = 12) => {
      next = [member];
      await lookForAgreement([right], { ...options(), roots: ['127.0.54.9'], resolvers: [`${other}:${world.port}`] });
      zone['mail.example.com A'] = right.values;
      world.pass(minutes(minutesAgo));
    };
    const memory = `A of mail.example.com: resolver ${other} may remember the missing name for`;

    test.each([0, 1, 2, 3])('a lucky answer is not believed: number %d of four has asked too early', async (member) => {
      await crowd(4);
      await tooEarly(member);
      expect((await awaitAgreement([right], options())).agreed).toBe(true);
      expect(seconds).toBeGreaterThan(minutes(3) - 1);
      expect(seconds).toBeLessThan(minutes(3) + 10);
      expect(progress[0]).toBe(`waiting for DNS, for 16 more minutes at most: ${memory} 3 more minutes`);
      expect(progress.every((line) => line.includes(memory))).toBe(true);
    });

    test('nor are twelve: who was met once is waited for until its time is over', async () => {
      await crowd(4);
      await tooEarly(2);
      next = [0, 1, 2, ...Array(36).fill(3)];
      const short = await awaitAgreement([right], { ...options(), deadlineSeconds: 8 });
      expect(next.length).toBeLessThan(12);
      expect(short).toMatchObject({ agreed: false, rows: [{ memories: [expect.stringContaining(`${other}`)], objections: [] }] });
    });

    test('the longest memory of them is the one that counts', async () => {
      await crowd(3);
      await tooEarly(0, 2);
      delete zone['mail.example.com A'];
      await tooEarly(1);
      expect((await awaitAgreement([right], options())).agreed).toBe(true);
      expect(progress[0]).toContain(`${memory} 3 more minutes`);
      expect(seconds).toBeGreaterThan(minutes(3) - 1);
    });

    test('who was made to forget is not waited for', async () => {
      await crowd(4);
      await tooEarly(2);
      events = [{ at: 60, happens: () => world.forget() }];
      expect((await awaitAgreement([right], options())).agreed).toBe(true);
      expect(seconds).toBeGreaterThan(60);
      expect(seconds).toBeLessThan(110);
    });

    test('a plan finds nothing wrong, whoever answers it', async () => {
      await crowd(4);
      await tooEarly(1);
      for (const member of [0, 1, 2, 3]) {
        next = [member];
        expect((await lookForAgreement([right], options())).rows[0]?.objections).toEqual([]);
      }
    });
  });

  test('a resolver that holds the zone itself says what it says, and is an objection', async () => {
    await start(900, 86_400);
    zone['mail.example.com A'] = right.values;
    Object.assign(servers[other] ?? {}, {
      zones: { 'example.com': { ...zone, 'mail.example.com A': ['10.0.0.25'] } },
      remembers: false,
    });
    const { rows } = await lookForAgreement([right], options());
    expect(rows[0]?.objections).toEqual([expect.stringContaining(`resolver ${other}:${world.port} says 10.0.0.25`)]);
    expect(rows[0]?.memories).toEqual([]);
  });
});
