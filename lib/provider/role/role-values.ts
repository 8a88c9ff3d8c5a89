import type { RoleSettings } from '../../role/settings';
import { toProperties, withoutWriteOnly } from '../framework/settings-values';
import type { TerraformObject } from '../framework/values';
import { ownAttributes, roleAttributes } from './attributes';
import type { ResourceSettings } from './resource-settings';

/** A configuration, plan or state of `mailserver_role`, taken apart. Values may be unknown until apply. */
export interface RoleValues {
  readonly role: Record<string, unknown>;
  readonly own: Record<string, unknown>;
}

/** The same when nothing is unknown any more. */
export interface KnownRoleValues {
  readonly role: RoleSettings;
  readonly own: ResourceSettings;
}

export function roleValues(object: TerraformObject): RoleValues {
  return { role: toProperties(object, roleAttributes), own: toProperties(object, ownAttributes) };
}

/** A configuration as it may be looked at before apply: what is written only, such as passwords, is left out. */
export function publicRoleValues(object: TerraformObject): RoleValues {
  return roleValues(withoutWriteOnly(object, [...roleAttributes, ...ownAttributes]));
}

/** For states and applied configurations, which Terraform guarantees to be wholly known and which were checked before. */
export function knownRoleValues(object: TerraformObject): KnownRoleValues {
  return roleValues(object) as unknown as KnownRoleValues;
}
