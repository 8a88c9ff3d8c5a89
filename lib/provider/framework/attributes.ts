/** The type of an attribute: what zod schemas and Terraform's schemas have in common. */
export type AttributeType =
  | { readonly kind: 'string' | 'number' | 'bool' }
  | { readonly kind: 'list' | 'map'; readonly element: AttributeType }
  | { readonly kind: 'object'; readonly attributes: readonly Attribute[] };

export interface Attribute {
  /** Terraform's name, snake_case. */
  readonly name: string;
  /** The property it stands for, camelCase. */
  readonly property: string;
  readonly type: AttributeType;
  readonly description: string;
  /** `required` and `optional` come from the configuration, `computed` from the host. */
  readonly mode: 'required' | 'optional' | 'computed';
  /** Hidden in plans. */
  readonly sensitive: boolean;
  /** Goes from the configuration to the provider and is stored nowhere (Terraform 1.11 or later). */
  readonly writeOnly: boolean;
}

/** An attribute that the provider fills in. */
export function computed(name: string, type: AttributeType, description: string): Attribute {
  return { name, property: name, type, description, mode: 'computed', sensitive: false, writeOnly: false };
}

export const stringType: AttributeType = { kind: 'string' };
export const numberType: AttributeType = { kind: 'number' };
export const stringMapType: AttributeType = { kind: 'map', element: stringType };
