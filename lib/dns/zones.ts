import { isWithin, normalizeName } from './names';

/** The zone that answers for `name`: the longest of `zones` that it is in; undefined when it is in none of them. */
export function zoneOf(name: string, zones: readonly string[]): string | undefined {
  return zones
    .filter((zone) => isWithin(name, zone))
    .reduce<string | undefined>(
      (best, zone) => (best && normalizeName(best).length >= normalizeName(zone).length ? best : zone),
      undefined,
    );
}

/** The same question asked for many names: one look for each label of the name, however many zones there are. */
export class ZoneFinder {
  private readonly zones: ReadonlyMap<string, string>;

  constructor(zones: readonly string[]) {
    this.zones = new Map(zones.map((zone) => [normalizeName(zone), zone]));
  }

  /** As {@link zoneOf}. */
  zoneOf(name: string): string | undefined {
    let rest = normalizeName(name);
    for (;;) {
      const zone = this.zones.get(rest);
      if (zone !== undefined) return zone;
      const dot = rest.indexOf('.');
      if (dot < 0) return undefined;
      rest = rest.slice(dot + 1);
    }
  }
}
