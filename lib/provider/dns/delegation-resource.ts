import { type Diagnostic, issueDiagnostic } from '../framework/diagnostics';
import type { Resource } from '../framework/resource';
import { toProperties } from '../framework/settings-values';
import { checkProperties } from '../framework/validation';
import { isObject, isWhollyKnown, sameValue, type TerraformObject, UNKNOWN } from '../framework/values';
import { progressOf } from '../progress';
import { delegationAttributes, delegationSettingsAttributes } from './attributes';
import type { DnsParts } from './parts';
import { type DelegationSettings, delegationSettings } from './settings';

/** As long as a delegation takes that the same apply writes into the zone above, until its servers have it. Seconds. */
const defaultWait = 120;

/** A plan does not wait long for servers that say nothing. Milliseconds for one question. */
const patience = 1500;

/**
 * `mailserver_delegation`: over once the world is sent to a zone's own name servers. What costs money, or is judged by what the world
 * sees, comes after it.
 */
export function delegationResource(parts: DnsParts): Resource {
  return {
    typeName: 'mailserver_delegation',
    description: "Waits until the zones above name these zones' name servers.",
    attributes: delegationAttributes,
    version: 0,
    validate(config) {
      const values = toProperties(config, delegationSettingsAttributes);
      return checkProperties(delegationSettings, values).map((issue) =>
        issueDiagnostic(issue, delegationSettingsAttributes, values),
      );
    },
    read: async ({ state }) => ({ state, diagnostics: [] }),
    plan: async ({ prior, proposed, config }, { signal }) => ({
      planned: {
        ...proposed,
        id: prior && sameValue(prior.zones ?? null, proposed.zones ?? null) ? (prior.id ?? UNKNOWN) : UNKNOWN,
      },
      diagnostics: await foreseen(prior, config, parts, signal),
    }),
    async apply({ prior, planned, config }, { signal }) {
      const values = toProperties(config, delegationSettingsAttributes);
      const issues = checkProperties(delegationSettings, values);
      if (issues.length > 0) {
        return { state: prior, diagnostics: issues.map((issue) => issueDiagnostic(issue, delegationSettingsAttributes, values)) };
      }
      const { zones, required = true, waitSeconds = defaultWait, resolvers } = values as DelegationSettings;
      const id = Object.keys(zones).sort()[0] ?? 'nothing';
      const found = await parts.awaitDelegation(zones, {
        resolvers: resolvers ?? parts.defaults.resolvers,
        deadlineSeconds: waitSeconds,
        signal,
        onProgress: progressOf(id),
      });
      const consequence = required
        ? 'Then apply again: it goes on from here. Nothing that depends on it was made'
        : 'Until then nobody sees the records of its mail domains';
      return {
        state: found.length > 0 && required ? prior : { ...planned, id },
        diagnostics: found.map(({ zone, problem }) => ({
          severity: required ? 'error' : 'warning',
          summary: `the world does not ask the name servers of ${zone}`,
          detail: `${problem}. ${consequence}`,
        })),
      };
    },
    remove: async () => ({ state: null, diagnostics: [] }),
    import: () => ({
      state: null,
      diagnostics: [
        {
          severity: 'error',
          summary: 'a delegation cannot be imported',
          detail: 'There is nothing to take over: terraform apply looks at it, and is done when it is right',
        },
      ],
    }),
    upgrade: (state) => state,
  };
}

/** What the apply will stop at, as far as the plan can know: zones that are there already, and were not looked at before. */
async function foreseen(
  prior: TerraformObject | null,
  config: TerraformObject,
  parts: DnsParts,
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  if (!isObject(config.zones)) return [];
  const before = isObject(prior?.zones) ? prior.zones : {};
  const fresh = Object.entries(config.zones).filter(
    ([zone, servers]) => isWhollyKnown(servers) && !sameValue(before[zone] ?? null, servers ?? null),
  );
  if (fresh.length === 0) return [];
  const found = await parts.awaitDelegation(Object.fromEntries(fresh) as Record<string, string[]>, {
    resolvers: Array.isArray(config.resolvers) ? (config.resolvers as string[]) : parts.defaults.resolvers,
    timeoutMilliseconds: patience,
    deadlineSeconds: 0,
    signal,
  });
  return found.map(({ zone, problem }) => ({
    severity: 'warning',
    summary: `the world does not ask the name servers of ${zone}`,
    detail:
      config.required === false
        ? problem
        : `${problem}. The apply will wait for that and then stop, before anything is made that costs money`,
    attribute: [{ attribute_name: 'zones' }, { element_key_string: zone }],
  }));
}
