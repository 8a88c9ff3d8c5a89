import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, Known } from '../../../lib/verify/picture';
import { evaluateSpf } from '../../../lib/verify/spf/evaluate';

type Datum = 'TIMEOUT' | Readonly<Record<string, string | readonly (string | number)[]>>;

interface Group {
  readonly group: string;
  readonly tests: Readonly<
    Record<
      string,
      {
        readonly spec: string | number;
        readonly helo: string;
        readonly host: string;
        readonly mailfrom: string;
        readonly result: string | readonly string[];
        readonly explanation?: string;
      }
    >
  >;
  readonly zonedata: Readonly<Record<string, readonly Datum[]>>;
}

/** The public test suite for RFC 7208, release 2014.04, whole and unchanged. */
const groups: readonly Group[] = JSON.parse(readFileSync(join(__dirname, 'rfc7208-tests.json'), 'utf8'));

/** DNS as a group of the suite describes it. `SPF` stands for a TXT record, where the name has none. */
class SuiteDns extends Known {
  private readonly zone: ReadonlyMap<string, readonly Datum[]>;

  constructor(data: Group['zonedata']) {
    super([]);
    this.zone = new Map(Object.entries(data).map(([name, records]) => [name.toLowerCase(), records]));
  }

  override answer(name: string, type: string, aliases = 0): Answer {
    const answer = (outcome: Answer['outcome'], values: readonly string[] = []): Answer => {
      return { outcome, values, aliases: [], dissent: [], silent: [] };
    };
    const records = this.zone.get(name.replace(/\.$/, '').toLowerCase());
    if (records === undefined) return answer('nxdomain');
    const hasTxt = records.some((each) => each !== 'TIMEOUT' && 'TXT' in each);
    const kinds = type === 'TXT' && !hasTxt ? ['TXT', 'SPF'] : [type];
    const values: string[] = [];
    for (const datum of records) {
      if (datum === 'TIMEOUT') {
        if (values.length === 0) return answer('timeout');
        continue;
      }
      const [[kind = '', value = ''] = []] = Object.entries(datum);
      if (kind === 'CNAME') return aliases > 8 ? answer('servfail') : this.answer(String(value), type, aliases + 1);
      if (!kinds.includes(kind) || value === 'NONE') continue;
      values.push(Array.isArray(value) ? value.join(kind === 'MX' ? ' ' : '') : String(value));
    }
    return values.length === 0 ? answer('nodata') : answer('answer', values);
  }
}

const cases = groups.flatMap(({ group, tests, zonedata }) =>
  Object.entries(tests).map(([name, test]) => ({ name: `${group}: ${name}`, test, dns: new SuiteDns(zonedata) })),
);

test('the suite is whole', () => {
  expect([groups.length, cases.length]).toEqual([16, 203]);
});

test.each(cases.map((each) => [each.name, each] as const))(
  '%s',
  (_, { test: { helo, host, mailfrom, result, explanation }, dns }) => {
    const sender = mailfrom === '' ? `postmaster@${helo}` : mailfrom;
    const domain = sender.slice(sender.lastIndexOf('@') + 1);
    const verdict = evaluateSpf({ domain, sender, address: host, heloName: helo }, dns);
    expect([result].flat()).toContain(verdict.result);
    expect(verdict.needs).toEqual([]);
    if (explanation !== undefined) expect(verdict.explanation ?? 'DEFAULT').toBe(explanation);
  },
);
