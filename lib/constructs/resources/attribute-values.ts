import { Token } from 'cdktf';
import type { Attribute, AttributeType } from '../../provider/framework/attributes';

/** A token inside a string; everything around it is text. */
const tokenForm = /(\$\{TfToken\[[A-Za-z0-9:._-]+\]\})/;

/** Properties as Terraform's attributes: names in snake_case, texts meant literally, tokens as they are. */
export function attributeValues(properties: object, attributes: readonly Attribute[]): Record<string, unknown> {
  const values = properties as Readonly<Record<string, unknown>>;
  return Object.fromEntries(attributes.map(({ name, property, type }) => [name, attributeValue(values[property], type)]));
}

function attributeValue(value: unknown, type: AttributeType): unknown {
  if (typeof value === 'string') return literalText(value);
  if (typeof value !== 'object' || value === null || Token.isUnresolved(value)) return value;
  if (type.kind === 'list' && Array.isArray(value)) return value.map((element) => attributeValue(element, type.element));
  if (type.kind === 'object') return attributeValues(value, type.attributes);
  if (type.kind !== 'map') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, element]) => [literalText(key), attributeValue(element, type.element)]),
  );
}

/**
 * A text of the user as a Terraform string: Postfix writes its own parameters as `${name}`, which Terraform would try to
 * evaluate. What Terraform is to evaluate comes as a token.
 */
export function literalText(text: string): string {
  return text
    .split(tokenForm)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[$%]\{/g, (open) => `${open[0]}${open}`)))
    .join('');
}
