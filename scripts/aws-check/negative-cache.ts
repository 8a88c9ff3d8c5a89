import type { Zone } from './aws';
import { until } from './clock';
import { type Context, learner, makeRecord, seconds } from './context';
import type { Record } from './journal';

/** The SOA of Route 53's zones: the smaller of its own time to live and its minimum counts (RFC 2308). Seconds. */
const NEGATIVE_TTL = 900;
const LONGEST = NEGATIVE_TTL + 300;

/**
 * How long resolvers remember that a name does not exist: they are asked for one before it is made, and again and again after.
 *
 * @returns the waiting, which goes on while other steps run
 */
export async function negativeCache(context: Context, zone: Zone, address: string): Promise<() => Promise<void>> {
  const { dns, run, zoneName, report } = context;
  const learned = learner(report, 'Memory of resolvers');
  const record: Record = { name: `missing.${run}.${zoneName}`, type: 'A', ttl: 60, value: address };
  const before = await Promise.all(dns.resolvers.map((resolver) => dns.ask(resolver, record.name, 'A')));
  dns.resolvers.forEach((resolver, index) => {
    const soa = before[index]?.records.find(({ type }) => type === 'SOA');
    const outcome = before[index]?.outcome ?? 'no answer';
    learned(`${resolver} asked for a missing name`, `${outcome}${soa ? `, SOA for ${soa.ttl} s` : ''}`, outcome === 'nxdomain');
  });
  const { value, seconds: took } = await makeRecord(context, zone, record);
  learned('a new record is INSYNC', value ? seconds(took) : 'not within 10 minutes', Boolean(value) && took <= 120);
  const waiting = Promise.all(dns.resolvers.map((resolver) => remembered(context, resolver, record)));
  // Told at the end; an abort in between is that of everything.
  waiting.catch(() => undefined);
  return async () => {
    for (const [resolver, took] of await waiting) {
      const answer = took === undefined ? `longer than ${LONGEST} s` : seconds(took);
      learned(`${resolver} remembers the missing name`, answer, took !== undefined && took <= NEGATIVE_TTL + 30);
    }
  };
}

async function remembered(
  { dns, clock, signal }: Context,
  resolver: string,
  { name, value: wanted }: Record,
): Promise<readonly [resolver: string, seconds: number | undefined]> {
  const look = async () => {
    const { values } = await dns.ask(resolver, name, 'A');
    return values.includes(wanted) ? true : undefined;
  };
  const { value, seconds: took } = await until<true>(look, { clock, everySeconds: 10, atMostSeconds: LONGEST, signal });
  return [resolver, value && took];
}
