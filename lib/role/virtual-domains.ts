import type { MapsFromFiles } from './map-files/contents';
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
export function virtualDomains(settings: RoleSettings, maps: MapsFromFiles): string[] {
  const { heloName, domains = {}, virtualAliases = {} } = settings;
  const named = Object.entries(domains);
  const own = named.filter(([, { deliverTo, relayTo }]) => !deliverTo && !relayTo).map(([name]) => name);
  const folded = (names: readonly string[]) => names.map((name) => name.toLowerCase());
  const elsewhere = new Set(folded([heloName, 'localhost', ...named.map(([name]) => name)]));
  const relayed = folded([...relayedByMap(settings, maps), ...named.map(([name]) => name).filter((name) => !own.includes(name))]);
  const aliased = folded([
    ...Object.keys(virtualAliases).flatMap((key) => aliasDomain(key) ?? []),
    ...(maps.virtualAliases?.domains ?? []),
  ]);
  const isRelayed = matcher(relayed);
  const left = aliased.filter((name) => !elsewhere.has(name) && !isRelayed(name));
  return [...own, ...new Set(left)];
}

/** The domains of `relayDomains`, from the program or from a file. */
export function relayedByMap({ relayDomains }: RoleSettings, maps: MapsFromFiles): readonly string[] {
  return relayDomains ?? maps.relayDomains?.domains ?? [];
}

/** Whether a name is in a list of names, in which `.example.com` stands for all below `example.com`. */
function matcher(entries: readonly string[]): (name: string) => boolean {
  const all = new Set(entries);
  return (name) => {
    if (all.has(name)) return true;
    for (let dot = name.indexOf('.', 1); dot >= 0; dot = name.indexOf('.', dot + 1)) if (all.has(name.slice(dot))) return true;
    return false;
  };
}
