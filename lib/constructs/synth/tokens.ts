import { Fn, Token } from 'cdktf';
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

/** The entries of two lists; Terraform appends one that it fills in. */
export function allOf(list: readonly string[], more: readonly string[]): string[] {
  if (!Token.isUnresolved(more)) return [...list, ...more];
  return Token.asList(Fn.concat([list, more] as string[][]));
}

/** The entries of two lists, each once; Terraform joins them where it fills in the one or the other, or an entry. */
export function joined(list: readonly string[], more: readonly string[]): string[] {
  if (more.length === 0) return [...list];
  const added = more.filter((entry) => !list.includes(entry));
  if (!hasToken(list) && !hasToken(added)) return [...list, ...new Set(added)];
  return Token.asList(Fn.distinct(Fn.concat([[...list], added] as string[][])));
}
