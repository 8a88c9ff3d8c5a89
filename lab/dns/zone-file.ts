import { shortened } from '../model/conditions';
import type { CloudZone } from '../model/contracts';
import { nameServer } from '../model/world-addresses';
import { absoluteName } from './names';
import { recordData } from './record-data';

/**
 * One zone as a zone file (RFC 1035, 5), every name absolute. `serial` counts up with each change. What a customer has put into a
 * zone of the cloud is served as it is: who sets times to live in the lab sets them for the lab.
 */
export function zoneFile(zone: CloudZone, serial: number, timeFactor: number): string {
  const lines = [`${zone.name} ${shortened(soaTtl, timeFactor)} IN SOA ${soaData(zone, serial, timeFactor)}`];
  for (const { name, type, ttl, values } of zone.records) {
    if (type === 'SOA') continue;
    const isCustomers = zone.id !== undefined && !(type === 'NS' && absoluteName(name) === zone.name);
    const served = isCustomers ? ttl : shortened(ttl, timeFactor);
    for (const value of values) lines.push(`${absoluteName(name)} ${served} IN ${type} ${recordData(type, value)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Seconds: Route 53's. RFC 2308, 4: the smaller of this and the minimum is how long a "no" may be remembered. */
const soaTtl = 900;

/** As the zone says it itself, but with the serial that counts. */
function soaData(zone: CloudZone, serial: number, timeFactor: number): string {
  const own = zone.records
    .find(({ type }) => type === 'SOA')
    ?.values[0]?.trim()
    .split(/\s+/);
  const [primary = nameServer.name, mailbox = 'hostmaster.world.test.', , ...timers] = own ?? [];
  const [refresh = '7200', retry = '900', expire = '1209600', minimum = '86400'] = timers;
  const times = [refresh, retry, expire, minimum].map((seconds) => shortened(Number(seconds), timeFactor));
  return [absoluteName(primary), absoluteName(mailbox), serial, ...times].join(' ');
}

/** Name of a zone's file; `/` of classless reverse zones is not a part of a file name. */
export function zoneFileName(zone: string): string {
  return zone === '.' ? 'root.zone' : `${zone.replaceAll('/', '_')}zone`;
}
