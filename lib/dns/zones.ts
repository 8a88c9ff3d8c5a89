import { isWithin, normalizeName } from './names';

/** The zone that answers for `name`: the longest of `zones` that it lies in; undefined when it lies in none of them. */
export function zoneOf(name: string, zones: readonly string[]): string | undefined {
  return zones
    .filter((zone) => isWithin(name, zone))
    .reduce<string | undefined>(
      (best, zone) => (best && normalizeName(best).length >= normalizeName(zone).length ? best : zone),
      undefined,
    );
}
