import * as z from 'zod';

/** What is wrong with a value, in the user's words with the value and the likely fix; undefined when nothing is. */
export type Problem<T = string> = (value: T) => string | undefined;

/** A text that must pass the rules, in order; the first broken one is told. */
export function text(...rules: readonly Problem[]) {
  return z.string().check((context) => {
    for (const rule of rules) {
      const message = rule(context.value);
      if (message === undefined) continue;
      context.issues.push({ code: 'custom', message, input: context.value });
      return;
    }
  });
}

/** A map from text to anything whose keys must pass the rule; the entry at fault is named by its path. */
export function keyed<V extends z.ZodType>(values: V, rule: Problem) {
  return z.record(z.string(), values).check((context) => {
    const folded = new Map<string, string>();
    for (const key of Object.keys(context.value)) {
      const before = folded.get(key.toLowerCase());
      folded.set(key.toLowerCase(), key);
      const message =
        rule(key) ??
        (before === undefined ? undefined : `'${key}' and '${before}' are the same to Postfix, and only one of them can count`);
      if (message !== undefined) context.issues.push({ code: 'custom', message, input: key, path: [key] });
    }
  });
}

/** A list whose entries are told apart without regard to case. */
export function distinct<V extends z.ZodType<string>>(values: V) {
  return z.array(values).check((context) => {
    const seen = new Set<string>();
    context.value.forEach((value, index) => {
      const folded = value.toLowerCase();
      if (seen.has(folded)) {
        context.issues.push({ code: 'custom', message: `'${value}' is in the list twice`, input: value, path: [index] });
      }
      seen.add(folded);
    });
  });
}

/** Refuses what would end a line of a configuration file and begin another one. */
export const oneLine: Problem = (value) =>
  /[\r\n\0]/.test(value) ? `${JSON.stringify(value)} has a line break: every entry is one line of a file` : undefined;

/** Refuses emptiness: an empty entry is never what was meant. */
export const notEmpty: Problem = (value) => (value.trim() === '' ? 'is empty: leave the entry out or give a value' : undefined);
