import { awaitAgreement, DnsObserver, lookForAgreement } from '../../../lib/verify';
import { DnsWorld, soa, type WorldServer } from '../support/dns-world';

const rootZone = {
  '. SOA': [soa('root.test')],
  '. NS': ['ns.root.test.'],
  'com NS': ['ns.com.test.'],
  'ns.com.test A': ['127.0.53.2'],
};
const comZone = {
  'com SOA': [soa('com')],
  'example.com NS': ['ns1.example.com.', 'ns2.example.com.'],
  'ns1.example.com A': ['127.0.53.3'],
  'ns2.example.com A': ['127.0.53.4'],
};
const exampleZone = {
  'example.com SOA': [soa('example.com', 7)],
  'example.com NS': ['ns1.example.com.', 'ns2.example.com.'],
  'mail.example.com A': ['198.51.100.25'],
};
const everything = () => ({ '.': { ...rootZone, ...comZone, ...exampleZone, 'ns.root.test A': ['127.0.53.1'] } });

// A busy machine answers late, and late is not never.
jest.setTimeout(60_000);

describe('agreement of the world about a record', () => {
  let world: DnsWorld;
  let servers: Record<string, WorldServer>;

  beforeEach(async () => {
    servers = {
      '127.0.53.1': { zones: { '.': rootZone } },
      '127.0.53.2': { zones: { com: comZone } },
      '127.0.53.3': { zones: { 'example.com': { ...exampleZone } } },
      '127.0.53.4': { zones: { 'example.com': { ...exampleZone } } },
      '127.0.53.5': { zones: everything(), recursive: true },
      '127.0.53.6': { zones: everything(), recursive: true },
    };
    world = await new DnsWorld(servers).start();
  });
  afterEach(() => world.stop());

  const options = () => ({
    resolvers: [`127.0.53.5:${world.port}`, `127.0.53.6:${world.port}`],
    authoritativePort: world.port,
    timeoutMilliseconds: 3000,
  });
  const right = { name: 'mail.example.com', type: 'A', values: ['198.51.100.25'] } as const;
  const set = (address: string, zone: string, key: string, values: string[]) => {
    (servers[address]?.zones[zone] as Record<string, readonly string[]>)[key] = values;
  };

  test('asks both authoritative servers and both resolvers', async () => {
    const { agreed, rows } = await lookForAgreement([right], options());
    expect(agreed).toBe(true);
    expect(rows[0]?.observation.zone).toBe('example.com');
    expect(
      rows[0]?.observation.views.map(({ source, name, server, values }) => [source, name, server.split(':')[0], values]),
    ).toEqual([
      ['authoritative', 'ns1.example.com', '127.0.53.3', right.values],
      ['authoritative', 'ns2.example.com', '127.0.53.4', right.values],
      ['resolver', undefined, '127.0.53.5', right.values],
      ['resolver', undefined, '127.0.53.6', right.values],
    ]);
  });

  test('is missing while one authoritative server has the old value', async () => {
    set('127.0.53.4', 'example.com', 'mail.example.com A', ['198.51.100.99']);
    const { agreed, rows } = await lookForAgreement([right], options());
    expect(agreed).toBe(false);
    expect(rows[0]?.objections).toEqual([
      `A of mail.example.com: ns2.example.com (127.0.53.4:${world.port}) says 198.51.100.99, expected 198.51.100.25`,
    ]);
  });

  test('is not kept up by servers that are dead', async () => {
    (servers['127.0.53.4'] as WorldServer).fault = 'silent';
    (servers['127.0.53.6'] as WorldServer).fault = 'servfail';
    expect((await lookForAgreement([right], options())).agreed).toBe(true);
  });

  test('is not claimed when nobody knows', async () => {
    for (const address of ['127.0.53.3', '127.0.53.4', '127.0.53.5', '127.0.53.6']) {
      (servers[address] as WorldServer).fault = 'refused';
    }
    const { agreed, rows } = await lookForAgreement([right], { ...options(), roots: [`127.0.53.1:${world.port}`] });
    expect(agreed).toBe(false);
    expect(rows[0]?.objections.join('\n')).toMatch(/REFUSED/);
  });

  test('is awaited: a resolver forgets the old value in the end', async () => {
    set('127.0.53.6', '.', 'mail.example.com A', ['198.51.100.99']);
    const progress: string[] = [];
    const awaited = awaitAgreement([right], {
      ...options(),
      intervalMilliseconds: 30,
      deadlineSeconds: 20,
      onProgress: (line) => {
        progress.push(line);
        set('127.0.53.6', '.', 'mail.example.com A', ['198.51.100.25']);
      },
    });
    expect((await awaited).agreed).toBe(true);
    expect(progress).toEqual([
      expect.stringContaining(`A of mail.example.com: resolver 127.0.53.6:${world.port} may remember 198.51.100.99 for `),
    ]);
  });

  test('is not awaited beyond the deadline, nor after a stop', async () => {
    const wrong = { ...right, values: ['198.51.100.1'] };
    const over = await awaitAgreement([wrong], { ...options(), intervalMilliseconds: 20, deadlineSeconds: 0.2 });
    expect(over.agreed).toBe(false);
    const controller = new AbortController();
    const stopped = awaitAgreement([wrong], { ...options(), signal: controller.signal, deadlineSeconds: 60 });
    controller.abort();
    expect((await stopped).waitedMilliseconds).toBeLessThan(30_000);
  });

  test('can be about a record that is to be gone', async () => {
    expect((await lookForAgreement([{ ...right, type: 'AAAA', values: [] }], options())).agreed).toBe(true);
    expect((await lookForAgreement([{ ...right, values: [] }], options())).agreed).toBe(false);
  });

  test('finds the servers of a zone that no resolver can answer for', async () => {
    (servers['127.0.53.5'] as WorldServer).fault = 'servfail';
    (servers['127.0.53.6'] as WorldServer).fault = 'servfail';
    const observer = new DnsObserver({ ...options(), roots: [`127.0.53.1:${world.port}`] });
    // The address of com's name server has no glue here, and no resolver knows it: what the root said is all there is.
    expect((await observer.zoneOf('mail.example.com'))?.zone).toMatch(/^(com|example\.com)$/);
  });
});
