import { ipv4CidrProblem, networkWidth } from '../private/cidr';
import { distinct, flag, type Problem, text } from '../role/settings/checked';
import { group } from '../settings/group';
import { subnetId, zoneOfRegion } from './ec2-ids';

/** Wider ones are no office any more; the largest private network is as wide. */
const WIDEST_OFFICE = 8;

const ipv4Network: Problem = (value) => {
  const wrong = ipv4CidrProblem(value);
  return wrong && `${wrong.problem}; ${wrong.fix}`;
};

/** Networks that may reach port 22: one rule of the firewall each. */
export const adminCidrs = distinct(text(ipv4Network)).min(1, {
  error: () =>
    'the list is empty, so nobody could reach port 22; name the networks you administer from, e.g. ["198.51.100.1/32"]',
});

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

/** Addresses that AWS lays no VPC out in, beside those that are no network. */
const vpcBlock: Problem = (value) => {
  const problem = ipv4Network(value);
  if (problem !== undefined) return problem;
  const width = networkWidth(value) ?? 0;
  if (width < 16 || width > 28) return 'EC2 takes prefix lengths 16 to 28; use e.g. 10.25.0.0/24';
  return /^(0|127|169\.254|22[4-9]|2[3-5]\d)\./.test(value)
    ? 'it is reserved and no network of machines; use e.g. 10.25.0.0/24'
    : undefined;
};

const zone = { availabilityZone: text(zoneOfRegion).optional() };

/** What a VPC of the host's own is made of. */
export const newVpcSettings = group({ cidrBlock: text(vpcBlock).optional(), ...zone });

/** Where in the default VPC. */
export const defaultVpcSettings = group(zone);

/** A subnet that is there already. */
export const subnetSettings = group({ subnetId: text(subnetId) });

/** A subnet of the stack. */
export const givenSubnet = { id: text(), vpcId: text(), availabilityZone: text() };
