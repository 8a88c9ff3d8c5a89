import type { AttributeStep } from '../protocol/messages';
import type { Attribute, AttributeType } from './attributes';
import type { Diagnostic } from './diagnostics';
import type { TerraformObject, TerraformValue } from './values';

/** Errors for every write-only value that is set, for a Terraform that would keep it in its state: any before 1.11. */
export function writeOnlyRefusals(values: TerraformObject, attributes: readonly Attribute[]): readonly Diagnostic[] {
  return pathsIn(values, { kind: 'object', attributes }).map((attribute) => ({
    severity: 'error',
    summary: 'this Terraform cannot keep a secret',
    detail: 'The value is write-only, which Terraform has known since version 1.11: update it, or leave the value out.',
    attribute,
  }));
}

function pathsIn(value: TerraformValue, type: AttributeType): readonly (readonly AttributeStep[])[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = (step: AttributeStep, member: TerraformValue, memberType: AttributeType) =>
    pathsIn(member, memberType).map((path) => [step, ...path]);
  if (type.kind === 'object') {
    const members = value as TerraformObject;
    return type.attributes.flatMap(({ name, type: memberType, writeOnly }) => {
      const [step, member] = [{ attribute_name: name }, members[name] ?? null];
      return writeOnly ? (member === null ? [] : [[step]]) : below(step, member, memberType);
    });
  }
  if (type.kind !== 'list' && type.kind !== 'map') return [];
  return Object.entries(value as TerraformObject).flatMap(([key, member]) =>
    below(type.kind === 'list' ? { element_key_int: Number(key) } : { element_key_string: key }, member, type.element),
  );
}
