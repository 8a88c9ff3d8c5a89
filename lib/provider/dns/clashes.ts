import type { Diagnostic } from '../framework/diagnostics';
import { toProperties } from '../framework/settings-values';
import { isObject, isWhollyKnown, sameValue, type TerraformObject, UNKNOWN } from '../framework/values';
import { agreementSettingsAttributes } from './attributes';
import { expectationsOf, recordExpectations } from './expectations';
import type { DnsParts } from './parts';
import type { AgreementSettings } from './settings';
import { aliasOf, otherValues, presentValues } from './verdict';

/** A plan does not wait long for servers that say nothing. Milliseconds for one question. */
const patience = 1500;

/** A record that is about to be made. */
interface Fresh {
  readonly key: string;
  /** What it is to hold; absent while that is not known, and then whatever is there is something else. */
  readonly values?: readonly string[];
  /** The resource that makes it; absent when it is to be entered by hand. */
  readonly resource?: string;
}

/**
 * Records that are about to be made and are there already. Terraform itself refuses to overwrite them, but half way through the apply,
 * and without a word of what is there. Of those that others write, only those that were not looked for before are looked at. Only the
 * zone's own servers are asked: a resolver would remember for many minutes that the name does not exist, while the apply makes it.
 */
export async function clashes(
  prior: TerraformObject | null,
  config: TerraformObject,
  parts: DnsParts,
): Promise<readonly Diagnostic[]> {
  const fresh = [...claimed(config), ...byHand(prior, config)];
  if (fresh.length === 0) return [];
  const { rows } = await parts.lookAtOwnServers(
    recordExpectations(Object.fromEntries(fresh.map(({ key, values = [] }) => [key, values]))),
    {
      resolvers: Array.isArray(config.resolvers) ? (config.resolvers as string[]) : parts.defaults.resolvers,
      timeoutMilliseconds: patience,
    },
  );
  return rows.flatMap((row, index): readonly Diagnostic[] => {
    const record = fresh[index];
    if (!record) return [];
    const alias = aliasOf(row);
    // One that leads to the right values is in the way of a record, but not of who looks it up.
    if (alias !== undefined && (record.resource !== undefined || !row.agreed)) return [aliasClash(record, alias)];
    const values = record.resource === undefined ? otherValues(row) : presentValues(row);
    if (!values) return [];
    return [record.resource === undefined ? toChange(record, values) : clash(record.key, values, row.agreed, record.resource)];
  });
}

/** Those that the stack writes: a resource without an id is about to be made. */
function claimed(config: TerraformObject): readonly Fresh[] {
  if (!isObject(config.claims)) return [];
  const expected = new Map(wanted(config).map(({ key, values }) => [key, values]));
  return Object.entries(config.claims).flatMap(([key, claim]) =>
    isObject(claim) && claim.id === UNKNOWN ? [{ key, values: expected.get(key), resource: String(claim.address) }] : [],
  );
}

/** Those that somebody enters. */
function byHand(prior: TerraformObject | null, config: TerraformObject): readonly Fresh[] {
  if (!isObject(config.records) || config.claims === UNKNOWN) return [];
  const before = isObject(prior?.records) ? prior.records : {};
  const claims = isObject(config.claims) ? config.claims : {};
  return Object.entries(config.records)
    .filter(([key, values]) => !(key in claims) && !(key in before && sameValue(before[key] ?? null, values)))
    .map(([key, values]) => ({ key, values: isWhollyKnown(values) ? (values as string[]) : undefined }));
}

/** What is known already; an address may not be. */
function wanted(config: TerraformObject): ReturnType<typeof expectationsOf> {
  const known = Object.fromEntries(Object.entries(config).filter(([, value]) => isWhollyKnown(value)));
  return expectationsOf(toProperties(known, agreementSettingsAttributes) as Partial<AgreementSettings>);
}

const at = (attribute: string, key: string) => [{ attribute_name: attribute }, { element_key_string: key }];

function clash(key: string, values: readonly string[], agreed: boolean, resource: string): Diagnostic {
  const [type, name] = key.split(' ');
  return {
    severity: 'warning',
    summary: `there is ${withArticle(type)} record of ${name} already`,
    detail:
      `DNS answers with ${values.join(', ')}${agreed ? ', as is wanted' : ''}. If it is in the zone that this stack writes to, the apply will stop there and overwrite ` +
      `nothing. Take it over with "terraform import ${resource} ZONE-ID_${name}_${type}", or delete it first`,
    attribute: at('claims', key),
  };
}

function aliasClash({ key, resource }: Fresh, target: string): Diagnostic {
  const [type, name] = key.split(' ');
  const consequence =
    resource === undefined
      ? `the ${type} record cannot be entered next to it: replace the CNAME by records of its own, which "mailserver zone" prints`
      : `the apply will stop at the ${type} record: delete the CNAME first, unless it is that of a wildcard`;
  return {
    severity: 'warning',
    summary: `there is a CNAME record of ${name} already`,
    detail: `it leads to ${target}. A name with a CNAME can have no other record, so ${consequence}`,
    attribute: at(resource === undefined ? 'records' : 'claims', key),
  };
}

/** `an A record`, `an MX record`, `a TXT record`: by how the first letter is spoken. */
const withArticle = (type = '') => `${/^[AMNS]/.test(type) ? 'an' : 'a'} ${type}`;

function toChange({ key, values }: Fresh, found: readonly string[]): Diagnostic {
  const [type, name] = key.split(' ');
  const expected = values === undefined ? 'what this apply will make' : values.join(', ') || 'no such record';
  return {
    severity: 'warning',
    summary: `the ${type} record of ${name} says something else`,
    detail:
      `DNS answers with ${found.join(', ')}, expected ${expected}; this stack does not write to that zone, so it is yours to ` +
      'change: "mailserver zone" prints what is to be entered',
    attribute: at('records', key),
  };
}
