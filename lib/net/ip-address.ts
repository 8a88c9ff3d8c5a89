import { isIPv4, isIPv6 } from 'node:net';
import type { Problem } from '../settings/vocabulary';
import { canonicalAddress, isAddress, networkOf } from './ip-network';
import { WIDEST } from './public-addresses';

/** An IPv4 address that this host can bind. */
export const bindableIpv4: Problem = (value) => {
  if (!isIPv4(value)) return `${quoted(value)} is not an IPv4 address: expected four numbers, e.g. 10.0.0.25${hint(value)}`;
  if (/^(127|0|22[4-9]|2[3-5]\d)\./.test(value)) {
    return `'${value}' cannot be the source of outgoing mail: give the address of the network interface, e.g. 10.0.0.25`;
  }
  return undefined;
};

/** An IPv4 address under which the world reaches a machine. */
export const publicIpv4: Problem = (value) => {
  if (!isIPv4(value)) return `'${value}' is not an IPv4 address: expected four numbers, e.g. 198.51.100.25${hint(value)}`;
  if (/^(127|0|169\.254|22[4-9]|2[3-5]\d)\./.test(value))
    return `'${value}' is not an address of a machine that the world could reach`;
  if (/^(10|172\.(1[6-9]|2\d|3[01])|192\.168|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(value)) {
    return `'${value}' is an address of a private network, which the world cannot reach: give the public one, and this one as bindIpv4`;
  }
  return undefined;
};

/** An IPv6 address that this host can bind. */
export const bindableIpv6: Problem = (value) => {
  if (!isIPv6(value) || value.includes('%')) {
    return `${quoted(value)} is not an IPv6 address: expected e.g. 2001:db8::25${hint(value)}`;
  }
  if (/^(::1?$|fe[89ab]|ff|::ffff:)/i.test(value)) {
    return `'${value}' cannot be the source of outgoing mail: give a global address, e.g. 2001:db8::25`;
  }
  return undefined;
};

/** An IPv6 address under which the world reaches a machine. */
export const publicIpv6: Problem = (value) => {
  const problem = bindableIpv6(value);
  if (problem !== undefined) return `${problem}; or leave it out, and mail is sent over IPv4 only`;
  if (!/^f[cd]/i.test(value)) return undefined;
  return `'${value}' is an address of a private network, which the world cannot reach: give the public one, or leave it out`;
};

/** An address of either family. */
export const anyAddress: Problem = (value) =>
  isAddress(value) ? undefined : `${quoted(value)} is not an address: expected e.g. 203.0.113.25 or 2001:db8::25${hint(value)}`;

/** An address of either family that others can send to or ask: not "all addresses", no multicast. */
export const hostAddress: Problem = (value) => {
  const problem = anyAddress(value);
  if (problem !== undefined) return problem;
  return /^(0\.|22[4-9]\.|2[3-5]\d\.|::$|ff)/i.test(value) ? `'${value}' is the address of no host` : undefined;
};

/** An address or a CIDR network whose members may send without a password. */
export const externalNetwork: Problem = (value) => {
  const bare = value.replace(/^\[([^\]]*)\]/, '$1');
  const [address = '', prefix, ...rest] = bare.split('/');
  if (!isAddress(address) || rest.length > 0) {
    return `${quoted(value)} is not an address or CIDR network: expected e.g. 203.0.113.0/24 or 2001:db8::/48${networkHint(bare)}`;
  }
  const bits = isIPv4(address) ? 32 : 128;
  if (prefix !== undefined && (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits)) {
    return `'${value}' has the prefix length '${prefix}': expected a number from 1 to ${bits}`;
  }
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) {
    return `'${value}' is an IPv4 address in IPv6 dress, which no client is known by: write ${mapped}${
      Number(prefix ?? bits) >= 96 && prefix !== undefined ? `/${Number(prefix) - 96}` : ''
    }`;
  }
  if (prefix === undefined) return undefined;
  return widthProblem(value, address, Number(prefix)) ?? hostBitsProblem(value, address, Number(prefix), bits);
};

/** Two spellings of one network are one. */
export function sameNetwork(value: string): string {
  const [address = '', prefix] = value.replace(/^\[([^\]]*)\]/, '$1').split('/');
  return isAddress(address) ? `${canonicalAddress(address)}/${prefix ?? (isIPv4(address) ? 32 : 128)}` : value;
}

/** Unique local addresses (RFC 4193) come as /7 at most. */
function widthProblem(value: string, address: string, prefix: number): string | undefined {
  if (prefix === 0) return `'${value}' is the whole internet: everyone could send through this host`;
  const widest = isIPv4(address) ? WIDEST[32] : /^f[cd]/i.test(address) ? 7 : WIDEST[128];
  if (prefix >= widest) return undefined;
  return `'${value}' is a large part of the internet, and all of it could send through this host: the widest network taken is /${widest}`;
}

function hostBitsProblem(value: string, address: string, prefix: number, bits: number): string | undefined {
  const network = networkOf(address, prefix);
  if (network === canonicalAddress(address)) return undefined;
  return `'${value}' has bits set behind its prefix of ${prefix}: did you mean ${network}/${prefix} or ${address}/${bits}?`;
}

function hint(value: string): string {
  if (/^\[.*\]/.test(value)) return '; leave out the brackets';
  if (/\//.test(value)) return '; leave out the prefix length if one address is meant';
  if (/^\d+\.\d+\.\d+\.\d+:\d+$/.test(value)) return '; leave out the port';
  if (/^0|\.0\d/.test(value) && isIPv4(value.replace(/(^|\.)0+(?=\d)/g, '$1'))) return '; leave out the leading zeros';
  return /^\s|\s$/.test(value) ? '; leave out the white space' : '';
}

function networkHint(value: string): string {
  if (/^\d[\d.]*-\s*\d[\d.]*$/.test(value)) return '; a range has to be written as networks';
  if (/,/.test(value)) return '; give every network an entry of its own';
  if (/\*/.test(value)) return '; in place of * give the prefix length';
  return /\/.*\//.test(value) ? '' : hint(value.split('/')[0] ?? '');
}

const quoted = (value: string) => (/[\r\n\t]/.test(value) ? JSON.stringify(value) : `'${value}'`);
