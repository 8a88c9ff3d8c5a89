import { group } from '../../settings/group';
import { optional } from '../../settings/property';
import { distinct, type Problem, text } from '../../settings/vocabulary';
import { whole } from '../../settings/whole';

/** Two, so that the next key can be published while the other one signs; of this product, for `s1` and the like belong to services. */
const DEFAULT_SELECTORS: readonly [string, string] = ['mta1', 'mta2'];

export const DEFAULT_ROTATE_DAYS = 180;

const selector: Problem = (value) =>
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(value)
    ? undefined
    : `'${value}' is not a selector: it becomes a part of a DNS name, so use up to 63 lower-case letters, digits and hyphens, e.g. mta1`;

/** How mail that leaves the host is signed (DKIM, RFC 6376). */
export const dkimSettings = group({
  selectors: optional(
    distinct(text(selector)).check((context) => {
      if (context.value.length === 2) return;
      const message = `expected two selectors, one for the key that signs and one for the next, got ${context.value.length}`;
      context.issues.push({ code: 'custom', message, input: context.value });
    }),
    'Names of the two keys in DNS, `SELECTOR._domainkey.DOMAIN`. Other senders of a domain must not have the same. Default: mta1 and mta2.',
  ),
  rotateDays: optional(
    whole({ unit: 'days', min: 30, max: 3650 }),
    `After how many days the next key signs, if the world sees its record by then. Default: ${DEFAULT_ROTATE_DAYS}.`,
  ),
  rotation: optional(
    whole({ unit: '', min: 1, max: 1_000_000 }),
    'Raise it to change the key that signs at once and to revoke it, e.g. because somebody may have read it: the next key signs, where its record is public, and mail under way does not verify any more. Default: 1.',
  ),
});

/** The names of the two keys. */
export function dkimSelectors({ selectors }: { readonly selectors?: readonly string[] }): readonly [string, string] {
  const [one, other] = selectors ?? DEFAULT_SELECTORS;
  return one === undefined || other === undefined ? DEFAULT_SELECTORS : [one, other];
}
