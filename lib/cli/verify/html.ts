import { harmlessLines } from '../../text/harmless';

/** A piece of a page whose text is escaped already. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | false | undefined | readonly Part[];

/** A template whose values are escaped, unless they are pieces of a page themselves; false and undefined are nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(strings.map((string, index) => string + (index < values.length ? textOf(values[index]) : '')).join(''));
}

function textOf(part: Part): string {
  if (part === false || part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(textOf).join('');
  return harmlessLines(String(part)).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
