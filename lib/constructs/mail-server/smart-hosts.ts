import { Token } from 'cdktf';
import { type DomainPolicy, normalizeName } from '../../dns';
import type { RoleSettings } from '../../role/settings';
import type { SmartHost } from '../../verify/subject';

/** What DNS has to know of the servers that deliver mail of a stack; those that get only mail to certain recipients send for all domains. */
export function smartHostsOf({ relay }: Pick<RoleSettings, 'relay'>): readonly SmartHost[] {
  if (Token.isUnresolved(relay)) return [];
  return (relay ?? []).map(({ spf, senders, recipients, dkim }) => ({
    ...(spf !== undefined && { spf }),
    ...(dkim !== undefined && { dkim }),
    ...(senders !== undefined && recipients === undefined && { senders }),
  }));
}

/** Entries as the host needs them. Names of records are nothing to it, and would make its plan wait for what SES makes up. */
export function withoutKeyNames<Settings extends Pick<RoleSettings, 'relay'>>(settings: Settings): Settings {
  const { relay } = settings;
  if (relay === undefined || Token.isUnresolved(relay)) return settings;
  return { ...settings, relay: relay.map(({ dkim: _, ...entry }) => entry) };
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
