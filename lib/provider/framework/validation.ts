import type * as z from 'zod';
import { UNKNOWN } from './values';

/** A rule that a property breaks. */
export interface PropertyIssue {
  /** Property names (camelCase), map keys and list indices, from the outside in. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * Checks properties of which some are not known yet ({@link UNKNOWN}): what is known is checked as always, and no rule is
 * applied to a value that waits for apply.
 */
export function checkProperties(schema: z.ZodType, properties: unknown): readonly PropertyIssue[] {
  // A provider's life is short: compiling code for the check would take longer than the check.
  const result = schema.safeParse(properties, { jitless: true });
  if (result.success) return [];
  const unknown = pathsOfUnknown(properties);
  return result.error.issues
    .filter((issue) => !unknown.some((path) => startsWith(issue.path, path)))
    .map((issue) => ({ path: issue.path.map(pathKey), message: sentence(issue.message) }));
}

function pathsOfUnknown(value: unknown): readonly PropertyKey[][] {
  if (value === UNKNOWN) return [[]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    pathsOfUnknown(member).map((path) => [Array.isArray(value) ? Number(key) : key, ...path]),
  );
}

const startsWith = (path: readonly PropertyKey[], start: readonly PropertyKey[]) =>
  start.every((key, index) => path[index] === key);
const pathKey = (key: PropertyKey) => (typeof key === 'number' ? key : String(key));

/** zod's own messages begin with a capital letter; ours do not. */
const sentence = (message: string) => message.replace(/^(Invalid|Too|Unrecognized|Expected)/, (word) => word.toLowerCase());

/** `domains["example.com"].relayTo`: how a path is written in messages. */
export function pathText(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) return `[${JSON.stringify(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}
