import type { Problem } from '../../settings/vocabulary';
import { oneLine } from '../../settings/vocabulary';

/** What JavaScript and PCRE both refuse; PCRE knows more than JavaScript, so other complaints of the latter mean nothing. */
const SURE_MISTAKES = /Unterminated|Unmatched|Lone quantifier|out of order/;

/** A rule of pcre_table(5): delimiter, pattern, flags and result. */
const RULE = /^!?([^\w\s\\])((?:\\.|(?!\1).)*)\1([imsxADEGJUX]*)\s+(\S.*)$/;

/** A line of pcre_table(5). */
export const pcreLine: Problem = (value) => {
  const broken = oneLine(value);
  if (broken !== undefined) return broken;
  if (/^\s*(#.*)?$/.test(value) || /^endif\s*$/.test(value)) return undefined;
  const condition = /^if\s+(.*)$/.exec(value)?.[1];
  const [, , pattern, , result] = RULE.exec(condition === undefined ? value : `${condition} x`) ?? [];
  if (pattern === undefined) return noRule(value);
  return patternProblem(value, pattern) ?? (condition === undefined ? resultProblem(value, pattern, result ?? '') : undefined);
};

/** An `if` that nothing ends, or an `endif` that ends nothing: the rules behind it would be left out. */
export function conditionsProblem(lines: readonly string[]): { readonly index: number; readonly message: string } | undefined {
  const open: number[] = [];
  for (const [index, line] of lines.entries()) {
    if (/^if\s/.test(line)) open.push(index);
    else if (/^endif\b/.test(line) && open.pop() === undefined) return { index, message: "'endif' ends no if" };
  }
  const index = open.pop();
  return index === undefined ? undefined : { index, message: `'${lines[index]}' has no endif` };
}

function noRule(value: string): string {
  const hint = /^!?\/.*[^\\]\/[a-zA-Z]*$/.test(value) ? '; the result is missing' : '';
  return `'${value}' is not a line of pcre_table(5): expected /pattern/flags, white space and the result${hint}`;
}

/** What JavaScript says of a pattern, without the pattern. */
function reason(error: unknown): string {
  const said = String(error).replace(/^.*: /, '');
  return said.charAt(0).toLowerCase() + said.slice(1);
}

function patternProblem(value: string, pattern: string): string | undefined {
  if (/^[*+?]|[^\\]\|[*+?]|[^\\]\([*+]/.test(pattern)) {
    return `'${value}' has a pattern with nothing to repeat before *, + or ?: for any text write .*`;
  }
  try {
    new RegExp(pattern.replace(/\(\?[imsx]+\)/g, ''));
  } catch (error) {
    if (SURE_MISTAKES.test(String(error))) return `'${value}' has a pattern that cannot be compiled: ${reason(error)}`;
  }
  return undefined;
}

/** A $2 without a second group makes Postfix skip the rule. */
function resultProblem(value: string, pattern: string, result: string): string | undefined {
  const groups = (pattern.replace(/\\./g, '').match(/\((?!\?)|\(\?P?<[a-z_]/gi) ?? []).length;
  const wanted = [...result.replace(/\$\$/g, '').matchAll(/\$(?:(\d+)|\{(\d+)\}|\((\d+)\))/g)].map((match) =>
    Number(match[1] ?? match[2] ?? match[3]),
  );
  const missing = wanted.find((number) => number < 1 || number > groups);
  if (missing === undefined) return undefined;
  return `'${value}' uses $${missing}, and its pattern has ${groups === 0 ? 'no group' : groups === 1 ? 'one group' : `${groups} groups`} in parentheses`;
}
