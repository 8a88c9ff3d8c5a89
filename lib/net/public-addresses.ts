import { addressValue, isAddress } from './ip-network';

interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

type Bits = 32 | 128;

/** Networks of the internet that are taken for one office are no wider than this, each for itself and all together. */
export const WIDEST: Readonly<Record<Bits, number>> = { 32: 8, 128: 16 };

/** Of the IANA registries of special-purpose addresses: those that nobody on the internet has. */
const SPECIAL: Readonly<Record<Bits, readonly Range[]>> = {
  32: ['0.0.0.0/8', '10.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', '240.0.0.0/4'].map(range),
  128: ['fc00::/7', 'fe80::/10', '2001:db8::/32'].map(range),
};

/** How many addresses of the internet some networks have together. What is not a network counts for nothing. */
export function publicAddresses(networks: readonly string[], bits: Bits): bigint {
  const ranges = networks
    .map((network) => network.replace(/^\[([^\]]*)\]/, '$1'))
    .filter((network) => isAddress(network.split('/')[0] ?? '') && addressValue(network.split('/')[0] as string).bits === bits)
    .map(range)
    .filter(({ first, last }) => !SPECIAL[bits].some((special) => special.first <= first && last <= special.last))
    .sort((one, other) => (one.first < other.first ? -1 : 1));
  let sum = 0n;
  let reached = -1n;
  for (const { first, last } of ranges) {
    const from = first > reached ? first : reached + 1n;
    if (last >= from) sum += last - from + 1n;
    if (last > reached) reached = last;
  }
  return sum;
}

function range(network: string): Range {
  const [address = '', prefix] = network.split('/');
  const { value, bits } = addressValue(address);
  const size = 1n << BigInt(bits - Math.min(bits, Number(prefix ?? bits)));
  return { first: (value / size) * size, last: (value / size) * size + size - 1n };
}
