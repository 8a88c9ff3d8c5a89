import type * as z from 'zod/mini';

/** A place in the properties of a construct, with lists and maps entered by an example. */
export type PropertyPath = readonly (string | number)[];

/**
 * Every place in the properties that a schema describes: each property, each entry of a list, each value of a map, each member of what
 * may be given in several ways.
 *
 * @param keyOf an example key of the map at a path
 */
export function propertyPaths(schema: z.core.$ZodType, keyOf: (path: string) => string, path: PropertyPath = []): PropertyPath[] {
  const here = path.length === 0 ? [] : [path];
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const below = (inner: z.core.$ZodType, ...step: PropertyPath) => propertyPaths(inner, keyOf, [...path, ...step]);
  switch (def.type) {
    case 'object':
      return [...here, ...Object.entries(def.shape).flatMap(([name, member]) => below(member, name))];
    case 'optional':
      return below(def.innerType);
    case 'array':
      return [...here, ...below(def.element, 0)];
    case 'record':
      return [...here, ...below(def.valueType, keyOf(path.join('.')))];
    case 'union':
      return unique([...here, ...def.options.flatMap((option) => below(option))]);
    default:
      return here;
  }
}

function unique(paths: readonly PropertyPath[]): PropertyPath[] {
  return [...new Map(paths.map((path) => [path.join('.'), path])).values()];
}
