import type { CloudSnapshot, CloudZone } from '../contracts';
import { nameServer, rootServer, secondNameServer } from '../world/addresses';
import { absoluteName, isWithin, parentOf } from './names';
import { addressZones, record, worldZones } from './world-zones';

type ZoneRecord = CloudZone['records'][number];

/**
 * Every zone of the lab's internet, root first: what is hosted in the cloud, the rest of the world, and above them the root
 * with the delegations, so that a resolver finds its way as in the real one.
 */
export function allZones(snapshot: Pick<CloudSnapshot, 'zones' | 'elasticIps'>): CloudZone[] {
  const cloud = snapshot.zones.map(withAbsoluteNames);
  const zones = new Map<string, CloudZone>();
  // Who was first keeps the name: a zone made in the cloud does not take over a domain of somebody else.
  for (const zone of [...worldZones(), ...addressZones(snapshot.elasticIps), ...hostZones(cloud), ...cloud]) {
    if (zone.name !== '.' && !zones.has(zone.name)) zones.set(zone.name, zone);
  }
  for (const zone of addressZones(snapshot.elasticIps)) zones.set(zone.name, delegating(zone, cloud));
  return [rootZone([...zones.values()]), ...zones.values()];
}

function withAbsoluteNames(zone: CloudZone): CloudZone {
  return {
    ...zone,
    name: absoluteName(zone.name),
    records: zone.records.map((entry) => ({ ...entry, name: absoluteName(entry.name) })),
  };
}

/** Name servers of a zone, as its apex says. */
function nameServersOf(zone: CloudZone): string[] {
  return zone.records.flatMap(({ name, type, values }) => (type === 'NS' && name === zone.name ? values.map(absoluteName) : []));
}

/** Whoever owns a network of the lab's internet has the reverse names of it delegated to a zone in the cloud. */
function delegating(zone: CloudZone, cloud: readonly CloudZone[]): CloudZone {
  const below = cloud.filter(({ name }) => name !== zone.name && isWithin(name, zone.name));
  return { ...zone, records: [...zone.records, ...below.map((child) => record(child.name, 'NS', ...nameServersOf(child)))] };
}

/** The cloud's name servers have names of their own: each is one of the two addresses of the lab's name server. */
function hostZones(cloud: readonly CloudZone[]): CloudZone[] {
  const hosts = new Set(cloud.flatMap(nameServersOf).filter((host) => !cloud.some(({ name }) => isWithin(host, name))));
  return [...hosts].sort().map((host) => ({
    name: parentOf(host),
    records: [record(parentOf(host), 'NS', host), record(host, 'A', addressOf(host))],
  }));
}

/** Of a cloud's name servers (`ns-2048.awsdns-64.com.`) those with an odd number are at the second address. */
function addressOf(host: string): string {
  return Number(/^ns-(\d+)\./.exec(host)?.[1] ?? 0) % 2 === 1 ? secondNameServer.ipv4 : nameServer.ipv4;
}

/** Delegates every zone that has no parent among the others, with glue where the name server's name lies below the zone. */
function rootZone(zones: readonly CloudZone[]): CloudZone {
  const tops = zones.filter((zone) => !zones.some((other) => other !== zone && isWithin(zone.name, other.name)));
  const records: ZoneRecord[] = [record('.', 'NS', rootServer.name)];
  const servers = [rootServer, nameServer];
  const glue = new Map<string, ZoneRecord>(servers.map(({ name, ipv4 }) => [name, record(name, 'A', ipv4)]));
  for (const zone of tops) {
    const hosts = nameServersOf(zone);
    records.push(record(zone.name, 'NS', ...hosts));
    for (const host of hosts) if (isWithin(host, zone.name)) glue.set(host, record(host, 'A', addressOf(host)));
  }
  return { name: '.', records: [...records, ...glue.values()] };
}
