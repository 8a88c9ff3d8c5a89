import { isIP } from 'node:net';

/**
 * The name whose PTR record belongs to an address: `25.100.51.198.in-addr.arpa`, or 32 nibbles below `ip6.arpa` (RFC 1035 3.5,
 * RFC 3596 2.5).
 *
 * @throws RangeError when `address` is neither an IPv4 nor an IPv6 address
 */
export function reverseName(address: string): string {
  const family = isIP(address);
  if (family === 4) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  if (family === 6) return `${[...ipv6Nibbles(address)].reverse().join('.')}.ip6.arpa`;
  throw new RangeError(`"${address}" is not an IP address`);
}

/** All 32 hexadecimal digits of an IPv6 address, whatever its spelling; the URL parser brings it into groups of hex digits. */
function ipv6Nibbles(address: string): string {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const left = groups(head);
  const right = groups(tail ?? '');
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].map((group) => group.padStart(4, '0')).join('');
}
