import { decode, ExtensionCodec, encode } from '@msgpack/msgpack';
import type { DynamicValue } from '../protocol/messages';
import type { Attribute, AttributeType } from './attributes';
import { isObject, type TerraformObject, type TerraformValue, UNKNOWN } from './values';

/** MessagePack extension of a plain unknown value. */
const unknownType = 0;
/** The same with what is known about it anyway (not null, a prefix …); newer Terraform versions send it. */
const refinedUnknownType = 12;

const extensions = new ExtensionCodec();
extensions.register({
  type: unknownType,
  encode: (value) => (value === UNKNOWN ? new Uint8Array([0]) : null),
  decode: () => UNKNOWN,
});
extensions.register({ type: refinedUnknownType, encode: () => null, decode: () => UNKNOWN });

/** Reads a value that Terraform sent; `null` where there is none, e.g. the prior state of a create. */
export function decodeValue(value: DynamicValue | null | undefined): TerraformValue {
  if (value?.msgpack?.length) return decode(value.msgpack, { extensionCodec: extensions }) as TerraformValue;
  if (value?.json?.length) return JSON.parse(Buffer.from(value.json).toString('utf8'));
  return null;
}

/** Reads an object; `null` where Terraform sent none. */
export function decodeObject(value: DynamicValue | null | undefined): TerraformObject | null {
  const decoded = decodeValue(value);
  if (decoded !== null && !isObject(decoded)) throw new Error('Terraform sent something else where an object was expected');
  return decoded;
}

/** Writes an object for Terraform: every attribute of the schema is there, with null for what was left out. */
export function encodeObject(value: TerraformObject | null, attributes: readonly Attribute[]): DynamicValue {
  return { msgpack: encode(value === null ? null : conformObject(value, attributes), { extensionCodec: extensions }) };
}

/**
 * Brings a value into the shape of its attributes: missing attributes become null, attributes that the schema does not know
 * (a state written by another version) are dropped.
 */
export function conformObject(value: TerraformObject, attributes: readonly Attribute[]): TerraformObject {
  return Object.fromEntries(attributes.map(({ name, type }) => [name, conform(value[name] ?? null, type)]));
}

function conform(value: TerraformValue, type: AttributeType): TerraformValue {
  if (value === null || value === UNKNOWN) return value;
  if (type.kind === 'list') return (value as readonly TerraformValue[]).map((element) => conform(element, type.element));
  if (type.kind === 'map') {
    return Object.fromEntries(
      Object.entries(value as TerraformObject).map(([key, element]) => [key, conform(element, type.element)]),
    );
  }
  return type.kind === 'object' ? conformObject(value as TerraformObject, type.attributes) : value;
}
