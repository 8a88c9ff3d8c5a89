import type { CloudSnapshot, CloudZone } from '../model/contracts';
import { nameServer, rootServer } from '../model/world-addresses';
import { addressOf, nameServersOf, serverOf } from './name-servers';
import { absoluteName, isWithin, parentOf } from './names';
import type { Registry } from './registry';
import { addressZones, record, worldZones } from './world-zones';

type ZoneRecord = CloudZone['records'][number];

/** A zone and which of `cloudNameServers` has it; the root has a server of its own. */
export interface ServedZone {
  readonly zone: CloudZone;
  readonly server: number;
}

/**
 * Every zone of the lab's internet, root first: what is hosted in the cloud, the rest of the world, and above them the root with
 * the delegations, so that a resolver finds its way as in the real one.
 * @param registry Where the domains of the cloud's customers lead to: a zone that is in none is found by nobody who does not ask its
 * own name servers.
 */
export function allZones(snapshot: Pick<CloudSnapshot, 'zones' | 'elasticIps'>, registry: Registry): ServedZone[] {
  const cloud = snapshot.zones.map(withAbsoluteNames);
  const worlds = [...worldZones(), ...addressZones(snapshot.elasticIps)];
  const own = new Set(worlds.map(({ name }) => name));
  // A zone made in the cloud does not take over a domain of somebody else, whatever a registrar is reported.
  const entries = new Map([...registry].filter(([name]) => !own.has(name)));
  const zones = new Map<string, CloudZone>();
  for (const zone of [...worlds.map((one) => delegating(one, entries)), ...hostZones(cloud)]) zones.set(zone.name, zone);
  const served = [...zones.values()].map((zone) => ({ zone, server: 0 }));
  for (const zone of cloud) {
    const server = serverOf(zone);
    const isTaken = served.some((other) => other.zone.name === zone.name && other.server === server);
    if (zone.name !== '.' && !isTaken) served.push({ zone, server });
  }
  return [{ zone: rootZone([...zones.values()], entries), server: 0 }, ...served];
}

function withAbsoluteNames(zone: CloudZone): CloudZone {
  return {
    ...zone,
    name: absoluteName(zone.name),
    records: zone.records.map((entry) => ({ ...entry, name: absoluteName(entry.name) })),
  };
}

/** Whoever owns a network of the lab's internet has the reverse names of it delegated. */
function delegating(zone: CloudZone, registry: Registry): CloudZone {
  const below = [...registry].filter(([name]) => name !== zone.name && isWithin(name, zone.name));
  return { ...zone, records: [...zone.records, ...below.map(([name, hosts]) => delegation(name, hosts))] };
}

/** Seconds: what the registries of com and net give. */
const delegationTtl = 172_800;

const delegation = (name: string, hosts: readonly string[]): ZoneRecord => ({
  name,
  type: 'NS',
  ttl: delegationTtl,
  values: hosts,
});

/** The cloud's name servers have names of their own, many in one domain; each is one of the addresses of the lab's name servers. */
function hostZones(cloud: readonly CloudZone[]): CloudZone[] {
  const hosts = [...new Set(cloud.flatMap(nameServersOf))].filter((host) => !cloud.some(({ name }) => isWithin(host, name)));
  const domains = [...new Set(hosts.map(parentOf))].sort();
  return domains.map((name) => {
    const own = hosts.filter((host) => parentOf(host) === name).sort();
    return { name, records: [record(name, 'NS', nameServer.name), ...own.map((host) => record(host, 'A', addressOf(host)))] };
  });
}

/**
 * Delegates the world's zones and what is registered, where there is no parent among these, with glue where the name server's name
 * is below the zone.
 */
function rootZone(zones: readonly CloudZone[], registry: Registry): CloudZone {
  const delegated = new Map([...zones.map((zone) => [zone.name, nameServersOf(zone)] as const), ...registry]);
  const names = [...delegated.keys()];
  const records: ZoneRecord[] = [record('.', 'NS', rootServer.name)];
  const servers = [rootServer, nameServer];
  const glue = new Map<string, ZoneRecord>(servers.map(({ name, ipv4 }) => [name, record(name, 'A', ipv4)]));
  for (const [name, hosts] of delegated) {
    if (names.some((other) => other !== name && isWithin(name, other))) continue;
    records.push(delegation(name, hosts));
    for (const host of hosts) if (isWithin(host, name)) glue.set(host, record(host, 'A', addressOf(host)));
  }
  return { name: '.', records: [...records, ...glue.values()] };
}
