import * as z from 'zod/mini';
import { bindableIpv6 } from '../../net/ip-address';
import { canonicalAddress, networkOf } from '../../net/ip-network';
import { group } from '../../settings/group';
import { optional } from '../../settings/property';
import { distinct, flag, type Problem, text } from '../../settings/vocabulary';
import { ipv6PoolId, subnetId, zoneOfRegion } from './ec2-ids';
import { ipv4CidrProblem, networkWidth } from './ipv4-cidr';

/** Wider ones are no office any more; the largest private network is as wide. */
export const WIDEST_OFFICE = 8;

const ipv4Network: Problem = (value) => {
  const wrong = ipv4CidrProblem(value);
  return wrong && `${wrong.problem}; ${wrong.fix}`;
};

/** Networks that may reach port 22: one rule of the firewall each. */
export const adminCidrs = distinct(text(ipv4Network)).check(
  z.minLength(1, {
    error: () =>
      'the list is empty, so nobody could reach port 22; name the networks you administer from, e.g. ["198.51.100.1/32"]',
  }),
);

/** A network of administrators that has to be meant: SSH would be open to far more than an office. */
export function* tooOpen({
  adminCidrs,
  openSshToWorld,
}: AdminNetworks): Generator<{ path: (string | number)[]; message: string }> {
  if (openSshToWorld) return;
  for (const [index, cidr] of adminCidrs.entries()) {
    const width = networkWidth(cidr);
    if (width === undefined || width >= WIDEST_OFFICE) continue;
    const whom = width === 0 ? 'the whole Internet' : `1/${2 ** width} of the Internet`;
    const message = `'${cidr}' opens SSH to ${whom}; name your own networks, or set openSshToWorld: true if it is meant`;
    yield { path: ['adminCidrs', index], message };
  }
}

interface AdminNetworks {
  readonly adminCidrs: readonly string[];
  readonly openSshToWorld?: boolean;
}

/** Who may reach port 22. */
export const firewallSettings = group({ adminCidrs, openSshToWorld: flag() }).check((context) => {
  for (const { path, message } of tooOpen(context.value)) {
    context.issues.push({ code: 'custom', message, input: context.value, path });
  }
});

/** Addresses that AWS lays no VPC out in, next to those that are no network. */
const vpcBlock: Problem = (value) => {
  const problem = ipv4Network(value);
  if (problem !== undefined) return problem;
  const width = networkWidth(value) ?? 0;
  if (width < 16 || width > 28) return 'EC2 takes prefix lengths 16 to 28; use e.g. 10.25.0.0/24';
  return /^(0|127|169\.254|22[4-9]|2[3-5]\d)\./.test(value)
    ? 'it is reserved and no network of machines; use e.g. 10.25.0.0/24'
    : undefined;
};

/** EC2 takes prefixes of a VPC in steps of four bits. */
const ipv6Block: Problem = (value) => {
  const [address = '', length = '', ...more] = value.split('/');
  if (bindableIpv6(address) !== undefined || more.length > 0 || !/^\d{1,3}$/.test(length))
    return `'${value}' is not an IPv6 prefix: expected e.g. 2001:db8:25::/56`;
  const bits = Number(length);
  if (bits < 44 || bits > 60 || bits % 4 !== 0) return `'${value}': EC2 takes prefix lengths 44, 48, 52, 56 and 60`;
  const network = networkOf(address, bits);
  return network === canonicalAddress(address)
    ? undefined
    : `'${value}' has bits set beyond its prefix length: write ${network}/${bits}`;
};

const zone = { availabilityZone: optional(text(zoneOfRegion)) };

/** What a VPC of the host's own is made of. */
export const newVpcSettings = group({
  cidrBlock: optional(text(vpcBlock)),
  ipv6CidrBlock: optional(text(ipv6Block)),
  ipv6Pool: optional(text(ipv6PoolId)),
  ...zone,
}).check((context) => {
  const { ipv6CidrBlock: block, ipv6Pool: pool } = context.value;
  if ((block === undefined) === (pool === undefined)) return;
  const [path, other] = block === undefined ? ['ipv6Pool', 'ipv6CidrBlock'] : ['ipv6CidrBlock', 'ipv6Pool'];
  const message = `'${block ?? pool}' says nothing without ${other}: give both, the prefix and the pool that holds it`;
  context.issues.push({ code: 'custom', message, input: context.value, path: [path] });
});

/** Where in the default VPC. */
export const defaultVpcSettings = group(zone);

/** A subnet that is there already. */
export const subnetSettings = group({ subnetId: text(subnetId) });

/** A subnet of the stack. */
export const givenSubnet = { id: text(), vpcId: text(), availabilityZone: text() };
