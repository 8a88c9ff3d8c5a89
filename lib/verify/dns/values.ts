import { isIPv6 } from 'node:net';
import { normalizeName } from '../../dns';
import type { QueryType } from './reply';

/** Types whose data end with a name. */
const endsWithName = new Set<QueryType>(['CNAME', 'MX', 'NS', 'PTR', 'SRV']);

/** The data of a record in the one spelling that compares: names in lower case without final dot, IPv6 addresses compressed. */
export function comparable(type: QueryType, value: string): string {
  const text = value.trim();
  if (type === 'AAAA') return canonicalIpv6(text);
  if (!endsWithName.has(type)) return text;
  const words = text.split(/\s+/);
  return [...words.slice(0, -1), normalizeName(words.at(-1) ?? '')].join(' ');
}

/** Whether two sets of data are the same, whatever their order. */
export function sameValues(type: QueryType, a: readonly string[], b: readonly string[]): boolean {
  const set = (values: readonly string[]) => [...new Set(values.map((value) => comparable(type, value)))].sort().join('\n');
  return set(a) === set(b);
}

/** The canonical text of an IPv6 address (RFC 5952); anything else as it is. */
export function canonicalIpv6(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}
