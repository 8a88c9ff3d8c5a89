import { type Diagnostic, issueDiagnostic } from '../framework/diagnostics';
import type { Resource } from '../framework/resource';
import { toProperties } from '../framework/settings-values';
import { checkProperties } from '../framework/validation';
import { type TerraformObject, UNKNOWN } from '../framework/values';
import { progressOf } from '../progress';
import { type AddressSettings, addressAttributes, addressSettings, addressSettingsAttributes } from './address-settings';
import { isGone } from './addresses';
import type { AwsParts } from './parts';
import { problemOf } from './problems';
import { releaseAddress } from './release';

/**
 * `mailserver_address`: the address that a mail host is built on. It is looked up in blocklists when it is new, before it has a name.
 * When it is destroyed, an Elastic IP of the stack is released, with the patience that AWS needs: `aws_eip`, which goes next, tries
 * once, is refused for minutes after the reverse name was taken away, and then finds it done.
 */
export function addressResource(parts: AwsParts): Resource {
  const settingsOf = (values: TerraformObject) => toProperties(values, addressSettingsAttributes) as AddressSettings;
  return {
    typeName: 'mailserver_address',
    description: 'The address that a mail host is built on.',
    attributes: addressAttributes,
    version: 0,
    validate(config) {
      const values = toProperties(config, addressSettingsAttributes);
      return checkProperties(addressSettings, values).map((issue) => issueDiagnostic(issue, addressSettingsAttributes, values));
    },
    read: async ({ state }) => ({ state, diagnostics: [] }),
    plan: async ({ prior, proposed }) => {
      const { address, remedy } = settingsOf(proposed);
      const isNew = typeof address === 'string' && prior?.address !== address;
      const changed = prior ? ['allocation_id', 'address'].filter((name) => prior[name] !== proposed[name]) : [];
      return {
        planned: { ...proposed, id: prior && changed.length === 0 ? (prior.id ?? UNKNOWN) : UNKNOWN },
        requiresReplace: changed,
        // One that the same apply makes is known, and looked up, when Terraform plans once more right before it is applied.
        diagnostics: isNew ? await listings(address, remedy, parts) : [],
      };
    },
    apply: async ({ planned, config }) => ({ state: { ...planned, id: settingsOf(config).address }, diagnostics: [] }),
    async remove({ prior }, { signal }) {
      const { address, allocationId, aws = {} } = settingsOf(prior);
      if (allocationId === undefined) return { state: null, diagnostics: [] };
      try {
        const addresses = await parts.addresses(aws, signal);
        const { problem } = await releaseAddress(
          addresses,
          { address, allocationId, signal, onProgress: progressOf(address) },
          parts,
        );
        return problem === undefined
          ? { state: null, diagnostics: [] }
          : { state: prior, diagnostics: [{ severity: 'error', summary: `AWS still holds ${address}`, detail: problem }] };
      } catch (error) {
        // Whatever else stands against it, aws_eip meets it next, and it is that resource's to tell.
        const { code, message } = problemOf(error);
        if (!isGone(code)) progressOf(address)(`AWS does not release ${address} yet: ${message} (${code})`);
        return { state: null, diagnostics: [] };
      }
    },
    import: (id) => ({ state: { ...empty, id, address: id }, diagnostics: [] }),
    upgrade: (state) => state,
  };
}

const empty: TerraformObject = Object.fromEntries(addressAttributes.map(({ name }) => [name, null]));

/** A bad past is a warning: the lists may be wrong, and nobody but the user can weigh that. */
async function listings(address: string, remedy: string | undefined, { dns }: AwsParts): Promise<readonly Diagnostic[]> {
  const found = await dns.listings(address, { resolvers: dns.defaults.resolvers });
  if (found.length === 0) return [];
  const lines = found.map(({ list, codes, removal }) => `  ${list}: ${codes}; ask to be taken off: ${removal}`);
  const another = remedy === undefined ? [] : [`Or get another address, while nothing is built on this one: ${remedy}`];
  const detail = ['Whoever uses one of these lists refuses mail from it:', ...lines, ...another].join('\n');
  return [
    {
      severity: 'warning',
      summary: `${address} is on ${found.length === 1 ? 'a blocklist' : `${found.length} blocklists`}`,
      detail,
    },
  ];
}
