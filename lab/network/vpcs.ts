import { type Lab, run, runScript } from '../system';
import {
  gatewayOf,
  internetIpv4Network,
  internetIpv6Network,
  isWithin,
  operatorIpv4,
  operatorIpv6,
  parseCidr,
  type RouterLeg,
  routerLegs,
} from './addresses';
import { internetBridge, internetNamespace, namespacePrefix, outside, portName, routerNamespace, subnetBridge } from './names';
import { namespacesOf, removeNamespace } from './remove';
import { ruleset, type VpcNetwork } from './ruleset';
import functions from './scripts/functions.sh';
import script from './scripts/router.sh';

/**
 * Makes the routers of exactly these VPCs as described: bridges, gateways, NAT (replaced as a whole, in one transaction), IPv6
 * routes. Routers of other VPCs of the lab are removed, so call it with the whole list. Needs `ensureInternet` before.
 */
export async function ensureVpcs(lab: Lab, vpcs: readonly VpcNetwork[]): Promise<void> {
  for (const vpc of vpcs) checkVpc(vpc);
  const wanted = vpcs.map((vpc) => routerNamespace(lab, vpc.vpcId));
  const routers = (await namespacesOf(lab)).filter((name) => name.startsWith(`${namespacePrefix(lab)}vpc-`));
  for (const name of routers) if (!wanted.includes(name)) await removeNamespace(name);

  const legs = new Map<string, RouterLeg>();
  for (const name of routers.filter((name) => wanted.includes(name))) {
    const leg = await legOf(name);
    if (leg) legs.set(name, leg);
  }
  for (const vpc of vpcs) {
    const name = routerNamespace(lab, vpc.vpcId);
    const leg = legs.get(name) ?? routerLegs.find((free) => ![...legs.values()].includes(free));
    if (!leg) throw new Error(`a lab has room for ${routerLegs.length} VPCs, ${vpc.vpcId} is one more`);
    legs.set(name, leg);
    await runScript('router.sh', functions + script, routerArguments(lab, vpc, leg), { input: ruleset(vpc, leg) });
  }
}

/** @throws when an address does not fit the lab's network; says which. */
export function checkVpc(vpc: VpcNetwork): void {
  if (!/^vpc-[a-z0-9]{1,24}$/.test(vpc.vpcId)) throw new Error(`"${vpc.vpcId}" is not the id of a VPC: expected vpc-0123abcd`);
  for (const { publicIpv4, privateIpv4 } of vpc.elasticIps) {
    if (!isWithin(publicIpv4, internetIpv4Network)) {
      throw new Error(`the Elastic IP ${publicIpv4} of ${vpc.vpcId} is not in ${internetIpv4Network}, the lab's internet`);
    }
    if (publicIpv4 === operatorIpv4 || routerLegs.some((leg) => leg.ipv4 === publicIpv4)) {
      throw new Error(`the Elastic IP ${publicIpv4} of ${vpc.vpcId} is reserved for the lab's own routers`);
    }
    if (!vpc.subnets.some((subnet) => isWithin(privateIpv4, subnet.cidr))) {
      throw new Error(`the Elastic IP ${publicIpv4} is mapped to ${privateIpv4}, which is in no subnet of ${vpc.vpcId}`);
    }
  }
}

/** Arguments of router.sh. */
export function routerArguments(lab: Lab, vpc: VpcNetwork, leg: RouterLeg): readonly string[] {
  const withLength = (address: string, network: string) => `${address}/${parseCidr(network).length}`;
  const bridges = vpc.subnets.map(({ cidr, ipv6Cidr }) =>
    [subnetBridge(cidr), ...[cidr, ipv6Cidr].flatMap((network) => (network ? withLength(gatewayOf(network), network) : []))].join(
      ',',
    ),
  );
  return [
    routerNamespace(lab, vpc.vpcId),
    outside,
    internetNamespace(lab),
    internetBridge,
    portName(vpc.vpcId),
    leg.ipv6,
    operatorIpv6,
    withLength(leg.ipv4, internetIpv4Network),
    withLength(leg.ipv6, internetIpv6Network),
    ...vpc.elasticIps.map(({ publicIpv4 }) => `${publicIpv4}/32`),
    '--',
    ...bridges,
    '--',
    ...vpc.subnets.flatMap(({ ipv6Cidr }) => ipv6Cidr ?? []),
    '--',
  ];
}

async function legOf(namespace: string): Promise<RouterLeg | undefined> {
  const shown = await run('ip', ['-n', namespace, '-o', 'addr', 'show', 'dev', outside], { accept: [0, 1] });
  return routerLegs.find((leg) => shown.stdout.includes(` ${leg.ipv4}/`));
}
