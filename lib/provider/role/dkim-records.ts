import { dkimSelectors } from '../../role/settings/dkim';
import { isObject, isWhollyKnown, type TerraformObject, type TerraformValue, UNKNOWN } from '../framework/values';

/**
 * The records of the keys as a plan knows them: as the refresh saw them on this machine, or known after apply, where the host makes a key.
 *
 * @param prior the state of the same machine
 */
export function plannedRecords(dkim: unknown, prior: TerraformObject | undefined): TerraformValue {
  if (dkim === undefined) return {};
  if (dkim === UNKNOWN || !isWhollyKnown(dkim as TerraformValue)) return UNKNOWN;
  const records = prior?.dkim_records;
  const known = prior?.dkim ?? null;
  const before = isObject(known) ? known.rotation : undefined;
  // The host makes a new key in the place of the one that it revokes.
  if (((dkim as { readonly rotation?: number }).rotation ?? 1) > Number(before ?? 1)) return UNKNOWN;
  const selectors = dkimSelectors(dkim as { readonly selectors?: readonly string[] });
  if (!isObject(records) || !selectors.every((selector) => Object.hasOwn(records, selector))) return UNKNOWN;
  return Object.fromEntries(selectors.map((selector) => [selector, records[selector] ?? null]));
}
