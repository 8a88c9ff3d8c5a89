import { normalizeName } from '../../../lib/dns';
import type {
  CollectOptions,
  DnsObserver,
  DnsOutcome,
  DnsPicture,
  DnsQuestion,
  Observation,
  VerifySubject,
} from '../../../lib/verify';
import { collectRecords } from '../../../lib/verify/collect/records';

export type { CollectOptions };

/**
 * What DNS holds: `{ 'example.com MX': ['10 mail.example.com.'] }`. Instead of values an outcome of all servers (`servfail`), or
 * what each of several servers says: `{ 'ns1': [...], 'resolver': [...] }`.
 */
export type Records = Readonly<
  Record<string, readonly string[] | DnsOutcome | 'bogus' | Readonly<Record<string, readonly string[] | DnsOutcome>>>
>;

/** A picture as the collector takes it, of a world that is data. */
export async function pictureOf(subject: VerifySubject, records: Records): Promise<DnsPicture> {
  const look = async (question: DnsQuestion) => observationOf(question, records);
  const observer = { observe: look, resolve: look } as unknown as DnsObserver;
  return { observations: await collectRecords(subject, observer), zones: [], listings: [] };
}

function observationOf({ name, type }: DnsQuestion, records: Records): Observation {
  const entries = new Map(Object.entries(records).map(([key, value]) => [keyOf(key), value]));
  const found = entries.get(keyOf(`${name} ${type}`));
  const base = { name, type, zone: 'example.com' };
  if (found === 'bogus') return { ...base, views: [{ ...server('resolver'), outcome: 'servfail', bogus: true, values: [] }] };
  if (typeof found === 'string') return { ...base, views: [{ ...server('ns1'), outcome: found, values: [] }] };
  if (found && !Array.isArray(found)) {
    return { ...base, views: Object.entries(found).map(([who, said]) => ({ ...server(who), ...heard(said) })) };
  }
  const alias = entries.get(keyOf(`${name} CNAME`)) as readonly string[] | undefined;
  if (!found && alias) {
    const end = observationOf({ name: normalizeName(alias[0] ?? ''), type }, records).views[0];
    return {
      ...base,
      views: [
        {
          ...server('resolver'),
          outcome: end?.outcome === 'answer' ? 'answer' : 'alias',
          values: end?.values ?? [],
          aliases: alias,
        },
      ],
    };
  }
  if (found)
    return {
      ...base,
      views: [
        { ...server('ns1'), ...heard(found as readonly string[]) },
        { ...server('resolver'), ...heard(found as readonly string[]) },
      ],
    };
  const exists = [...entries.keys()].some(
    (key) => key.startsWith(`${normalizeName(name)} `) || key.includes(`.${normalizeName(name)} `),
  );
  return { ...base, views: [{ ...server('ns1'), outcome: exists ? 'nodata' : 'nxdomain', values: [] }] };
}

function keyOf(text: string): string {
  const at = text.lastIndexOf(' ');
  return `${normalizeName(text.slice(0, at))} ${text.slice(at + 1)}`;
}

const heard = (said: readonly string[] | DnsOutcome) =>
  typeof said === 'string'
    ? { outcome: said, values: [] }
    : { outcome: said.length > 0 ? ('answer' as const) : ('nodata' as const), values: said };

const server = (who: string) =>
  who.startsWith('ns')
    ? { source: 'authoritative' as const, server: '198.51.100.2', name: `${who}.example.com` }
    : { source: 'resolver' as const, server: '198.51.100.3' };
