/** DER (X.690): the few forms that a certificate of ours is made of. */

const element = (tag: number, ...contents: readonly Uint8Array[]): Buffer => {
  const { length } = Buffer.concat(contents);
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), ...contents]);
};

export const sequence = (...members: readonly Uint8Array[]) => element(0x30, ...members);
export const setOf = (member: Uint8Array) => element(0x31, member);
export const octetString = (content: Uint8Array) => element(0x04, content);
export const utf8String = (text: string) => element(0x0c, Buffer.from(text));
export const yes = element(0x01, Buffer.from([0xff]));

/** `[number]` of an EXPLICIT or constructed member. */
export const tagged = (number: number, content: Uint8Array) => element(0xa0 + number, content);
/** `[number] IMPLICIT` of a text. */
export const taggedText = (number: number, text: string) => element(0x80 + number, Buffer.from(text, 'latin1'));

/** A positive INTEGER from its bytes, the highest first. */
export function positiveInteger(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const significant = start < 0 ? bytes.subarray(-1) : bytes.subarray(start);
  // The highest bit would be a sign.
  return element(0x02, Buffer.from((significant[0] ?? 0) >= 0x80 ? [0] : []), significant);
}

/** A BIT STRING of whole bytes, or of less: named bits have no zeros at their end. */
export const bitString = (bytes: Uint8Array, unusedBits = 0) => element(0x03, Buffer.from([unusedBits]), bytes);

/** `1.2.840.10045.4.3.2` */
export function objectIdentifier(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(arc: number): number[] {
  const digits = [arc & 0x7f];
  for (let left = arc >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}

/** UTCTime up to 2049, GeneralizedTime from 2050 (RFC 5280, 4.1.2.5). */
export function time(milliseconds: number): Buffer {
  const date = new Date(milliseconds);
  const digits = date.toISOString().replace(/\.\d+Z$|[-:T]/g, '');
  return date.getUTCFullYear() < 2050
    ? element(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : element(0x18, Buffer.from(`${digits}Z`));
}
