import { isIPv4 } from 'node:net';

/** What is wrong with an IPv4 network in CIDR notation, and the likely fix; undefined when it is one. */
export function ipv4CidrProblem(cidr: string): { readonly problem: string; readonly fix: string } | undefined {
  const [address = '', prefix, ...more] = cidr.split('/');
  if (cidr.includes(':')) return { problem: 'it is IPv6, and the host is reached by IPv4 only', fix: 'use an IPv4 network' };
  if (!isIPv4(address) || more.length > 0) return { problem: 'it is not an IPv4 network', fix: 'write it like 198.51.100.0/24' };
  if (prefix === undefined) return { problem: 'its prefix length is missing', fix: `write ${address}/32 for one address` };
  const bits = /^(0|[1-9]\d?)$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (!(bits <= 32))
    return { problem: `its prefix length "${prefix}" is not between 0 and 32`, fix: `write ${address}/32 for one address` };
  const network = networkOf(address, bits);
  return network === address
    ? undefined
    : { problem: 'it has bits set beyond its prefix length', fix: `write ${network}/${bits}` };
}

/** The prefix length of an IPv4 network; undefined when it is none. */
export function networkWidth(cidr: string): number | undefined {
  return ipv4CidrProblem(cidr) === undefined ? Number(cidr.split('/')[1]) : undefined;
}

function networkOf(address: string, bits: number): string {
  const value = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - bits);
  const network = Math.floor(value / size) * size;
  return [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join('.');
}
