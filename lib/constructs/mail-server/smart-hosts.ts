import { Token } from 'cdktf';
import { type DomainPolicy, normalizeName } from '../../dns';
import type { RoleSettings } from '../../role/settings';
import type { SmartHost } from '../../verify/subject';

/** What DNS has to know of the servers that deliver mail of a stack; those that get only mail to certain recipients send for all domains. */
export function smartHostsOf({ relay }: Pick<RoleSettings, 'relay'>): readonly SmartHost[] {
  if (Token.isUnresolved(relay)) return [];
  return (relay ?? []).map(({ spf, senders, recipients }) => ({
    ...(spf !== undefined && { spf }),
    ...(senders !== undefined && recipients === undefined && { senders }),
  }));
}

/** The policy of a domain, whose SPF record lets its smart hosts send. */
export function withSmartHosts(policy: DomainPolicy, domain: string, smartHosts: readonly SmartHost[]): DomainPolicy {
  const { spf } = policy;
  const used = smartHosts.filter(
    ({ senders }) => senders?.some((sender) => normalizeName(sender) === normalizeName(domain)) ?? true,
  );
  const includes = used.flatMap((host) => host.spf ?? []);
  if (spf === false || includes.length === 0) return policy;
  return { ...policy, spf: { ...spf, include: [...new Set([...(spf?.include ?? []), ...includes])] } };
}
