/** An entry of a map file, taken apart: continuation lines are joined. */
export interface Entry {
  readonly key: string;
  readonly value: string;
}

/** `key value` as postmap(1) reads it; quotes keep the words of an address together. */
export function keyAndValue(text: string): Entry {
  const quoted = /^("(?:\\.|[^"\\])*"@\S*)\s+(.*)$/.exec(text);
  if (quoted) return { key: quoted[1] as string, value: (quoted[2] as string).trim() };
  const blank = text.search(/\s/);
  if (blank < 0) return { key: text, value: '' };
  return { key: text.slice(0, blank), value: text.slice(blank).trim() };
}

/** `name: targets` as postalias(1) reads it. */
export function nameAndTargets(text: string): Entry | undefined {
  const match = /^("(?:\\.|[^"\\])*"|[^:#]+?)\s*:\s*(.*)$/.exec(text);
  return match ? { key: match[1] as string, value: (match[2] as string).trim() } : undefined;
}

/** The targets of an entry: commas and white space part them, quotes keep them together. */
export function splitTargets(text: string): readonly string[] {
  return text.match(/(?:"(?:\\.|[^"\\])*"|[^\s,"])+/g) ?? [];
}

/** Behind an entry a # begins no comment: its words would be further targets. */
export function commentBehind(text: string): string | undefined {
  if (!/(^|\s)#/.test(text.replace(/"(?:\\.|[^"\\])*"/g, ''))) return undefined;
  return `'${text}' has a comment in it, which Postfix would take for a part of the entry: give it a line of its own`;
}
