import { absoluteName } from './names';

/** The longest character string of a TXT record, in bytes: RFC 1035, 3.3. */
const maxCharacterString = 255;

/** Types whose last word is a name. Route 53 takes such names as absolute, with or without the final dot. */
const endsWithName = new Set(['NS', 'CNAME', 'PTR', 'MX', 'SRV', 'DNAME']);

/** The data of a record as a zone file has it, from the text that Route 53 takes. */
export function recordData(type: string, value: string): string {
  if (type === 'TXT' || type === 'SPF') return characterStrings(value).flatMap(chunks).map(quoted).join(' ');
  if (!endsWithName.has(type)) return value.trim();
  const words = value.trim().split(/\s+/);
  return [...words.slice(0, -1), absoluteName(words.at(-1) ?? '')].join(' ');
}

/** The strings of a TXT value: quoted ones with their escapes undone, or the bare text as one. */
function characterStrings(value: string): Buffer[] {
  const trimmed = value.trim();
  if (!trimmed.startsWith('"')) return [Buffer.from(trimmed)];
  const found = trimmed.match(/"(?:[^"\\]|\\[\s\S])*"/g) ?? [];
  return found.map((string) =>
    Buffer.concat(
      string
        .slice(1, -1)
        .match(/\\[0-7]{3}|\\[\s\S]|[^\\]+/g)
        ?.map(unescaped) ?? [],
    ),
  );
}

function unescaped(piece: string): Buffer {
  if (/^\\[0-7]{3}$/.test(piece)) return Buffer.from([Number.parseInt(piece.slice(1), 8) & 255]);
  return Buffer.from(piece.startsWith('\\') ? piece.slice(1) : piece);
}

function chunks(string: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < string.length; at += maxCharacterString) found.push(string.subarray(at, at + maxCharacterString));
  return found.length > 0 ? found : [string];
}

/** Zone files escape with decimal numbers. */
function quoted(string: Buffer): string {
  let text = '';
  for (const byte of string) {
    if (byte === 0x22 || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`;
    else if (byte < 0x20 || byte > 0x7e) text += `\\${String(byte).padStart(3, '0')}`;
    else text += String.fromCharCode(byte);
  }
  return `"${text}"`;
}
