import { createHash } from 'node:crypto';
import { type Lab, objectPrefix } from '../system/lab';
import { internet, ipv4Bytes, parseCidr, type SwitchName } from './addresses';

/** Interfaces may have 15 characters (IFNAMSIZ less the final zero). */
const interfaceNameLimit = 15;

/** What the names of all network namespaces of a lab begin with; lab names have no hyphen, so no lab's is part of another's. */
export function namespacePrefix(lab: Lab): string {
  return `${objectPrefix}-${lab.name}-`;
}

export function internetNamespace(lab: Lab): string {
  return `${namespacePrefix(lab)}internet`;
}

export function routerNamespace(lab: Lab, vpcId: string): string {
  return `${namespacePrefix(lab)}${vpcId}`;
}

export function machineNamespace(lab: Lab, machine: string): string {
  return `${namespacePrefix(lab)}m-${machine}`;
}

/** Bridge of the internet switch. */
export const internetBridge = 'br0';
/** The router's leg on the internet switch. */
export const outside = 'outside';
/** What the names of the subnets' bridges begin with. */
export const subnetBridgePrefix = 'sn';

/** `10.77.0.0/24` gives `sn0a4d0000-24`: no two subnets share it, and it is never too long. */
export function subnetBridge(cidr: string): string {
  const { address, length } = parseCidr(cidr);
  const hex = ipv4Bytes(address).map((byte) => byte.toString(16).padStart(2, '0'));
  return `${subnetBridgePrefix}${hex.join('')}-${length}`;
}

/** Where a switch is: the namespace and its bridge. */
export function locateSwitch(lab: Lab, name: SwitchName): { readonly namespace: string; readonly bridge: string } {
  if (name === internet) return { namespace: internetNamespace(lab), bridge: internetBridge };
  const slash = name.indexOf('/');
  if (slash < 1)
    throw new Error(`"${name}" is not a switch: expected "internet" or the id of a VPC, a slash and a subnet's network`);
  return { namespace: routerNamespace(lab, name.slice(0, slash)), bridge: subnetBridge(name.slice(slash + 1)) };
}

/** The switch's end of a plug: readable where the name fits, with a hash in place of what does not. */
export function portName(owner: string): string {
  const name = `p-${owner}`;
  if (name.length <= interfaceNameLimit) return name;
  const hash = createHash('sha256').update(owner).digest('hex').slice(0, 6);
  return `${name.slice(0, interfaceNameLimit - hash.length - 1)}-${hash}`;
}
