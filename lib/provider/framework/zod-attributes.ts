import * as z from 'zod/mini';
import type { Attribute, AttributeType } from './attributes';
import { attributeName, reservedNames } from './names';

/** What `{ sensitive: true, writeOnly: true }` in zod's registry says of a schema to Terraform. */
interface AttributeMeta {
  readonly sensitive?: boolean;
  readonly writeOnly?: boolean;
}

type ObjectSchema = z.ZodMiniObject<Readonly<Record<string, z.core.$ZodType>>>;

/**
 * The attributes of a zod object: strings, numbers, booleans and enums; arrays are lists, records are maps, objects are nested
 * attributes. Whatever Terraform's type system has no word for (unions, tuples, transforms) is refused when the provider is
 * built, with the path of the property.
 */
export function attributesOf(schema: z.core.$ZodType): readonly Attribute[] {
  const attributes = objectAttributes(schema as ObjectSchema, []);
  for (const { name } of attributes) {
    if (reservedNames.has(name))
      throw new Error(`Terraform keeps the attribute name "${name}" for itself; name the property otherwise`);
  }
  return attributes;
}

function objectAttributes(schema: ObjectSchema, path: readonly string[]): readonly Attribute[] {
  return Object.entries(schema.shape).map(([property, member]) => attributeOf(property, member, [...path, property]));
}

function attributeOf(property: string, schema: z.core.$ZodType, path: readonly string[]): Attribute {
  const { inner, optional, description, meta } = unwrap(schema);
  return {
    name: attributeName(property),
    property,
    type: typeOf(inner, path),
    description,
    mode: optional ? 'optional' : 'required',
    sensitive: meta.sensitive ?? false,
    writeOnly: meta.writeOnly ?? false,
  };
}

interface Unwrapped {
  readonly inner: z.core.$ZodTypes;
  readonly optional: boolean;
  readonly description: string;
  readonly meta: AttributeMeta;
}

/** Looks through `optional()`; descriptions and meta count on either side of it, the outer one wins. */
function unwrap(schema: z.core.$ZodType): Unwrapped {
  const known = schema as z.core.$ZodTypes;
  const {
    description = '',
    sensitive,
    writeOnly,
  } = (z.globalRegistry.get(schema) ?? {}) as AttributeMeta & { description?: string };
  const meta: AttributeMeta = { ...(sensitive && { sensitive }), ...(writeOnly && { writeOnly }) };
  if (known._zod.def.type !== 'optional') return { inner: known, optional: false, description, meta };
  const inside = unwrap(known._zod.def.innerType);
  return { ...inside, optional: true, description: description || inside.description, meta: { ...inside.meta, ...meta } };
}

/** The schema without `optional()`. */
export function bare(schema: z.core.$ZodType): z.core.$ZodTypes {
  return unwrap(schema).inner;
}

function typeOf(schema: z.core.$ZodTypes, path: readonly string[]): AttributeType {
  const { def } = schema._zod;
  switch (def.type) {
    case 'string':
    case 'enum':
      return { kind: 'string' };
    case 'number':
      return { kind: 'number' };
    case 'boolean':
      return { kind: 'bool' };
    case 'array':
      return { kind: 'list', element: typeOf(bare(def.element), [...path, '*']) };
    case 'record':
      return { kind: 'map', element: typeOf(bare(def.valueType), [...path, '*']) };
    case 'object':
      return { kind: 'object', attributes: objectAttributes(schema as unknown as ObjectSchema, path) };
    default:
      throw new Error(`${path.join('.')}: a zod ${def.type} has no counterpart among Terraform's types`);
  }
}
