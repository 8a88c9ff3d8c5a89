import { isIPv4 } from 'node:net';
import { ipFamily } from './ip-family';

/** An address as a number, and how many bits it has. */
export interface AddressValue {
  readonly value: bigint;
  readonly bits: 32 | 128;
}

/** The number that an address stands for. The text must be one. */
export function addressValue(address: string): AddressValue {
  return isIPv4(address) ? { value: ipv4Value(address), bits: 32 } : { value: ipv6Value(address), bits: 128 };
}

/** The first address of the network that an address is in. */
export function networkOf(address: string, prefix: number): string {
  const { value, bits } = addressValue(address);
  const shift = BigInt(bits - prefix);
  return addressText({ value: (value >> shift) << shift, bits });
}

/** The one spelling in which Postfix looks an address up (RFC 5952): no leading zeros, lower case, longest run of zeros left out. */
export function canonicalAddress(address: string): string {
  return addressText(addressValue(address));
}

/** Whether text is an address, without the zone of an interface. */
export function isAddress(text: string): boolean {
  return ipFamily(text) !== 0 && !text.includes('%');
}

function ipv4Value(address: string): bigint {
  return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function ipv6Value(address: string): bigint {
  // A dotted tail (::ffff:203.0.113.1) is two groups.
  const tail = /(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  const value = tail === undefined ? 0n : ipv4Value(tail);
  const groups =
    tail === undefined ? address : address.replace(tail, `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`);
  const [head = '', rest] = groups.split('::');
  const before = head.split(':').filter(Boolean);
  const after = (rest ?? '').split(':').filter(Boolean);
  const filled = rest === undefined ? before : [...before, ...Array(8 - before.length - after.length).fill('0'), ...after];
  return filled.reduce((sum: bigint, group: string) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

function addressText({ value, bits }: AddressValue): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  const run = longestRun(groups);
  if (run.length < 2) return groups.join(':');
  return `${groups.slice(0, run.start).join(':')}::${groups.slice(run.start + run.length).join(':')}`;
}

function longestRun(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, index) => {
    if (group !== '0') start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  });
  return best;
}
