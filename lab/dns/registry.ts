import type { CloudZone } from '../model/contracts';
import { nameServersOf } from './name-servers';
import { absoluteName } from './names';

/** Whom the world asks about a domain: what its owner has entered at a registrar, by absolute name; nothing: not delegated. */
export type Registry = ReadonlyMap<string, readonly string[]>;

/** What is to be entered for a domain: the name servers of its one zone in the cloud, or those in `to`; an empty list for none. */
export interface Entry {
  readonly zone: string;
  readonly to?: readonly string[];
}

/**
 * The registry with one more entry, or another one in its place.
 * @throws when it is not known where the domain should lead to.
 */
export function withEntry(registry: Registry, zones: readonly CloudZone[], { zone, to }: Entry): Registry {
  const name = absoluteName(zone);
  return new Map([...registry, [name, (to ?? hostsOf(zones, name)).map(absoluteName)]]);
}

/** With every zone of the cloud delegated: of several with one name the one that was there first. */
export function withAll(registry: Registry, zones: readonly CloudZone[]): Registry {
  const entries = new Map<string, readonly string[]>();
  for (const zone of zones.map(named)) {
    const hosts = nameServersOf(zone);
    const isEarlier = registry.get(zone.name)?.join() === hosts.join();
    if (isEarlier || !entries.has(zone.name)) entries.set(zone.name, hosts);
  }
  return entries;
}

function hostsOf(zones: readonly CloudZone[], name: string): readonly string[] {
  const same = zones.filter((zone) => absoluteName(zone.name) === name);
  const [first] = same;
  if (!first) {
    const known = zones.map((zone) => zone.name.replace(/\.$/, '')).join(', ') || 'none';
    throw new Error(`Route 53 has no zone ${name.replace(/\.$/, '')} in this lab; there are: ${known}`);
  }
  if (same.length > 1) {
    const choices = same.map((zone) => `  ${zone.id}: ${nameServersOf(named(zone)).map(plain).join(' ')}`);
    throw new Error(
      `${plain(name)} has ${same.length} zones; say which name servers the world should ask:\n${choices.join('\n')}`,
    );
  }
  return nameServersOf(named(first));
}

const plain = (name: string) => name.replace(/\.$/, '');

/** Its apex has the zone's own name, which Route 53 may write differently. */
function named(zone: CloudZone): CloudZone {
  const records = zone.records.map((entry) => ({ ...entry, name: absoluteName(entry.name) }));
  return { ...zone, name: absoluteName(zone.name), records };
}
