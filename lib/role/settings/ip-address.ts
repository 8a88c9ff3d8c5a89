import { isIP, isIPv4, isIPv6 } from 'node:net';
import type { Problem } from './checked';

/** An IPv4 address that this host can bind. */
export const bindableIpv4: Problem = (value) => {
  if (!isIPv4(value)) return `'${value}' is no IPv4 address: expected four numbers, e.g. 10.0.0.25${hint(value)}`;
  if (/^(127|0|22[4-9]|2[3-5]\d)\./.test(value)) {
    return `'${value}' cannot be the source of outgoing mail: give the address of the network interface, e.g. 10.0.0.25`;
  }
  return undefined;
};

/** An IPv6 address that this host can bind. */
export const bindableIpv6: Problem = (value) => {
  if (!isIPv6(value) || value.includes('%')) return `'${value}' is no IPv6 address: expected e.g. 2001:db8::25${hint(value)}`;
  if (/^(::1?$|fe[89ab]|ff)/i.test(value)) {
    return `'${value}' cannot be the source of outgoing mail: give a global address, e.g. 2001:db8::25`;
  }
  return undefined;
};

/** An address of either family. */
export const anyAddress: Problem = (value) =>
  isIP(value) && !value.includes('%')
    ? undefined
    : `'${value}' is no address: expected e.g. 203.0.113.25 or 2001:db8::25${hint(value)}`;

/** An address or a CIDR network whose members may send without a password (R19). */
export const externalNetwork: Problem = (value) => {
  const bare = value.replace(/^\[([^\]]*)\]/, '$1');
  const [address = '', prefix, ...rest] = bare.split('/');
  const family = address.includes('%') ? 0 : isIP(address);
  if (family === 0 || rest.length > 0) {
    return `'${value}' is no address or CIDR network: expected e.g. 203.0.113.0/24 or 2001:db8::/48${hint(bare)}`;
  }
  if (prefix === undefined) return undefined;
  const bits = family === 4 ? 32 : 128;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) {
    return `'${value}' has the prefix length '${prefix}': expected a number from 1 to ${bits}`;
  }
  if (Number(prefix) === 0) return `'${value}' is the whole internet: everyone could send through this host`;
  const network = maskedNetwork(address, Number(prefix), bits);
  if (network !== addressValue(address)) {
    return `'${value}' has bits set behind its prefix of ${prefix}: ${
      family === 4 ? `did you mean ${ipv4Text(network)}/${prefix} or ${address}/32` : `did you mean ${address}/128`
    }?`;
  }
  return undefined;
};

function hint(value: string): string {
  if (/^\[.*\]/.test(value)) return '; leave out the brackets';
  if (/\//.test(value)) return '; leave out the prefix length if one address is meant';
  return '';
}

/** The address as a number. */
function addressValue(address: string): bigint {
  if (isIPv4(address)) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  // A dotted tail (::ffff:203.0.113.1) is two groups.
  const tail = /(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  const groups = tail === undefined ? address : address.replace(tail, groupsOf(addressValue(tail)));
  const [head = '', rest] = groups.split('::');
  const before = head.split(':').filter(Boolean);
  const after = (rest ?? '').split(':').filter(Boolean);
  const filled = rest === undefined ? before : [...before, ...Array(8 - before.length - after.length).fill('0'), ...after];
  return filled.reduce((sum: bigint, group: string) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

function groupsOf(value: bigint): string {
  return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}

function maskedNetwork(address: string, prefix: number, bits: number): bigint {
  const shift = BigInt(bits - prefix);
  return (addressValue(address) >> shift) << shift;
}

function ipv4Text(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
}
