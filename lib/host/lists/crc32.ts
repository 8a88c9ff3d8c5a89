const table = new Int32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  table[byte] = value;
}

/** Checksum of a part of a buffer, as zlib has it; Node's own is not in every version 20. */
export function crc32(buffer: Buffer, start: number, end: number): number {
  let value = -1;
  for (let at = start; at < end; at++) value = (value >>> 8) ^ (table[(value ^ (buffer[at] as number)) & 255] as number);
  return (value ^ -1) >>> 0;
}
