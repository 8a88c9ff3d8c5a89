/**
 * Text of others (DNS, mail servers, the mail host, its users) as it may be shown. What a terminal acts on, what turns the direction of
 * reading and what nobody sees becomes visible: `\u{1b}`. A bound keeps a page a page.
 */

/** Controls, formats, line and paragraph separators, halves of pairs, and what Unicode wants shown as nothing. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

const visible = (character: string) => `\\u{${character.codePointAt(0)?.toString(16)}}`;

/** Characters of one line. */
const longestLine = 4000;
/** Characters of a text of several lines. */
const longestText = 100_000;

/** One line; line breaks and tabs become visible too. `most` is in characters, what is left out is counted. Default: 4000. */
export function harmless(text: string, most = longestLine): string {
  return bounded(text, most).replace(unsafe, visible);
}

/** Several lines: line breaks and tabs stay. `most` is in characters. Default: 100,000. */
export function harmlessLines(text: string, most = longestText): string {
  return bounded(text, most)
    .replace(/\r\n/g, '\n')
    .replace(unsafe, (character) => (character === '\n' || character === '\t' ? character : visible(character)));
}

/** JSON that is as harmless, and that a program reads back as the very same values. */
export function harmlessJson(value: unknown, indent?: number): string {
  const escaped = (character: string) =>
    [...character.split('')].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
  return (JSON.stringify(value, undefined, indent) ?? 'null').replace(unsafe, (character) =>
    character === '\n' ? character : escaped(character),
  );
}

/** Every text in a value, keys too, as one harmless line each. */
export function harmlessValues<T>(value: T): T {
  if (typeof value === 'string') return harmless(value) as T;
  if (Array.isArray(value)) return value.map(harmlessValues) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [harmless(key), harmlessValues(entry)])) as T;
}

function bounded(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}… (${text.length - most} more characters)` : text;
}
