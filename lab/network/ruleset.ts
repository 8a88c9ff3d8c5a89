import type { CloudFirewall } from '../model/contracts';
import { type RouterLeg, vpcResolver } from './addresses';
import { firewallChains, firewallJumps } from './firewall';
import { outside, subnetBridgePrefix } from './names';

/** A VPC as its router is to have it. */
export interface VpcNetwork {
  /** EC2's id: `vpc-...`. */
  readonly vpcId: string;
  readonly subnets: readonly { readonly cidr: string; readonly ipv6Cidr?: string }[];
  /** Only associated Elastic IPs; each must lie in 198.51.100.0/24. */
  readonly elasticIps: readonly { readonly publicIpv4: string; readonly privateIpv4: string }[];
  /** Address on the internet switch of the resolver behind `vpcResolver`. Default: none answers. */
  readonly resolver?: string;
  /** Of machines by their private and IPv6 addresses. A machine that has none here is open. */
  readonly firewalls?: readonly (CloudFirewall & { readonly addresses: readonly string[] })[];
  /** Nothing gets out to port 25 of others, and nobody is reported. Default: false. */
  readonly outboundPort25Blocked?: boolean;
}

/** Name of the one table that the lab has in a router. */
const table = 'vpc';
const out = `oifname "${outside}"`;
const into = `iifname "${outside}"`;
const fromSubnet = `iifname "${subnetBridgePrefix}*"`;
const toSubnet = `oifname "${subnetBridgePrefix}*"`;

/**
 * The router's rules as text for `nft -f`: one transaction that replaces the table as a whole, so that no packet meets half of it.
 * As at AWS, an Elastic IP is 1:1 NAT to a private address (also between machines of the VPC), a private address without one does not reach
 * the internet and is not reached from there, and IPv6 is routed as it is.
 * Security groups count for what comes through the router, not between neighbours of a subnet.
 */
export function ruleset(vpc: VpcNetwork, leg: RouterLeg): string {
  const mapped = [...vpc.elasticIps].sort((a, b) => (a.publicIpv4 < b.publicIpv4 ? -1 : 1));
  const ipv6 = vpc.subnets.flatMap((subnet) => subnet.ipv6Cidr ?? []);
  const { resolver, firewalls = [] } = vpc;
  return [
    `table inet ${table} {}`,
    `delete table inet ${table}`,
    `table inet ${table} {`,
    ...firewalls.flatMap(firewallChains),
    ...chain('prerouting', 'type nat hook prerouting priority dstnat; policy accept;', [
      ...(resolver ? ['udp', 'tcp'] : []).map(
        (protocol) => `${fromSubnet} ip daddr ${vpcResolver} ${protocol} dport 53 dnat ip to ${resolver}`,
      ),
      ...mapped.map(({ publicIpv4, privateIpv4 }) => `ip daddr ${publicIpv4} dnat ip to ${privateIpv4}`),
    ]),
    ...chain('postrouting', 'type nat hook postrouting priority srcnat; policy accept;', [
      ...(resolver ? [`${out} ct original ip daddr ${vpcResolver} snat ip to ${leg.ipv4}`] : []),
      ...mapped.flatMap(({ publicIpv4, privateIpv4 }) => [
        `${out} ip saddr ${privateIpv4} snat ip to ${publicIpv4}`,
        `${toSubnet} ct status dnat ip saddr ${privateIpv4} snat ip to ${publicIpv4}`,
      ]),
    ]),
    ...chain('forward', 'type filter hook forward priority filter; policy drop;', [
      'ct state established,related accept',
      ...(resolver ? [`${fromSubnet} ct original ip daddr ${vpcResolver} accept`] : []),
      ...(vpc.outboundPort25Blocked ? [`${out} tcp dport 25 drop`] : []),
      ...firewalls.flatMap(firewallJumps),
      `${fromSubnet} ${toSubnet} accept`,
      ...mapped.flatMap(({ privateIpv4 }) => [
        `${into} ct status dnat ip daddr ${privateIpv4} accept`,
        `${out} ip saddr ${privateIpv4} accept`,
      ]),
      ...ipv6.flatMap((cidr) => [`${into} ip6 daddr ${cidr} accept`, `${out} ip6 saddr ${cidr} accept`]),
    ]),
    ...chain('input', 'type filter hook input priority filter; policy accept;', [`${into} meta l4proto { tcp, udp } drop`]),
    '}',
    '',
  ].join('\n');
}

function chain(name: string, hook: string, rules: readonly string[]): string[] {
  return [`  chain ${name} {`, `    ${hook}`, ...rules.map((rule) => `    ${rule}`), '  }'];
}
