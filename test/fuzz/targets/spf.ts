import { isIP } from 'node:net';
import fc from 'fast-check';
import type { Observation } from '../../../lib/verify/dns';
import { Known } from '../../../lib/verify/picture';
import { evaluateSpf } from '../../../lib/verify/spf/evaluate';
import { parseSpf } from '../../../lib/verify/spf/parse';
import { target } from '../target';
import { anyText, madeOf, mutated } from '../texts';

/** Few names, so that records refer to one another, in circles too. */
const names = ['a.test', 'b.test', 'c.test', 'd.test'] as const;
const name = fc.constantFrom(
  ...names,
  '%{d}',
  '%{i}._spf.a.test',
  '%{d}%{d}%{d}.',
  '%{s}%{l}%{o}%{h}%{v}%{dr99.-+,/_=}',
  'nowhere.test',
);
const term = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('', '+', '-', '~', '?'),
      fc.constantFrom('include:', 'a:', 'mx:', 'ptr:', 'exists:', 'redirect=', 'exp='),
      name,
    )
    .map((parts) => parts.join('')),
  fc.constantFrom(
    'all',
    '-all',
    'a',
    'mx',
    'ptr',
    'a/24',
    'mx//64',
    'ip4:198.51.100.0/24',
    'ip6:2001:db8::/32',
    'ip4:0.0.0.0/0',
    'a:b.test/33//129',
  ),
  anyText(10),
);
/** Records that refer to one another as often as a message has room: three of them are as many paths as anybody wants. */
const many = fc
  .tuple(
    fc.constantFrom(' include:b.test', ' include:c.test', ' include:d.test', ' ?include:b.test'),
    fc.integer({ min: 2, max: 4000 }),
  )
  .map(([text, times]) => `v=spf1${text.repeat(times)}`);
const record = fc.oneof(
  madeOf(term.map((text) => ` ${text}`)).map((text) => `v=spf1${text}`),
  mutated(fc.constant('v=spf1 include:a.test a mx ip4:198.51.100.7/32 ip6:2001:db8::1 exists:%{ir}.b.test redirect=c.test ~all')),
  many,
  madeOf(fc.constantFrom('%{d}', '%{s}.', '%%', '%_', 'a.')).map((text) => `v=spf1 exists:${text}a.test -all`),
);
const outcome = fc.constantFrom('answer', 'nodata', 'nxdomain', 'servfail', 'timeout', 'malformed') as fc.Arbitrary<'answer'>;

const world = fc.record({
  address: fc.constantFrom('198.51.100.7', '2001:db8::7', undefined).map((address) => address ?? null),
  records: fc.tuple(...names.map(() => fc.array(record, { maxLength: 2 }))),
  addresses: fc.array(fc.oneof(fc.ipV4(), fc.ipV6()), { maxLength: 12 }),
  exchangers: fc.array(fc.constantFrom('10 a.test.', '0 .', '20 B.TEST.', '', '5'), { maxLength: 12 }),
  outcome,
});

const alone = { addresses: [], exchangers: [], outcome: 'answer' } as const;
const hard = [
  // 27,000 ways through three records, without an address that would end it at the tenth look-up.
  ...[null, '198.51.100.7'].map((address) => ({
    ...alone,
    address,
    records: ['b', 'c', 'd'].map((next) => [`v=spf1${` include:${next}.test`.repeat(30)}`]).concat([['v=spf1 a']]),
  })),
  // A name of half a megabyte, in one label and in many.
  ...['%{d}'.repeat(15_000), `${'%{i}.'.repeat(12_000)}a.b`].map((target) => ({
    ...alone,
    address: '198.51.100.7',
    records: [[`v=spf1 a:${target}`], [], [], []],
  })),
];

type World = typeof world extends fc.Arbitrary<infer Input> ? Input : never;

const results = ['pass', 'fail', 'softfail', 'neutral', 'none', 'permerror', 'temperror'];

export const spf = target({
  name: 'spf',
  milliseconds: 500,
  input: world,
  hard: hard as unknown as World[],
  check({ address, records, addresses, exchangers, outcome }) {
    const view = { source: 'authoritative', server: '198.51.100.53', authoritative: true, milliseconds: 1, outcome } as const;
    const seen = (name: string, type: string, values: readonly string[]) =>
      ({ name, type, views: [{ ...view, values, outcome: values.length > 0 ? 'answer' : outcome }] }) as unknown as Observation;
    const family = { A: addresses.filter((each) => isIP(each) === 4), AAAA: addresses.filter((each) => isIP(each) === 6) };
    const observations = names.flatMap((each, index) => [
      seen(each, 'TXT', records[index] ?? []),
      seen(each, 'A', family.A),
      seen(each, 'AAAA', family.AAAA),
      seen(each, 'MX', exchangers),
    ]);
    const verdict = evaluateSpf(
      { domain: 'a.test', address: address ?? undefined, heloName: 'mail.a.test' },
      new Known(observations),
    );
    if (!results.includes(verdict.result)) throw new Error(`'${verdict.result}' is not a result`);
    // A receiver gives up at ten; without a receiver they are counted a little further, and never without an end.
    if (address && verdict.lookups > 11) throw new Error(`${verdict.lookups} look-ups`);
    if (verdict.lookups > 200 || verdict.needs.length > 400)
      throw new Error(`${verdict.lookups} look-ups, ${verdict.needs.length} questions`);
    for (const text of records.flat()) {
      for (const { ipv4Bits, ipv6Bits } of parseSpf(text).mechanisms) {
        if (!(ipv4Bits >= 0 && ipv4Bits <= 32 && ipv6Bits >= 0 && ipv6Bits <= 128))
          throw new Error(`${ipv4Bits}/${ipv6Bits} bits`);
      }
    }
  },
});
