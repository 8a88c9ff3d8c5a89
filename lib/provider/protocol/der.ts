/** Just enough of DER (X.690) to write a certificate. */

const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
} as const;
const sequenceTag = 0x30;
const setTag = 0x31;

function encoded(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length]), bytes, content]);
}

export const sequence = (...parts: readonly Buffer[]) => encoded(sequenceTag, Buffer.concat(parts));
export const set = (...parts: readonly Buffer[]) => encoded(setTag, Buffer.concat(parts));
export const octetString = (content: Buffer) => encoded(tags.octetString, content);
export const utf8String = (text: string) => encoded(tags.utf8String, Buffer.from(text));
export const yes = encoded(tags.boolean, Buffer.from([0xff]));

/** A constructed context-specific value, `[number]`. */
export const tagged = (number: number, content: Buffer) => encoded(0xa0 | number, content);

/** A primitive context-specific value, e.g. a DNS name in a subjectAltName. */
export const implicit = (number: number, content: Buffer) => encoded(0x80 | number, content);

/** A positive integer of these bytes. */
export function integer(bytes: Buffer): Buffer {
  const positive = (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return encoded(tags.integer, positive);
}

/** Bits that fill whole bytes, except for `unused` at the end. */
export const bitString = (content: Buffer, unused = 0) =>
  encoded(tags.bitString, Buffer.concat([Buffer.from([unused]), content]));

/** An object identifier such as `2.5.4.3`. */
export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return encoded(tags.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): readonly number[] {
  const digits = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}

/** A moment before 2050, to the second. */
export function utcTime(moment: Date): Buffer {
  const text = moment.toISOString().replace(/[-:T]|\.\d+/g, '');
  return encoded(tags.utcTime, Buffer.from(text.slice(2)));
}
