/** A parameter of main.cf with a list of values, one a line when there are several. */
export function parameter(name: string, values: readonly string[]): string {
  if (values.length < 2) return `${name} = ${values.join('')}`.trimEnd();
  return [`${name} =`, ...values.map((value, index) => `    ${value}${index < values.length - 1 ? ',' : ''}`)].join('\n');
}
