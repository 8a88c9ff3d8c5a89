import type * as z from 'zod/mini';
import { problemsOf } from '../../settings/problems';
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
export function checkProperties(schema: z.core.$ZodType, properties: unknown): readonly PropertyIssue[] {
  const problems = problemsOf(schema, properties);
  if (problems.length === 0) return [];
  const unknown = pathsOfUnknown(properties);
  return problems
    .filter((problem) => !unknown.some((path) => startsWith(problem.path, path)))
    .map(({ path, message }) => ({ path: path.map(pathKey), message }));
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
