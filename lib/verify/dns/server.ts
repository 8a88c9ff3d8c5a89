import { getServers } from 'node:dns';
import { isIP } from 'node:net';

/** A DNS server by its address. */
export interface DnsServer {
  readonly address: string;
  readonly port: number;
}

/** Resolvers of the world, so that "the world agrees" does not only mean this machine's resolver. */
export const publicResolvers = ['1.1.1.1', '8.8.8.8', '9.9.9.9'] as const;

/**
 * `198.51.100.3`, `198.51.100.3:5300`, `2001:db8::3`, `[2001:db8::3]:5300`.
 *
 * @throws RangeError when it is not an address
 */
export function dnsServer(text: string): DnsServer {
  const [, bracketed, plain, digits] =
    /^(?:\[([^\]]+)\]|([^:]+|[0-9a-f:.%]*:[0-9a-f:.%]*:[0-9a-f:.%]*))(?::(\d+))?$/i.exec(text) ?? [];
  const address = bracketed ?? plain ?? '';
  const port = digits === undefined ? 53 : Number(digits);
  if (isIP(text) !== 0) return { address: text, port: 53 };
  if (isIP(address) === 0 || port < 1 || port > 65535) {
    throw new RangeError(`'${text}' is not a DNS server: expected an address, e.g. 1.1.1.1 or [2001:db8::3]:5300`);
  }
  return { address, port };
}

/** As {@link dnsServer} reads it; the port only where it is not 53. */
export function serverText({ address, port }: DnsServer): string {
  if (port === 53) return address;
  return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The resolvers of this machine (resolv.conf). */
export function systemResolvers(): readonly DnsServer[] {
  return getServers().map(dnsServer);
}
