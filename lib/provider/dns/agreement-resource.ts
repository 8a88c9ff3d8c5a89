import { issueDiagnostic } from '../framework/diagnostics';
import type { Resource } from '../framework/resource';
import { toProperties } from '../framework/settings-values';
import { checkProperties } from '../framework/validation';
import { sameValue, type TerraformObject, UNKNOWN } from '../framework/values';
import { agreementAttributes, agreementSettingsAttributes } from './attributes';
import { applyAgreement } from './await-agreement';
import { clashes } from './clashes';
import type { DnsParts } from './parts';
import { agreementSettings } from './settings';

/**
 * `mailserver_dns_agreement`: a step of the graph that is over once authoritative servers and resolvers say what they are to say. What
 * comes after it (the host's HELO name) is not true before. It holds nothing: what DNS says later is the data source's to tell.
 */
export function agreementResource(parts: DnsParts): Resource {
  return {
    typeName: 'mailserver_dns_agreement',
    description: 'Waits until the world sees these records.',
    attributes: agreementAttributes,
    version: 0,
    validate(config) {
      const values = toProperties(config, agreementSettingsAttributes);
      return checkProperties(agreementSettings, values).map((issue) =>
        issueDiagnostic(issue, agreementSettingsAttributes, values),
      );
    },
    read: async ({ state }) => ({ state, diagnostics: [] }),
    plan: async ({ prior, proposed, config }) => ({
      planned: { ...proposed, id: prior && isSame(prior, proposed) ? (prior.id ?? UNKNOWN) : UNKNOWN },
      diagnostics: await clashes(prior, config, parts),
    }),
    apply: async (request, { signal }) => {
      const planned = { ...request.planned, id: idOf(request.config) };
      return applyAgreement({ ...request, planned }, signal, parts);
    },
    remove: async () => ({ state: null, diagnostics: [] }),
    import: () => ({
      state: null,
      diagnostics: [
        {
          severity: 'error',
          summary: 'an agreement cannot be imported',
          detail: 'There is nothing to take over: terraform apply asks DNS, and is done when everybody agrees',
        },
      ],
    }),
    upgrade: (state) => state,
  };
}

/** Whatever waits for the agreement refers to its id, which is unknown as long as there is something to wait for. */
function isSame(prior: TerraformObject, proposed: TerraformObject): boolean {
  return agreementSettingsAttributes.every(({ name }) => sameValue(prior[name] ?? null, proposed[name] ?? null));
}

function idOf(config: TerraformObject): string {
  const { helo_name: name, records } = config;
  if (typeof name === 'string') return name;
  return Object.keys((records ?? {}) as object).sort()[0] ?? 'nothing';
}
