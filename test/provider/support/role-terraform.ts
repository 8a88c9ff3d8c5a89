import { conformObject } from '../../../lib/provider/framework/codec';
import type { PrivateState, StateResult } from '../../../lib/provider/framework/resource';
import type { TerraformObject } from '../../../lib/provider/framework/values';
import { attributes } from '../../../lib/provider/role/attributes';
import type { RoleResourceParts } from '../../../lib/provider/role/role-logic';
import { roleResource } from '../../../lib/provider/role/role-resource';
import { FakeHost, partsWith } from './fake-host';

const { signal } = new AbortController();

/** Of calls that nobody calls off. */
export const context: { readonly signal: AbortSignal } = { signal };
/** A host with an instance id and somebody who reads its mail, and nothing else said. */
export const base = {
  helo_name: 'mail.example.com',
  postmaster: ['operations@example.com'],
  ssh: { host: '198.51.100.25' },
  instance_id: 'i-1',
};
export const conform = (value: TerraformObject) => conformObject(value, attributes);

/** Goes through the calls that Terraform makes. */
export function terraform(host = new FakeHost(), parts: RoleResourceParts = partsWith(host)) {
  const resource = roleResource(async () => parts);
  let state: TerraformObject | null = null;
  let privateState: PrivateState = {};
  const keep = (result: StateResult) => {
    state = result.state && conform(result.state);
    privateState = result.privateState ?? privateState;
    return result;
  };
  const plan = (settings: TerraformObject) => {
    const config = conform(settings);
    const computed = Object.fromEntries(
      attributes.filter(({ mode }) => mode === 'computed').map(({ name }) => [name, state?.[name] ?? null]),
    );
    return resource.plan({ prior: state, proposed: { ...config, ...computed }, config, privateState }, context);
  };
  return {
    host,
    parts,
    resource,
    state: () => state as TerraformObject,
    plan,
    refresh: async () => keep(await resource.read({ state: state as TerraformObject, privateState }, context)),
    apply: async (settings: TerraformObject, late: TerraformObject = {}) => {
      const { planned, diagnostics, privateState: notes } = await plan(settings);
      if (diagnostics.some(({ severity }) => severity === 'error')) throw new Error(diagnostics[0]?.summary);
      const config = conform({ ...settings, ...late });
      return keep(await resource.apply({ prior: state, planned: conform(planned), config, privateState: notes ?? {} }, context));
    },
    destroy: async () => keep(await resource.remove({ prior: state as TerraformObject, privateState }, context)),
    import: (id: string) => keep(resource.import(id)),
  };
}

/** Severity and summary of what is reported. */
export const summaries = ({ diagnostics }: { diagnostics: readonly { severity: string; summary: string }[] }) =>
  diagnostics.map(({ severity, summary }) => `${severity}: ${summary}`);
