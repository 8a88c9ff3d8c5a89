import { DnsDefaults, type DnsParts } from '../../../lib/provider/dns/parts';
import { type Agreement, agreementRow, type DnsView, type Expectation } from '../../../lib/verify/dns';

/** DNS as a table: `MX example.com` to its values; what is not in it is no such record. */
export interface FakeDns extends DnsParts {
  /** Every look at it, as the keys that were asked for. */
  readonly looks: string[][];
  /** Those that only the zones' own servers were asked for. */
  readonly ownLooks: string[][];
  readonly waits: { readonly deadlineSeconds?: number; readonly resolvers?: readonly string[] }[];
}

export function fakeDns(table: Readonly<Record<string, readonly string[] | Partial<DnsView>[]>>, env = {}): FakeDns {
  const looks: string[][] = [];
  const ownLooks: string[][] = [];
  const waits: FakeDns['waits'][number][] = [];
  const views = ({ type, name }: Expectation): DnsView[] => {
    const found = table[`${type} ${name}`] ?? [];
    const given = found.map((each): Partial<DnsView> => (typeof each === 'string' ? { values: [each] } : each));
    const plain = given.every((_, index) => typeof found[index] === 'string');
    const base = { source: 'authoritative', server: '198.51.100.2', name: 'ns.world.test', values: [] } as const;
    if (!plain) return given.map((each) => ({ ...base, outcome: 'answer', ...each }));
    return [{ ...base, outcome: given.length > 0 ? 'answer' : 'nodata', values: given.flatMap(({ values = [] }) => values) }];
  };
  const look = (expectations: readonly Expectation[], by = (_: DnsView) => true): Agreement => {
    looks.push(expectations.map(({ type, name }) => `${type} ${name}`));
    const rows = expectations.map((each) =>
      agreementRow(each, { name: each.name, type: each.type, views: views(each).filter(by) }),
    );
    return { agreed: rows.every(({ agreed }) => agreed), rows, waitedMilliseconds: 4000 };
  };
  return {
    looks,
    ownLooks,
    waits,
    defaults: new DnsDefaults(env),
    look: async (expectations) => look(expectations),
    awaitDelegation: async () => [],
    listings: async () => [],
    lookAtOwnServers: async (expectations) => {
      ownLooks.push(expectations.map(({ type, name }) => `${type} ${name}`));
      return look(expectations, ({ source }) => source === 'authoritative');
    },
    wait: async (expectations, { deadlineSeconds, resolvers }) => {
      waits.push({ deadlineSeconds, resolvers });
      return look(expectations);
    },
  };
}
