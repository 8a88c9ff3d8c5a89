import type { Problem } from './checked';
import { notEmpty, oneLine } from './checked';
import { nameProblem } from './domain-name';

/** The left side of canonical(5) and virtual(5): `user@domain`, `user` or `@domain`. */
export const addressPattern: Problem = (value) => {
  const broken = notEmpty(value) ?? oneLine(value) ?? comment(value) ?? blank(value);
  if (broken !== undefined) return broken;
  const at = value.lastIndexOf('@');
  if (at < 0) return value.includes('.') && !/^"/.test(value) ? bareDomain(value) : undefined;
  return nameProblem('domain of an address', value.slice(at + 1));
};

/** An address that mail goes to: `user@domain` or a local name. */
export const targetAddress: Problem = (value) => {
  const broken = notEmpty(value) ?? oneLine(value) ?? blank(value);
  if (broken !== undefined) return broken;
  if (value.includes(',')) return `'${value}' has a comma: give every target an entry of its own`;
  const at = value.lastIndexOf('@');
  if (at === 0) return `'${value}' has nothing before the @`;
  return at < 0 ? undefined : nameProblem('domain of an address', value.slice(at + 1));
};

/** A target of aliases(5): an address, `|command`, `/file` or `:include:/file`. */
export const aliasTarget: Problem = (value) => {
  const broken = notEmpty(value) ?? oneLine(value);
  if (broken !== undefined) return broken;
  return /^"?[|/:\\]/.test(value) ? undefined : targetAddress(value);
};

/** The left side of aliases(5): a local name. */
export const aliasName: Problem = (value) => {
  const broken = notEmpty(value) ?? oneLine(value) ?? comment(value);
  if (broken !== undefined) return broken;
  if (value.includes('@')) return `'${value}' has an @: local aliases are names of this host, addresses belong in virtualAliases`;
  if (/[:\s]/.test(value)) return `'${value}' has a colon or white space in it, which ends the name of an alias`;
  return undefined;
};

const comment: Problem = (value) =>
  value.startsWith('#') ? `'${value}' begins with #: Postfix would take the line for a comment` : undefined;

const blank: Problem = (value) =>
  /\s/.test(value) && !value.startsWith('"') ? `'${value}' has white space in it; quote the part before the @` : undefined;

function bareDomain(value: string): string | undefined {
  return `'${value}' looks like a domain: for every address in it write '@${value}'`;
}
