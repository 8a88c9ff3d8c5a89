import type { CloudZone } from '../contracts';
import { nameServer } from '../world/addresses';
import { absoluteName } from './names';
import { recordData } from './record-data';

/** One zone as a zone file (RFC 1035, 5), every name absolute. `serial` counts up with each change. */
export function zoneFile(zone: CloudZone, serial: number): string {
  const lines = [`$TTL 300`, `${zone.name} 900 IN SOA ${soaData(zone, serial)}`];
  for (const { name, type, ttl, values } of zone.records) {
    if (type === 'SOA') continue;
    for (const value of values) lines.push(`${absoluteName(name)} ${ttl} IN ${type} ${recordData(type, value)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** As the zone says it itself, but with the serial that counts. */
function soaData(zone: CloudZone, serial: number): string {
  const own = zone.records
    .find(({ type }) => type === 'SOA')
    ?.values[0]?.trim()
    .split(/\s+/);
  const [primary = nameServer.name, mailbox = 'hostmaster.world.test.', , ...timers] = own ?? [];
  const [refresh = '7200', retry = '900', expire = '1209600', minimum = '60'] = timers;
  return [absoluteName(primary), absoluteName(mailbox), serial, refresh, retry, expire, minimum].join(' ');
}

/** Name of a zone's file; `/` of classless reverse zones is no part of a file name. */
export function zoneFileName(zone: string): string {
  return zone === '.' ? 'root.zone' : `${zone.replaceAll('/', '_')}zone`;
}
