import { DnsDefaults, type DnsParts } from '../../../lib/provider/dns/parts';
import { type Agreement, agreementRow, type DnsView, type Expectation } from '../../../lib/verify/dns';

/** DNS as a table: `MX example.com` to its values; what is not in it is no such record. */
export interface FakeDns extends DnsParts {
  /** Every look at it, as the keys that were asked for. */
  readonly looks: string[][];
  readonly waits: { readonly deadlineSeconds?: number; readonly resolvers?: readonly string[] }[];
}

export function fakeDns(table: Readonly<Record<string, readonly string[] | Partial<DnsView>[]>>, env = {}): FakeDns {
  const looks: string[][] = [];
  const waits: FakeDns['waits'][number][] = [];
  const views = ({ type, name }: Expectation): DnsView[] => {
    const found = table[`${type} ${name}`] ?? [];
    const given = found.map((each): Partial<DnsView> => (typeof each === 'string' ? { values: [each] } : each));
    const plain = given.every((_, index) => typeof found[index] === 'string');
    const base = { source: 'authoritative', server: '198.51.100.2', name: 'ns.world.test', values: [] } as const;
    if (!plain) return given.map((each) => ({ ...base, outcome: 'answer', ...each }));
    return [{ ...base, outcome: given.length > 0 ? 'answer' : 'nodata', values: given.flatMap(({ values = [] }) => values) }];
  };
  const look = (expectations: readonly Expectation[]): Agreement => {
    looks.push(expectations.map(({ type, name }) => `${type} ${name}`));
    const rows = expectations.map((each) => agreementRow(each, { name: each.name, type: each.type, views: views(each) }));
    return { agreed: rows.every(({ agreed }) => agreed), rows, waitedMilliseconds: 4000 };
  };
  return {
    looks,
    waits,
    defaults: new DnsDefaults(env),
    look: async (expectations) => look(expectations),
    wait: async (expectations, { deadlineSeconds, resolvers }) => {
      waits.push({ deadlineSeconds, resolvers });
      return look(expectations);
    },
  };
}
