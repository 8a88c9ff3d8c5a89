import type { Attribute, AttributeType } from './attributes';
import { isObject, type TerraformObject, type TerraformValue, UNKNOWN } from './values';

/**
 * Attributes of a configuration or state as the properties that zod schemas speak of: camelCase, with absent instead of null.
 * Unknown values stay {@link UNKNOWN}.
 */
export function toProperties(value: TerraformObject, attributes: readonly Attribute[]): Record<string, unknown> {
  const entries = attributes
    .filter(({ name }) => value[name] !== null && value[name] !== undefined)
    .map(({ name, property, type }): [string, unknown] => [property, propertyOf(value[name] as TerraformValue, type)]);
  return Object.fromEntries(entries);
}

function propertyOf(value: TerraformValue, type: AttributeType): unknown {
  if (value === null || value === UNKNOWN) return value;
  if (type.kind === 'list' && Array.isArray(value)) return value.map((element) => propertyOf(element, type.element));
  if (!isObject(value)) return value;
  if (type.kind === 'object') return toProperties(value, type.attributes);
  if (type.kind !== 'map') return value;
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, propertyOf(element, type.element)]));
}

/** Write-only attributes are null wherever Terraform stores something: in plans and states, at every depth. */
export function withoutWriteOnly(value: TerraformObject, attributes: readonly Attribute[]): TerraformObject {
  const entries = attributes
    .filter(({ name }) => name in value)
    .map(({ name, type, writeOnly }): [string, TerraformValue] => [
      name,
      writeOnly ? null : dropWriteOnly(value[name] ?? null, type),
    ]);
  return Object.fromEntries(entries);
}

function dropWriteOnly(value: TerraformValue, type: AttributeType): TerraformValue {
  if (type.kind === 'object' && isObject(value)) return withoutWriteOnly(value, type.attributes);
  if (type.kind === 'list' && Array.isArray(value)) return value.map((element) => dropWriteOnly(element, type.element));
  if (type.kind !== 'map' || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, dropWriteOnly(element, type.element)]));
}
