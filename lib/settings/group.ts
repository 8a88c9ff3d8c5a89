import * as z from 'zod/mini';
import { nearest } from './spelling';
import { described } from './wrong-type';

/** An object with exactly these properties; another name is reported with the one that was probably meant. */
export function group<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => `there is no property '${key}'${proposal(key, Object.keys(shape))}`).join('; ');
      }
      return `expected properties in braces, got ${described(issue.input)}`;
    },
  });
}

function proposal(key: string, names: readonly string[]): string {
  const near = nearest(key, names);
  return near === undefined ? '' : `: did you mean ${near}?`;
}
