/** Quotes a text as one word of `sh`, whatever it holds. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** An assignment of a list, one item a line. Items with a line break cannot be distinguished and are refused. */
export function assignLines(variable: string, items: readonly string[]): string {
  const broken = items.find((item) => /[\n\0]/.test(item));
  if (broken !== undefined) throw new Error(`${JSON.stringify(broken)} cannot be sent to a host: it holds a line break`);
  return `${variable}=${shellQuote(items.join('\n'))}\n`;
}

/** Sets the positional parameters of a script. */
export function assignArguments(items: readonly string[]): string {
  return `set -- ${items.map(shellQuote).join(' ')}\n`;
}
