import type { CloudZone } from '../model/contracts';
import { cloudNameServers, nameServer } from '../model/world-addresses';
import { absoluteName } from './names';

/** Number of a name server of Route 53: 1447 of `ns-1447.awsdns-52.org.`; undefined for others. */
function numberOf(host: string): number | undefined {
  const digits = /^ns-(\d+)\.awsdns-\d+\./.exec(host)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Which of the lab's servers has the zones that a name server of Route 53 answers for: `lab/aws/rules/name_servers.py`. */
function indexOf(host: string): number {
  return (numberOf(host) ?? 0) % cloudNameServers.length;
}

/** The server that has a zone; zones of one name are at different ones. */
export function serverOf(zone: CloudZone): number {
  const [host] = nameServersOf(zone);
  return zone.id === undefined || host === undefined ? 0 : indexOf(host);
}

/** Each of a zone's four name servers is at one of two addresses: those in net and co.uk are at the second. */
export function addressOf(host: string): string {
  const pair = cloudNameServers[indexOf(host)] ?? [nameServer, nameServer];
  return pair[Math.floor((numberOf(host) ?? 0) / 512) % 2 === 1 ? 1 : 0].ipv4;
}

/** Name servers of a zone, as its apex says. */
export function nameServersOf(zone: CloudZone): string[] {
  return zone.records.flatMap(({ name, type, values }) => (type === 'NS' && name === zone.name ? values.map(absoluteName) : []));
}
