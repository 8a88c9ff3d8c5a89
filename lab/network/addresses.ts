import { BlockList, isIP, isIPv4 } from 'node:net';

/** The switch of the lab's internet, for `MachineSpec.network`. */
export const internet = 'internet';
/** `internet`, or what `subnetSwitch` gives. */
export type SwitchName = string;

/** Documentation networks (RFC 5737, RFC 3849): no packet for them can be routed to a real host. */
export const internetIpv4Network = '198.51.100.0/24';
export const internetIpv6Network = '2001:db8:51:100::/64';
/**
 * The operator's addresses on the internet switch: Terraform and the AWS emulator run there. They are also the gateways of
 * machines on that switch, because the operator's namespace knows the way to the VPCs' IPv6 networks.
 */
export const operatorIpv4 = '198.51.100.1';
export const operatorIpv6 = '2001:db8:51:100::1';
/** Name server of every VPC, as at AWS: its router hands queries to `VpcNetwork.resolver`, also without an Elastic IP. */
export const vpcResolver = '169.254.169.253';

/** A router's own addresses on the internet switch. */
export interface RouterLeg {
  readonly ipv4: string;
  readonly ipv6: string;
}

/** 198.51.100.240 to .254 and 2001:db8:51:100::f0 to ::fe are reserved for the routers. */
export const routerLegs: readonly RouterLeg[] = Array.from({ length: 15 }, (_, index) => ({
  ipv4: `198.51.100.${240 + index}`,
  ipv6: `2001:db8:51:100::${(0xf0 + index).toString(16)}`,
}));

/** The switch of a subnet, for `MachineSpec.network`. */
export function subnetSwitch(vpcId: string, subnetCidr: string): SwitchName {
  return `${vpcId}/${subnetCidr}`;
}

/** First address of a network, the router's: `10.77.0.0/24` gives `10.77.0.1`, `2001:db8:25:1::/64` gives `2001:db8:25:1::1`. */
export function gatewayOf(cidr: string): string {
  const { address } = parseCidr(cidr);
  if (!isIPv4(address)) return address.endsWith('::') ? `${address}1` : address.replace(/:0$/, ':1');
  const bytes = ipv4Bytes(address);
  return [...bytes.slice(0, 3), (bytes[3] ?? 0) + 1].join('.');
}

/** @throws unless it is `ADDRESS/LENGTH`. */
export function parseCidr(cidr: string): { readonly address: string; readonly length: number } {
  const [address = '', length = ''] = cidr.split('/');
  const family = isIP(address);
  if (!family || !/^\d+$/.test(length) || Number(length) > (family === 4 ? 32 : 128)) {
    throw new Error(`"${cidr}" is not a network: expected an address and a prefix length, such as 10.77.0.0/24`);
  }
  return { address, length: Number(length) };
}

/** Whether the address is in the network. */
export function isWithin(address: string, cidr: string): boolean {
  const network = parseCidr(cidr);
  const family = isIPv4(network.address) ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network.address, network.length, family);
  return isIP(address) !== 0 && list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

export function ipv4Bytes(address: string): readonly number[] {
  return address.split('.').map(Number);
}
