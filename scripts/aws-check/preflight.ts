import type { Zone } from './aws';
import { type Context, learner } from './context';

/** Addresses of an account and region, until more are asked for. */
const ADDRESS_QUOTA = 5;

/** What has to be true before anything is made. @throws when a run would fail or spoil something */
export async function preflight(context: Context): Promise<Zone> {
  const { aws, zoneName, dns, report } = context;
  const learned = learner(report, 'Before');
  const [zone, second] = await aws.zones(zoneName);
  if (!zone)
    throw new Error(`there is no public zone '${zoneName}' in Route 53 of this account: name one that is delegated, with --zone`);
  if (second) throw new Error(`there are two public zones '${zoneName}', of which the world asks one: delete the other first`);
  const delegated = await delegation(context);
  const same = sameServers(delegated, zone.nameServers);
  learned('name servers of the zone, as resolvers know them', delegated.join(', ') || 'none', same);
  if (!same) {
    throw new Error(
      `'${zoneName}' is not delegated to its zone in Route 53: ${dns.resolvers.length} resolvers know ${delegated.join(', ') || 'no name servers'}, the zone has ${zone.nameServers.join(', ')}; enter these at the registrar`,
    );
  }
  const inUse = await aws.addressesInUse();
  learned('Elastic IPs in this region', `${inUse} of ${ADDRESS_QUOTA}, unless a higher quota was granted`);
  return zone;
}

async function delegation({ dns, zoneName }: Context): Promise<readonly string[]> {
  const replies = await Promise.all(dns.resolvers.map((resolver) => dns.ask(resolver, zoneName, 'NS')));
  return replies.find(({ outcome }) => outcome === 'answer')?.values ?? [];
}

function sameServers(a: readonly string[], b: readonly string[]): boolean {
  const names = (list: readonly string[]) =>
    list
      .map((name) => name.toLowerCase().replace(/\.$/, ''))
      .sort()
      .join();
  return a.length > 0 && names(a) === names(b);
}
