import { Token } from 'cdktf';

/** Whether a value is, or anywhere contains, something that Terraform fills in. Such a value is never checked or changed here. */
export function hasToken(value: unknown): boolean {
  if (Token.isUnresolved(value)) return true;
  if (Array.isArray(value)) return value.some(hasToken);
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).some(([key, entry]) => Token.isUnresolved(key) || hasToken(entry));
  }
  return false;
}

/** The values of a list that are known at synth. */
export function literals(values: readonly string[]): readonly string[] {
  return values.filter((value) => !Token.isUnresolved(value));
}

/** The inside of a quoted Terraform string, so that a name from the stack can stand in a condition or a message. */
export function quoted(text: string): string {
  return text.replace(/[\\"]/g, '\\$&').replace(/\$\{/g, '$$${').replace(/%\{/g, '%%{');
}
