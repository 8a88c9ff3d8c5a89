/**
 * The lab's networks, all in network namespaces without uplink: the `internet` switch, and for each VPC a router with its
 * subnets' bridges and 1:1 NAT for its Elastic IPs. Every `ensure...` may be called again and again: it changes what differs.
 */
export {
  gatewayOf,
  internet,
  internetIpv4Network,
  internetIpv6Network,
  operatorIpv4,
  operatorIpv6,
  type SwitchName,
  subnetSwitch,
  vpcResolver,
} from './addresses';
export { ensureInternet, inOperatorNetwork } from './internet';
export { ensurePlug, removePlug, setMachineRules } from './plug';
export { namespaceFile, namespacesOf, removeNetworks } from './remove';
export type { VpcNetwork } from './ruleset';
export { ensureVpcs } from './vpcs';
