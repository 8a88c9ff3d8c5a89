import type { DnsView, Observation, ZonePicture, ZoneServer } from '../../../lib/verify';
import { checkZone } from '../../../lib/verify/checks/zone';

const server = (name: string, more: Partial<ZoneServer> = {}): ZoneServer => ({
  name,
  server: `198.51.100.${name.at(2)}`,
  outcome: 'answer',
  authoritative: true,
  serial: 7,
  names: ['ns1.example.net.', 'ns2.example.net.'],
  ...more,
});

const seen = (type: 'DS' | 'DNSKEY', more: Partial<DnsView> = {}): Observation => ({
  name: 'example.com',
  type,
  views: [{ source: 'resolver', server: '198.51.100.3', outcome: 'nodata', values: [], ...more }],
});

const zone = (more: Partial<ZonePicture> = {}): ZonePicture => ({
  zone: 'example.com',
  delegated: ['ns1.example.net', 'ns2.example.net'],
  servers: [server('ns1.example.net'), server('ns2.example.net')],
  ds: seen('DS'),
  keys: seen('DNSKEY'),
  ...more,
});

const answer = { outcome: 'answer', values: ['1'] } as const;

const cases: readonly (readonly [string, Partial<ZonePicture>, readonly string[]])[] = [
  ['a zone without faults', {}, ['note dnssec not signed']],
  ['no server at all', { servers: [] }, ['unknown ns the walk from the root']],
  [
    'a server that knows nothing of it',
    {
      servers: [
        server('ns1.example.net'),
        server('ns2.example.net', { outcome: 'refused', authoritative: false, serial: undefined, names: [] }),
      ],
    },
    ['warning ns 1 of 2 name servers do not answer for the zone (lame delegation)', 'note dnssec'],
  ],
  [
    'a server that is a resolver only',
    { servers: [server('ns1.example.net'), server('ns2.example.net', { authoritative: false, names: [] })] },
    ['warning ns 1 of 2', 'note dnssec'],
  ],
  [
    'a server without an address',
    { servers: [server('ns1.example.net'), { name: 'ns2.example.net', outcome: 'nxdomain', authoritative: false, names: [] }] },
    ['warning ns 1 of 2', 'note dnssec'],
  ],
  [
    'a dead server',
    {
      servers: [
        server('ns1.example.net'),
        server('ns2.example.net', {
          outcome: 'timeout',
          authoritative: false,
          serial: undefined,
          names: [],
          problem: 'no answer within 2.5 s',
        }),
      ],
    },
    ['warning ns 1 of 2', 'note dnssec'],
  ],
  [
    'no server that answers',
    {
      servers: ['ns1.example.net', 'ns2.example.net'].map((name) =>
        server(name, { outcome: 'servfail', authoritative: false, serial: undefined, names: [] }),
      ),
    },
    ['critical ns no name server answers for the zone', 'note dnssec'],
  ],
  [
    'a server over IPv6 where there is none is not a fault',
    {
      servers: [
        server('ns1.example.net'),
        server('ns2.example.net'),
        server('ns2.example.net', { outcome: 'noroute', authoritative: false, serial: undefined, names: [] }),
      ],
    },
    ['note dnssec'],
  ],
  [
    'IPv6 only, and there is none',
    { servers: [server('ns1.example.net', { outcome: 'noroute', authoritative: false })] },
    ['unknown ns this machine has no way', 'note dnssec'],
  ],
  [
    'one server only',
    { delegated: undefined, servers: [server('ns1.example.net', { names: ['ns1.example.net.'] })] },
    ['note ns the zone has a single name server', 'note dnssec'],
  ],
  [
    'a server that the zone above does not know',
    {
      servers: ['1', '2'].map((digit) =>
        server(`ns${digit}.example.net`, { names: ['ns1.example.net.', 'NS2.example.net.', 'ns3.example.net.'] }),
      ),
    },
    ['warning delegation the zone above does not know ns3.example.net', 'note dnssec'],
  ],
  [
    'a server that the zone itself does not know',
    { servers: ['1', '2'].map((digit) => server(`ns${digit}.example.net`, { names: ['ns1.example.net.'] })) },
    ['warning delegation the zone itself does not know ns2.example.net', 'note dnssec'],
  ],
  [
    'name servers inside the zone, with the addresses that it gives them, however they are written',
    { glue: [{ name: 'ns1.example.com', above: ['2001:DB8:0::1'], own: ['198.51.100.1', '2001:db8::1'] }] },
    ['note dnssec'],
  ],
  [
    'glue with an old address',
    {
      glue: [
        { name: 'ns1.example.com', above: ['198.51.100.1'], own: ['198.51.100.1'] },
        { name: 'ns2.example.com', above: ['198.51.100.9'], own: ['198.51.100.2'] },
      ],
    },
    ['warning glue the zone above leads to other addresses', 'note dnssec'],
  ],
  [
    'glue of servers that nobody answers for',
    { glue: [{ name: 'ns1.example.com', above: ['198.51.100.9'], own: [] }] },
    ['note dnssec'],
  ],
  [
    'serials that differ',
    { servers: [server('ns1.example.net', { serial: 8 }), server('ns2.example.net')] },
    ['warning soa ns2.example.net has another version', 'note dnssec'],
  ],
  ['signed and checked', { ds: seen('DS', { ...answer, authenticated: true }), keys: seen('DNSKEY', answer) }, []],
  [
    'signed, and nobody checks',
    { ds: seen('DS', answer), keys: seen('DNSKEY', answer) },
    ['note dnssec no resolver that was asked checks'],
  ],
  ['signed without DS', { keys: seen('DNSKEY', answer) }, ['note dnssec nobody checks the signatures']],
  ['DS without keys', { ds: seen('DS', answer) }, ['critical dnssec the zone above says that the zone is signed, and it is not']],
  [
    'wrong signatures',
    { ds: seen('DS', answer), keys: seen('DNSKEY', { outcome: 'servfail', bogus: true }) },
    ['critical dnssec resolvers that check signatures cannot resolve'],
  ],
  ['no resolver answers', { ds: seen('DS', { outcome: 'timeout' }), keys: seen('DNSKEY', { outcome: 'timeout' }) }, []],
];

describe('a zone and its name servers', () => {
  test.each(cases)('%s', (_, more, expected) => {
    const findings = checkZone(zone(more));
    const bad = findings
      .filter(({ state }) => state !== 'ok')
      .map(
        ({ state, check, problem, found }) => `${state} ${check} ${state === 'note' && found === 'not signed' ? found : problem}`,
      );
    expect(bad).toHaveLength(expected.length);
    expected.forEach((line, index) => {
      expect(bad[index]?.startsWith(line)).toBe(true);
    });
    for (const { state, fix } of findings) if (state !== 'ok' && state !== 'note') expect(fix?.text).toBeTruthy();
  });

  test('of somebody else is a warning at most, and what is well there is not told', () => {
    const broken = zone({
      servers: [server('ns1.example.net', { outcome: 'servfail', authoritative: false, serial: undefined, names: [] })],
    });
    expect(checkZone(broken, { foreign: true }).map(({ state, check }) => `${state} ${check}`)).toEqual(['warning ns']);
    expect(checkZone(zone(), { foreign: true })).toEqual([]);
  });
});
