import type { Diagnostic } from '../framework/diagnostics';
import { toProperties } from '../framework/settings-values';
import { isObject, isWhollyKnown, type TerraformObject } from '../framework/values';
import { agreementSettingsAttributes } from './attributes';
import { expectationsOf, recordExpectations } from './expectations';
import type { DnsParts } from './parts';
import type { AgreementSettings } from './settings';
import { otherValues } from './verdict';

/** A plan does not wait long for servers that say nothing. Milliseconds for one question. */
const patience = 1500;

/**
 * Records that are about to be made and answer with something else already. Only those that were not ours before are looked at.
 * Terraform itself refuses to overwrite them, but half way through the apply, and without a word of what is there.
 */
export async function clashes(
  prior: TerraformObject | null,
  config: TerraformObject,
  parts: DnsParts,
): Promise<readonly Diagnostic[]> {
  if (!isObject(config.claims) || !isWhollyKnown(config.claims)) return [];
  const before = isObject(prior?.claims) ? prior.claims : {};
  const fresh = Object.entries(config.claims).filter(([key]) => !(key in before));
  if (fresh.length === 0) return [];
  const expected = new Map(wanted(config).map((expectation) => [expectation.key, expectation.values]));
  const { rows } = await parts.look(
    recordExpectations(Object.fromEntries(fresh.map(([key]) => [key, expected.get(key) ?? []]))),
    {
      resolvers: Array.isArray(config.resolvers) ? (config.resolvers as string[]) : parts.defaults.resolvers,
      timeoutMilliseconds: patience,
    },
  );
  return rows.flatMap((row, index): readonly Diagnostic[] => {
    const values = otherValues(row);
    const [key = '', resource = ''] = fresh[index] ?? [];
    return values ? [clash(key, values, String(resource))] : [];
  });
}

/** What is known already; an address may not be. */
function wanted(config: TerraformObject): ReturnType<typeof expectationsOf> {
  const known = Object.fromEntries(Object.entries(config).filter(([, value]) => isWhollyKnown(value)));
  return expectationsOf(toProperties(known, agreementSettingsAttributes) as Partial<AgreementSettings>);
}

function clash(key: string, values: readonly string[], resource: string): Diagnostic {
  const [type, name] = key.split(' ');
  return {
    severity: 'warning',
    summary: `there is a ${type} record of ${name} already`,
    detail:
      `DNS answers with ${values.join(', ')}. If it is in the zone that this stack writes to, the apply will stop there and overwrite ` +
      `nothing. Take it over with "terraform import ${resource} ZONE-ID_${name}_${type}", or delete it first`,
    attribute: [{ attribute_name: 'claims' }, { element_key_string: key }],
  };
}
