import { reverseName } from '../../lib/dns';
import {
  DnsAsker,
  type DnsReply,
  dnsServer,
  publicResolvers,
  type QueryType,
  serverText,
  systemResolvers,
} from '../../lib/verify/dns';

/** What the check asks of DNS; tests bring their own. */
export interface Dns {
  /** Resolvers by address: public ones and those of this machine. */
  readonly resolvers: readonly string[];
  ask(resolver: string, name: string, type: QueryType): Promise<Pick<DnsReply, 'outcome' | 'values' | 'records'>>;
}

export function realDns(named = process.env.MAILSERVER_RESOLVERS): Dns {
  const servers = named ? named.split(',') : [...systemResolvers().map(serverText), ...publicResolvers];
  return {
    resolvers: [...new Set(servers)],
    // A new one each time, since one remembers its answers.
    ask: (resolver, name, type) => new DnsAsker().ask(dnsServer(resolver), { name, type }),
  };
}

/** The names that resolvers give an address, by resolver. */
export async function namesOf(dns: Dns, address: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const name = reverseName(address);
  const replies = await Promise.all(dns.resolvers.map((resolver) => dns.ask(resolver, name, 'PTR')));
  return new Map(dns.resolvers.map((resolver, index) => [resolver, replies[index]?.values ?? []]));
}
