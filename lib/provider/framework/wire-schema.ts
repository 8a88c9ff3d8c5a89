import type { WireAttribute, WireSchema } from '../protocol/messages';
import type { Attribute, AttributeType } from './attributes';

/** `Schema.Object.NestingMode` of the protocol. */
const nesting = { single: 1, list: 2, map: 4 } as const;

type NestedObject = { readonly attributes: readonly Attribute[]; readonly nesting: number };

/** A resource's attributes as the protocol spells them. */
export function wireSchema(attributes: readonly Attribute[], version: number, description: string): WireSchema {
  return { version, block: { attributes: attributes.map(wireAttribute), description } };
}

function wireAttribute(attribute: Attribute): WireAttribute {
  const { name, description, mode, sensitive, writeOnly, type } = attribute;
  const nested = nestedObject(type);
  const shape = nested
    ? { nested_type: { attributes: nested.attributes.map(wireAttribute), nesting: nested.nesting } }
    : { type: Buffer.from(JSON.stringify(typeConstraint(type))) };
  return {
    name,
    ...shape,
    description,
    required: mode === 'required',
    optional: mode === 'optional',
    computed: mode === 'computed',
    sensitive,
    write_only: writeOnly,
  };
}

/** Objects, and lists and maps of objects, are nested attributes: their members keep descriptions and may be left out. */
function nestedObject(type: AttributeType): NestedObject | undefined {
  if (type.kind === 'object') return { attributes: type.attributes, nesting: nesting.single };
  if ((type.kind === 'list' || type.kind === 'map') && type.element.kind === 'object') {
    return { attributes: type.element.attributes, nesting: nesting[type.kind] };
  }
  return undefined;
}

/** Terraform's JSON form of a type, e.g. `["map",["list","string"]]`. */
function typeConstraint(type: AttributeType): unknown {
  switch (type.kind) {
    case 'list':
    case 'map':
      return [type.kind, typeConstraint(type.element)];
    case 'object':
      return [
        'object',
        Object.fromEntries(type.attributes.map((member) => [member.name, typeConstraint(member.type)])),
        type.attributes.filter((member) => member.mode !== 'required').map((member) => member.name),
      ];
    default:
      return type.kind;
  }
}
