import { normalizeName } from '../../dns';
import { type Clock, realClock } from './clock';
import { moreTime } from './memory';
import { DnsObserver, type ObserverOptions } from './observer';

/** A zone, and the name servers that hold it. */
export type ZoneServers = Readonly<Record<string, readonly string[]>>;

/** Why the world does not ask a zone's name servers. */
export interface NotDelegated {
  readonly zone: string;
  /** In sentences, with what to do. */
  readonly problem: string;
}

export interface AwaitDelegationOptions extends ObserverOptions {
  /** How long to wait, in seconds; 0: look once. */
  readonly deadlineSeconds: number;
  readonly signal?: AbortSignal;
  /** One line at each look: for what is waited, and how long at most. */
  readonly onProgress?: (line: string) => void;
  /** The time, for tests. */
  readonly clock?: Clock;
}

/** Milliseconds between two looks: registries publish once a minute at best. */
const interval = 5000;

/**
 * Looks whether the world is sent to these name servers: the zone above is asked at its own servers, which remember nothing. One of
 * them is enough: what the others hold is the agreement's to tell. A zone above that does not answer is not an objection.
 */
export async function notDelegated(zones: ZoneServers, options: ObserverOptions = {}): Promise<readonly NotDelegated[]> {
  const observer = new DnsObserver(options);
  const all = await Promise.all(
    Object.entries(zones).map(async ([zone, servers]): Promise<readonly NotDelegated[]> => {
      const found = await observer.namedAbove(zone);
      if (!found || (await isAmong(found.names, servers, observer))) return [];
      return [{ zone, problem: problem(zone, servers, found) }];
    }),
  );
  return all.flat();
}

/** Looks until there is nothing to say, the deadline passes, or `signal` ends the wait; gives the last look. */
export async function awaitDelegation(zones: ZoneServers, options: AwaitDelegationOptions): Promise<readonly NotDelegated[]> {
  const { deadlineSeconds, signal, onProgress, clock = realClock, ...observer } = options;
  const end = clock.now() + deadlineSeconds * 1000;
  for (;;) {
    const found = await notDelegated(zones, observer);
    const left = end - clock.now();
    if (found.length === 0 || left <= 0 || signal?.aborted) return found;
    onProgress?.(`waiting for a delegation, for ${moreTime(left / 1000)} at most: ${found[0]?.problem}`);
    await clock.sleep(Math.min(interval, left), signal);
  }
}

/** By name, or by address: a zone may have its name servers under names of its owner. */
async function isAmong(found: readonly string[], servers: readonly string[], observer: DnsObserver): Promise<boolean> {
  const expected = new Set(servers.map(normalizeName));
  if (found.some((name) => expected.has(name))) return true;
  if (found.length === 0) return false;
  const [theirs, ours] = await Promise.all([addressesOf(found, observer), addressesOf([...expected], observer)]);
  return theirs.some((address) => ours.includes(address));
}

async function addressesOf(names: readonly string[], observer: DnsObserver): Promise<readonly string[]> {
  const all = await Promise.all(names.map((name) => observer.nameServer(name)));
  return all.flatMap(({ addresses }) => addresses.map(({ address }) => address));
}

function problem(
  zone: string,
  servers: readonly string[],
  { above, names }: { above: string; names: readonly string[] },
): string {
  const list = servers.map(normalizeName).sort().join(', ');
  const isRegistry = above === '.' || !above.includes('.');
  const where = isRegistry ? 'at its registrar' : `at its registrar, or as NS records of ${zone} in the zone ${above},`;
  if (names.length === 0) {
    return `${zone} is not delegated: the name servers of ${above === '.' ? 'the root' : above} know of no such zone. Enter ${where} these name servers: ${list}`;
  }
  return (
    `${zone} is delegated to ${[...names].sort().join(', ')}, which do not hold this zone: nobody sees what is written to it. If they ` +
    `hold another hosted zone of ${zone}, use that one by its id: zones: { '${zone}': { zoneId: '…' } } (aws route53 ` +
    `list-hosted-zones-by-name --dns-name ${zone}). Otherwise enter ${where} these name servers instead: ${list}`
  );
}
