import type { RoleSettings } from './settings';

/** The addresses that others see: behind NAT the public ones, else those that outgoing mail is bound to. */
export function ownAddresses({ proxyAddresses, bindIpv4, bindIpv6 }: RoleSettings): string[] {
  const own = proxyAddresses?.length ? [...proxyAddresses, bindIpv6] : [bindIpv4, bindIpv6];
  return own.filter((address) => address !== undefined);
}
