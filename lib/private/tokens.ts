import { Token } from 'cdktf';
import { Construct } from 'constructs';

/** Whether a value is, or anywhere contains, something that Terraform fills in. Such a value is never checked or changed here. */
export function hasToken(value: unknown): boolean {
  if (Token.isUnresolved(value)) return true;
  if (Array.isArray(value)) return value.some(hasToken);
  // Constructs know their tree, which has no end.
  if (typeof value === 'object' && value !== null && !Construct.isConstruct(value)) {
    return Object.entries(value).some(([key, entry]) => Token.isUnresolved(key) || hasToken(entry));
  }
  return false;
}
