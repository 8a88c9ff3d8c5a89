import * as z from 'zod/mini';
import { described, expected } from './wrong-type';

/** What is wrong with a value, in the user's words with the value and the likely fix; undefined when nothing is. */
export type Problem<T = string> = (value: T) => string | undefined;

/** A text that must pass the rules, in order; the first broken one is reported. */
export function text(...rules: readonly Problem[]) {
  return z
    .string({
      error: ({ input }) =>
        `expected a string, got ${described(input)}${typeof input === 'number' || typeof input === 'boolean' ? ': put it in quotes' : ''}`,
    })
    .check((context) => {
      for (const rule of rules) {
        const message = rule(context.value);
        if (message === undefined) continue;
        context.issues.push({ code: 'custom', message, input: context.value });
        return;
      }
    });
}

/** One of some words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  const known = words.map((word) => `'${word}'`).join(' or ');
  return z.enum(words, { error: ({ input }) => `expected ${known}, got ${described(input)}` });
}

/** Yes or no. */
export function flag() {
  return z.boolean({ error: expected('true or false') });
}

/** A map from text to anything whose keys must pass the rule; the entry at fault is named by its path. */
export function keyed<V extends z.core.$ZodType>(values: V, rule: Problem, same: (key: string) => string = lowerCase) {
  return z
    .record(z.string(), values, {
      error: ({ input }) => `expected a map from text to text or to properties, got ${described(input)}`,
    })
    .check((context) => {
      const folded = new Map<string, string>();
      for (const key of Object.keys(context.value)) {
        const before = folded.get(same(key));
        folded.set(same(key), key);
        const message =
          rule(key) ??
          (before === undefined ? undefined : `'${key}' and '${before}' are the same to Postfix, and only one of them can count`);
        if (message !== undefined) context.issues.push({ code: 'custom', message, input: key, path: [key] });
      }
    });
}

/** A list in its order. */
export function list<V extends z.core.$ZodType>(values: V) {
  return z.array(values, {
    error: ({ input }) =>
      `expected a list, got ${described(input)}${typeof input === 'string' || (typeof input === 'object' && input !== null) ? ': put it in square brackets' : ''}`,
  });
}

/** A list with at least one entry, told what an empty one would mean. */
export function someOf<V extends z.core.$ZodType>(values: V, emptyMeans: string) {
  return list(values).check(z.minLength(1, { error: () => `the list is empty: ${emptyMeans}` }));
}

/** A list whose entries differ by what they mean, by default without regard to case. */
export function distinct<V extends z.ZodMiniType<string>>(values: V, same: (value: string) => string = lowerCase) {
  return list(values).check((context) => {
    const seen = new Map<string, string>();
    context.value.forEach((value, index) => {
      const before = seen.get(same(value));
      seen.set(same(value), value);
      if (before === undefined) return;
      const message =
        before === value ? `'${value}' is in the list twice` : `'${value}' is in the list twice, once as '${before}'`;
      context.issues.push({ code: 'custom', message, input: value, path: [index] });
    });
  });
}

function lowerCase(value: string): string {
  return value.toLowerCase();
}

/** Refuses what would end a line of a configuration file and begin another one. */
export const oneLine: Problem = (value) =>
  /[\r\n\0]/.test(value) ? `${JSON.stringify(value)} has a line break: every entry is one line of a file` : undefined;

/** Refuses emptiness: an empty entry is never what was meant. */
export const notEmpty: Problem = (value) => (value.trim() === '' ? 'is empty: leave the entry out or give a value' : undefined);
