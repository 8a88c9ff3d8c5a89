import { Token } from 'cdktf';
import { normalizeName, sameName } from '../../dns';
import type { MapsFromFiles } from '../../role/map-files/contents';
import type { RoleSettings } from '../../role/settings';
import { aliasDomain } from '../../role/virtual-domains';

/**
 * The domains that a role accepts mail for, from every setting that names some, as far as they are known at synth. `.example.com` in
 * `relayDomains` is not a name that could have records.
 */
export function acceptedDomains(
  role: Pick<RoleSettings, 'heloName' | 'domains' | 'relayDomains' | 'virtualAliases'>,
  maps: MapsFromFiles = {},
): readonly string[] {
  const named = [
    ...Object.keys(known(role.domains) ?? {}),
    ...(known(role.relayDomains) ?? []),
    ...Object.keys(known(role.virtualAliases) ?? {}).flatMap((key) => aliasDomain(key) ?? []),
    ...(maps.relayDomains?.domains ?? []),
    ...(maps.virtualAliases?.domains ?? []),
  ].filter((domain) => !Token.isUnresolved(domain) && !domain.startsWith('.'));
  // Mail to the host's own name needs no MX (RFC 5321 5.1).
  const own = named.filter((domain) => !sameName(domain, role.heloName));
  return [...new Map(own.map((domain) => [normalizeName(domain), domain])).values()].sort();
}

/** The domains whose subdomains a role accepts mail for: `.example.com` in `relayDomains`, here without the dot. */
export function domainsWithSubdomains(
  { relayDomains }: Pick<RoleSettings, 'relayDomains'>,
  maps: MapsFromFiles = {},
): readonly string[] {
  const named = [...(known(relayDomains) ?? []), ...(maps.relayDomains?.domains ?? [])].filter(
    (domain) => !Token.isUnresolved(domain) && domain.startsWith('.'),
  );
  return named.map((domain) => normalizeName(domain.slice(1)));
}

/**
 * The domains of which the stack names every recipient: those of `domains` without a way, unless an entry stands for all of one.
 * Without `virtualAliases` the service users name them.
 */
export function domainsWithKnownRecipients({
  domains,
  virtualAliases,
  canonicalPcre,
}: Pick<RoleSettings, 'domains' | 'virtualAliases' | 'canonicalPcre'>): readonly string[] {
  const aliases = known(virtualAliases);
  if (aliases === undefined || canonicalPcre !== undefined) return [];
  const isWhole = new Set(Object.keys(aliases).flatMap((key) => (key.startsWith('@') ? [normalizeName(key.slice(1))] : [])));
  return Object.entries(known(domains) ?? {})
    .filter(([name, way]) => !Token.isUnresolved(name) && !Token.isUnresolved(way) && !way.deliverTo && !way.relayTo)
    .map(([name]) => normalizeName(name))
    .filter((name) => !isWhole.has(name));
}

/** The elements of a token look like strings but are placeholders. */
function known<T>(value: T): T | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}
