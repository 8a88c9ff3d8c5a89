/** The switch of the lab's internet, for `MachineSpec.network`. */
export const internet = 'internet';
/** `internet`, or what `subnetSwitch` gives. */
export type SwitchName = string;

/** RFC 5737 and RFC 3849 documentation networks: no packet for them can be routed to a real host. */
export const internetIpv4Network = '198.51.100.0/24';
export const internetIpv6Network = '2001:db8:51:100::/64';
/** The operator's address on the internet switch: Terraform and the AWS emulator run there. It is also the default gateway of
 * machines on the internet switch: it knows the way to the VPCs' IPv6 networks. */
export const operatorIpv4 = '198.51.100.1';
export const operatorIpv6 = '2001:db8:51:100::1';
/** Name server of every VPC, as at AWS: its router hands queries to `VpcNetwork.resolver`, also without an Elastic IP. */
export const vpcResolver = '169.254.169.253';
/** The last 15 addresses of the internet network (.240 to .254, ::f0 to ::fe) belong to the routers. */

/** The switch of a subnet, for `MachineSpec.network`. */
export function subnetSwitch(vpcId: string, subnetCidr: string): SwitchName {
  return `${vpcId}/${subnetCidr}`;
}

/** First address of a network, which is the router's: `10.77.0.0/24` gives `10.77.0.1`, `2001:db8:25:1::/64` gives `2001:db8:25:1::1`. */
export function gatewayOf(cidr: string): string {
  return cidr;
}
