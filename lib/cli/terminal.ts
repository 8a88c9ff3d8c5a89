import { randomBytes } from 'node:crypto';
import { styleText } from 'node:util';
import { harmless, harmlessJson, harmlessLines } from '../text/harmless';

/**
 * The only way to a terminal. Texts come from DNS, mail servers and hosts, so everything is made harmless here but what `paint` made:
 * its codes begin with a mark that nobody else can know.
 */
const mark = `\x1b${randomBytes(9).toString('hex')}`;
const painted = new RegExp(`${mark}(\\[[0-9;]*m)`, 'g');

/** Most characters of one output. */
const longestText = 10_000_000;

/** Text in a colour, where `stream` is a terminal and NO_COLOR is unset. Only `say` and its kin can show it. */
export function paint(
  format: Parameters<typeof styleText>[0],
  text: string,
  stream: Pick<NodeJS.WriteStream, 'isTTY'> = process.stdout,
): string {
  if (!stream.isTTY || process.env.NO_COLOR) return text;
  const [open = '', close = ''] = styleText(format, ' ', { validateStream: false }).split(' ');
  return [open, text, close].map((part) => (part === text ? text : part.replaceAll('\x1b', mark))).join('');
}

/** The text as a terminal gets it: harmless, with the colours of `paint`. */
export function shown(text: string): string {
  let end = 0;
  let result = '';
  for (const match of text.matchAll(painted)) {
    result += `${harmlessLines(text.slice(end, match.index), longestText)}\x1b${match[1]}`;
    end = match.index + match[0].length;
  }
  return result + harmlessLines(text.slice(end), longestText);
}

/** Columns that a text of one line takes. */
export function visibleLength(text: string): number {
  return harmless(text.replace(painted, ''), longestText).length;
}

/** To the standard output. The text brings its line breaks. */
export function say(text: string): void {
  process.stdout.write(shown(text));
}

/** To the standard error. The text brings its line breaks. */
export function complain(text: string): void {
  process.stderr.write(shown(text));
}

/** A value for programs, to the standard output. */
export function sayJson(value: unknown): void {
  process.stdout.write(`${harmlessJson(value, 2)}\n`);
}
