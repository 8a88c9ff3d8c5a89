import { roleSettings } from '../../role/settings';
import { type Diagnostic, issueDiagnostic } from '../framework/diagnostics';
import type { Resource } from '../framework/resource';
import { checkProperties } from '../framework/validation';
import type { TerraformObject } from '../framework/values';
import { applyRole } from './apply-role';
import { attributes, ownAttributes, roleAttributes } from './attributes';
import { importState } from './import-id';
import { planRole } from './plan-role';
import { readRole } from './read-role';
import { removeRole } from './remove-role';
import { resourceSettings } from './resource-settings';
import type { RoleResourceParts } from './role-logic';
import { roleValues } from './role-values';
import { stateVersion, upgradeState } from './upgrade-state';

/**
 * `mailserver_role`: a Debian host in the mail role, changed in place and never replaced. `load` gives what it works with when
 * there is work: most runs of a provider only answer questions about its schema.
 */
export function roleResource(load: () => Promise<RoleResourceParts>): Resource {
  return {
    typeName: 'mailserver_role',
    description: 'A mail host: its files, packages and services as planned, compared with the live host and put back on drift.',
    attributes,
    version: stateVersion,
    validate,
    read: async (request, context) => readRole(request, context, await load()),
    plan: async (request, context) => planRole(request, context, await load()),
    apply: async (request, context) => applyRole(request, context, await load()),
    remove: async (request, context) => removeRole(request, context, await load()),
    import: importState,
    upgrade: upgradeState,
  };
}

function validate(config: TerraformObject): readonly Diagnostic[] {
  const { role, own } = roleValues(config);
  return [
    ...checkProperties(roleSettings, role).map((issue) => issueDiagnostic(issue, roleAttributes, role)),
    ...checkProperties(resourceSettings, own).map((issue) => issueDiagnostic(issue, ownAttributes, own)),
  ];
}
