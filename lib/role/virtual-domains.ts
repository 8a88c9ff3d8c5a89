import type { RoleSettings } from './settings';

/** The domain of a key of virtual(5): `user@domain`, `@domain`, or `domain` itself; a bare user has none. */
export function aliasDomain(key: string): string | undefined {
  const at = key.lastIndexOf('@');
  if (at >= 0) return key.slice(at + 1);
  return key.includes('.') ? key : undefined;
}

/**
 * Domains whose only recipients are the entries of `virtualAliases`: those of `domains` without a way, and those that nothing else
 * names. `virtual_alias_domains` finds a domain in virtual(5) only by a line of its own, so without them mail to
 * `info@aliases.example` would be a relay attempt.
 */
export function virtualDomains({ heloName, domains = {}, relayDomains = [], virtualAliases = {} }: RoleSettings): string[] {
  const named = Object.entries(domains);
  const own = named.filter(([, { deliverTo, relayTo }]) => !deliverTo && !relayTo).map(([name]) => name);
  const folded = (names: readonly string[]) => names.map((name) => name.toLowerCase());
  const elsewhere = new Set(folded([heloName, 'localhost', ...named.map(([name]) => name)]));
  const relayed = folded([...relayDomains, ...named.map(([name]) => name).filter((name) => !own.includes(name))]);
  const aliased = folded(Object.keys(virtualAliases).flatMap((key) => aliasDomain(key) ?? []));
  const left = aliased.filter(
    (name) => !elsewhere.has(name) && !relayed.some((entry) => name === entry || (entry.startsWith('.') && name.endsWith(entry))),
  );
  return [...own, ...new Set(left)];
}
