import type { Problem } from './checked';
import { notEmpty, oneLine } from './checked';

/** Actions of access(5) that stand alone or take a text. */
const ACTIONS: ReadonlySet<string> = new Set([
  ...['OK', 'PERMIT', 'REJECT', 'DUNNO', 'DEFER', 'DEFER_IF_REJECT', 'DEFER_IF_PERMIT', 'DISCARD', 'HOLD', 'INFO', 'WARN'],
]);

/** Actions of access(5) that need something after them. */
const ACTIONS_WITH_VALUE: ReadonlySet<string> = new Set(['BCC', 'FILTER', 'PREPEND', 'REDIRECT']);

/** Restrictions of postconf(5) that an access map may name. */
const RESTRICTION = /^(permit|reject|defer|warn|check)_[a-z0-9_]+$/i;

/** The right side of an access map: what to do with who matches (R8a to R8d). */
export const accessAction: Problem = (value) => {
  const broken = notEmpty(value) ?? oneLine(value);
  if (broken !== undefined) return broken;
  const [word = '', ...rest] = value.trim().split(/\s+/);
  const name = word.toUpperCase();
  if (ACTIONS_WITH_VALUE.has(name)) {
    return rest.length > 0 ? undefined : `'${value}' lacks what ${name} is to be done with, see access(5)`;
  }
  if (ACTIONS.has(name) || RESTRICTION.test(word) || /^[45]\d\d$/.test(word) || /^\d+$/.test(value.trim())) return undefined;
  return (
    `'${word}' is no action of access(5), and Postfix would put off every mail that matches: ` +
    'use e.g. OK, REJECT with a text, DUNNO, DISCARD, HOLD or 550 with a text'
  );
};

/** The left side of an access map. */
export const accessKey: Problem = (value) => {
  const broken = notEmpty(value) ?? oneLine(value);
  if (broken !== undefined) return broken;
  if (/\s/.test(value.trim())) return `'${value}' has white space in it, and Postfix would take what follows for the action`;
  if (value.startsWith('#')) return `'${value}' begins with #: Postfix would take the line for a comment`;
  if (value.includes('/')) {
    return `'${value}' is a network with a prefix length, which access(5) does not know: name whole octets, e.g. 203.0.113`;
  }
  if (value.includes('*')) return `'${value}' has a *, which access(5) does not know: name the domain, e.g. example.com`;
  return undefined;
};
