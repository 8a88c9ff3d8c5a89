/** The properties that were given; `undefined` is the same as leaving one out. */
export function given(properties: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
