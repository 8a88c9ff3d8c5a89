import { nameProblem } from '../../net/domain-name';
import type { Problem } from '../../settings/vocabulary';
import { notEmpty, oneLine } from '../../settings/vocabulary';

/** The left side of canonical(5) and virtual(5): `user@domain`, `user` or `@domain`. */
export const addressPattern: Problem = (value) => {
  const broken = notEmpty(value) ?? oneLine(value) ?? comment(value) ?? otherForm(value);
  if (broken !== undefined) return broken;
  if (/^\*@/.test(value))
    return `'${value}' has a *, and this is not a pattern: for every address of the domain write '${value.slice(1)}'`;
  if (value === '*') return "'*' is not a pattern here: for every address of a domain write e.g. '@example.com'";
  const at = value.lastIndexOf('@');
  if (at < 0) {
    return value.includes('.') && !value.startsWith('"')
      ? `'${value}' looks like a domain: for every address in it write '@${value}'`
      : undefined;
  }
  return at === 0 ? nameProblem('domain of an address', value.slice(1)) : addressProblem(value);
};

/** Ends like a domain; `first.last` is the name of a user. */
const TOP_LEVEL = /\.(com|net|org|info|biz|edu|gov|mil|int|example|test|[a-z]{2})$/i;

/** An address that mail goes to: `user@domain` or a local name; `@domain` keeps the part before the @. */
export const targetAddress: Problem = (value) => {
  const broken = notEmpty(value) ?? oneLine(value) ?? commas(value) ?? otherForm(value);
  if (broken !== undefined) return broken;
  if (/^[|/]|^:include:/.test(value)) return `'${value}' is not an address: commands and files are targets of localAliases only`;
  if (value.includes('*')) return `'${value}' has a *, and mail goes to addresses: name one`;
  const at = value.lastIndexOf('@');
  if (at < 0) return TOP_LEVEL.test(value) ? `'${value}' has no @: expected an address, e.g. user@${value}` : undefined;
  return at === 0 ? nameProblem('domain of an address', value.slice(1)) : addressProblem(value);
};

/** The targets of an entry of virtual(5), as a whole. With others behind it, Postfix makes one address of all that `@domain` follows. */
export function targetsProblem(targets: readonly string[]): { readonly index: number; readonly message: string } | undefined {
  const seen = new Set<string>();
  for (const [index, target] of targets.entries()) {
    if (targets.length > 1 && target.startsWith('@')) {
      return {
        index,
        message: `'${target}' keeps the part before the @, which only the one target of an entry can do: name addresses`,
      };
    }
    if (seen.has(target.toLowerCase())) return { index, message: `'${target}' is in the list twice, case makes no difference` };
    seen.add(target.toLowerCase());
  }
  return undefined;
}

/** A target of aliases(5): an address, `|command`, `/file` or `:include:/file`. */
export const aliasTarget: Problem = (value) => {
  const broken = notEmpty(value) ?? oneLine(value);
  if (broken !== undefined) return broken;
  if (/^"[|/:]/.test(value)) return /^"(\\.|[^"\\])*"$/.test(value) ? undefined : `'${value}' has a quote that is not closed`;
  if (/^[|/:]/.test(value)) return specialTarget(value);
  if (value.startsWith('@')) return `'${value}' has nothing before the @: a target is a name or an address`;
  return targetAddress(value);
};

/** Who reads mail that the host has for people: an address, or a name of the host. */
export const mailReader: Problem = (value) => targetAddress(value) ?? aliasTarget(value);

/** The left side of aliases(5): a local name. */
export const aliasName: Problem = (value) => {
  const broken = notEmpty(value) ?? oneLine(value) ?? comment(value);
  if (broken !== undefined) return broken;
  if (value.includes('@')) return `'${value}' has an @: local aliases are names of this host, addresses belong in virtualAliases`;
  if (/[:\s]/.test(value)) return `'${value}' has a colon or white space in it, which ends the name of an alias`;
  if (value.includes('*')) return `'${value}' has a *, which aliases(5) does not know: name each alias`;
  if (/^[|/]/.test(value)) return `'${value}' is a target: on the left stands the name of the alias`;
  return undefined;
};

function specialTarget(value: string): string | undefined {
  if (/[\s,#]/.test(value.slice(1)))
    return `'${value}' has white space, a comma or # in it: put it in double quotes, e.g. "${value}"`;
  if (/^:/.test(value))
    return /^:include:\/./.test(value) ? undefined : `'${value}' is not a target: expected :include: and the path of a file`;
  return value.length > 1 ? undefined : `'${value}' names neither command nor file`;
}

/** An address with something before its last @. */
function addressProblem(value: string): string | undefined {
  const at = value.lastIndexOf('@');
  const local = value.slice(0, at);
  if (at === value.length - 1) return `'${value}' has nothing behind the @`;
  if (!/^".*"$/.test(local)) {
    if (local.includes('@')) return `'${value}' has two @: an address has one`;
    const other = /[^\x21-\x7e]|[<>()[\]\\;:,"]/.exec(local)?.[0];
    if (other !== undefined && /[^\x20-\x7e]/.test(other))
      return `'${value}' has '${other}' before the @, which only few mail servers take: use ASCII letters`;
    if (other !== undefined) return `'${value}' has '${other}' before the @: quote that part, if it is meant`;
    if (/^\.|\.\.|\.$/.test(local)) return `'${value}' has a dot too many before the @`;
  }
  return nameProblem('domain of an address', value.slice(at + 1));
}

/** Forms of an address that belong to other places: headers, links, quotes. */
const otherForm: Problem = (value) => {
  const inside = /^[^<]*<([^<>]+)>$/.exec(value)?.[1];
  if (inside !== undefined) return `'${value}' is an address as in a header: give only '${inside}'`;
  if (/^mailto:/i.test(value)) return `'${value}' is a link: give only '${value.slice(7)}'`;
  if (/^'.*'$/.test(value) || /^"[^"]*@[^"]*"$/.test(value)) return `'${value}' is in quotes: leave them out`;
  if (!/\s/.test(value) || value.startsWith('"')) return undefined;
  return `'${value}' has white space in it${/\s.*@/.test(value) ? '; quote the part before the @, if it is meant' : ''}`;
};

const commas: Problem = (value) =>
  value.includes(',') && !value.startsWith('"') ? `'${value}' has a comma: give every target an entry of its own` : undefined;

const comment: Problem = (value) =>
  value.startsWith('#') ? `'${value}' begins with #: Postfix would take the line for a comment` : undefined;
