import { asciiName, normalizeName } from '../../dns';
import { nameProblem } from '../../net/domain-name';
import { whole } from '../../settings/whole';

const DAY = 86_400;

/** Time to live of a record: what is given up is kept as long, and nobody waits for longer than a day. */
export const ttlSeconds = whole({ unit: 'seconds', min: 1, max: DAY });

/** How long an apply waits for the world. */
export const waitSeconds = whole({ unit: 'seconds', min: 1, max: DAY });

/** A zone as DNS knows it: A-labels, lower case, no final dot. */
export const zoneName = (name: string): string => normalizeName(asciiName(name));

/** What is wrong with the names of zones; two spellings of one are one. Each with its place in the list. */
export function* zoneProblems(names: readonly string[]): Generator<{ readonly index: number; readonly message: string }> {
  const seen = new Map<string, string>();
  for (const [index, name] of names.entries()) {
    const before = seen.get(zoneName(name));
    seen.set(zoneName(name), name);
    const twice = before === undefined ? undefined : `'${before}' and '${name}' are the same zone: leave one out`;
    const message = nameProblem('zone', zoneName(name)) ?? twice;
    if (message !== undefined) yield { index, message };
  }
}
