import { normalizeName } from '../../dns';
import { type Diagnostic, issueDiagnostic } from '../framework/diagnostics';
import type { Resource } from '../framework/resource';
import { toProperties } from '../framework/settings-values';
import { checkProperties } from '../framework/validation';
import { type TerraformObject, UNKNOWN } from '../framework/values';
import { progressOf } from '../progress';
import { isGone } from './addresses';
import type { AwsParts } from './parts';
import { errorText, problemOf } from './problems';
import { nameSeconds, refusedName, resetReverseName, setReverseName } from './reverse-name';
import {
  type ReverseNameSettings,
  reverseNameAttributes,
  reverseNameSettings,
  reverseNameSettingsAttributes,
} from './reverse-name-settings';

/**
 * `mailserver_reverse_name`: the PTR of an Elastic IP. In place of `aws_eip_domain_name`, which ends with `unexpected state 'FAILED'`,
 * forgets a name that AWS sets later, never reads it back, and resets it at every change.
 */
export function reverseNameResource(parts: AwsParts): Resource {
  const settingsOf = (values: TerraformObject) => toProperties(values, reverseNameSettingsAttributes) as ReverseNameSettings;
  const changeOf = ({ allocationId, address, timeoutSeconds = nameSeconds }: ReverseNameSettings, signal: AbortSignal) => ({
    allocationId,
    address,
    deadlineSeconds: timeoutSeconds,
    signal,
    onProgress: progressOf(address),
  });
  return {
    typeName: 'mailserver_reverse_name',
    description: 'The reverse name (PTR) of an Elastic IP.',
    attributes: reverseNameAttributes,
    version: 0,
    validate(config) {
      const values = toProperties(config, reverseNameSettingsAttributes);
      return checkProperties(reverseNameSettings, values).map((issue) =>
        issueDiagnostic(issue, reverseNameSettingsAttributes, values),
      );
    },
    async read({ state }, { signal }) {
      const { allocationId, address, aws = {} } = settingsOf(state);
      try {
        const addresses = await parts.addresses(aws, signal);
        const { name, update } = await addresses.nameOf(allocationId);
        if (name === undefined && update === undefined && !(await addresses.exists(allocationId)))
          return { state: null, diagnostics: [] };
        // One that is being set counts as set: an apply would only wait for it.
        const live = update?.status === 'PENDING' ? update.value : name;
        const isSame = typeof state.name === 'string' && live !== undefined && normalizeName(live) === normalizeName(state.name);
        return { state: isSame ? state : { ...state, name: live === undefined ? null : normalizeName(live) }, diagnostics: [] };
      } catch (error) {
        const { code } = problemOf(error);
        if (isGone(code)) return { state: null, diagnostics: [] };
        return {
          state,
          diagnostics: [failure(`the reverse name of ${address ?? allocationId} cannot be read`, errorText(error))],
        };
      }
    },
    plan: async ({ prior, proposed }) => {
      const isSameAddress = prior?.allocation_id !== undefined && prior.allocation_id === proposed.allocation_id;
      return { planned: { ...proposed, id: isSameAddress ? (prior.id ?? UNKNOWN) : UNKNOWN }, diagnostics: [] };
    },
    async apply({ prior, planned, config }, { signal }) {
      const values = settingsOf(config);
      const issues = checkProperties(reverseNameSettings, values);
      if (issues.length > 0) {
        return {
          state: prior,
          diagnostics: issues.map((issue) => issueDiagnostic(issue, reverseNameSettingsAttributes, values)),
        };
      }
      const { name, address, allocationId } = values;
      try {
        const addresses = await parts.addresses(values.aws ?? {}, signal);
        const { problem } = await setReverseName(addresses, name, changeOf(values, signal), parts);
        if (problem !== undefined) return { state: prior, diagnostics: [failure('the reverse name is not set', problem)] };
        const former = prior && prior.allocation_id !== allocationId ? settingsOf(prior) : undefined;
        const diagnostics = former ? await giveUp(former) : [];
        return { state: { ...planned, id: allocationId }, diagnostics };
      } catch (error) {
        return {
          state: prior,
          diagnostics: [failure('the reverse name is not set', refusedName(address, name, problemOf(error)))],
        };
      }

      /** The address that had the name before must not lead to a host that is elsewhere; that AWS takes its time holds up nobody. */
      async function giveUp(before: ReverseNameSettings): Promise<readonly Diagnostic[]> {
        try {
          const addresses = await parts.addresses(before.aws ?? {}, signal);
          const { name: left } = await addresses.nameOf(before.allocationId);
          if (left !== undefined) await addresses.resetName(before.allocationId);
          return [];
        } catch (error) {
          if (isGone(problemOf(error).code)) return [];
          const fix = `take it away with: aws ec2 reset-address-attribute --attribute domain-name --allocation-id ${before.allocationId}`;
          return [
            { severity: 'warning', summary: `${before.address} keeps its reverse name`, detail: `${errorText(error)}; ${fix}` },
          ];
        }
      }
    },
    async remove({ prior }, { signal }) {
      const values = settingsOf(prior);
      try {
        const addresses = await parts.addresses(values.aws ?? {}, signal);
        const { problem } = await resetReverseName(addresses, changeOf(values, signal), parts);
        return problem === undefined
          ? { state: null, diagnostics: [] }
          : { state: prior, diagnostics: [failure('the reverse name is still there', problem)] };
      } catch (error) {
        if (isGone(problemOf(error).code)) return { state: null, diagnostics: [] };
        return { state: prior, diagnostics: [failure(`the reverse name of ${values.address} is still there`, errorText(error))] };
      }
    },
    import: (id) => ({ state: { ...empty, id, allocation_id: id }, diagnostics: [] }),
    upgrade: (state) => state,
    moveFrom: (typeName, { allocation_id: allocationId, ptr_record: live, domain_name: name }) => {
      const known = typeof live === 'string' && live !== '' ? live : name;
      return typeName === 'aws_eip_domain_name' && typeof allocationId === 'string' && typeof known === 'string'
        ? { ...empty, id: allocationId, allocation_id: allocationId, name: normalizeName(known) }
        : undefined;
    },
  };
}

const empty: TerraformObject = Object.fromEntries(reverseNameAttributes.map(({ name }) => [name, null]));

const failure = (summary: string, detail: string): Diagnostic => ({ severity: 'error', summary, detail });
