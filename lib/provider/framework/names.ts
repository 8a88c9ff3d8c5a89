/** `messageSizeLimit` to `message_size_limit`: properties are camelCase, Terraform's attributes snake_case. */
export function attributeName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Names that Terraform keeps for itself inside a resource block: an attribute with such a name never reaches the provider. */
export const reservedNames: ReadonlySet<string> = new Set([
  'connection',
  'count',
  'depends_on',
  'for_each',
  'lifecycle',
  'locals',
  'provider',
  'provisioner',
]);
