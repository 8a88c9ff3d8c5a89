/** A value as messages quote it, with what it is; long texts are not repeated, they may be keys. */
export function described(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return value.length > 60 || value.includes('\n') ? 'a long string' : `the string '${value}'`;
  if (typeof value === 'number') return `the number '${value}'`;
  if (typeof value === 'boolean') return `'${value}'`;
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}

/** Message of a value of the wrong type, for `error` of a zod schema. */
export function expected(what: string, example?: string) {
  return ({ input }: { readonly input?: unknown }): string =>
    `expected ${what}, got ${described(input)}${example === undefined ? '' : `: write e.g. ${example}`}`;
}
