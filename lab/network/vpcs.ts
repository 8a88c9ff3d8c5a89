import type { Lab } from '../system';

/** A VPC as its router is to have it. */
export interface VpcNetwork {
  readonly vpcId: string;
  readonly subnets: readonly { readonly cidr: string; readonly ipv6Cidr?: string }[];
  /** Only associated Elastic IPs; each must lie in 198.51.100.0/24. */
  readonly elasticIps: readonly { readonly publicIpv4: string; readonly privateIpv4: string }[];
  /** Address on the internet switch of the resolver behind `vpcResolver`. Default: none answers. */
  readonly resolver?: string;
}

/**
 * Makes the routers of exactly these VPCs as described: bridges, gateways, NAT (replaced as a whole, in one transaction), IPv6
 * routes. Routers of other VPCs of the lab are removed, so call it with the whole list. Needs `ensureInternet` before.
 */
export async function ensureVpcs(_lab: Lab, _vpcs: readonly VpcNetwork[]): Promise<void> {
  throw new Error('not built yet');
}
