import type { Field, Message, ScalarType } from './proto-schema';

/** The wire format of Protocol Buffers (proto3): messages as plain objects, with field names as written. */

const varint = 0;
const fixed64 = 1;
const lengthDelimited = 2;
const fixed32 = 5;

type Values = Readonly<Record<string, unknown>>;

/** Writes a message. Fields that are absent, or have their default value, take no room. */
export function encodeMessage(message: Message, values: object): Buffer {
  const parts: Buffer[] = [];
  for (const field of message.fields) {
    const value = (values as Values)[field.name];
    if (value === undefined || value === null) continue;
    for (const single of singles(field, value)) parts.push(...single);
  }
  return Buffer.concat(parts);
}

function singles(field: Field, value: unknown): readonly (readonly Buffer[])[] {
  if (field.kind === 'repeated')
    return (value as readonly unknown[]).map((element) => encodeField(field.number, field.type, element));
  if (field.kind === 'single') return field.explicit || !isDefault(value) ? [encodeField(field.number, field.type, value)] : [];
  return Object.entries(value as Values).map(([key, element]) =>
    lengthPrefixed(field.number, Buffer.concat([...encodeField(1, 'string', key), ...encodeField(2, field.type, element)])),
  );
}

const isDefault = (value: unknown) =>
  value === '' || value === 0 || value === false || (value instanceof Uint8Array && value.length === 0);

function encodeField(number: number, type: ScalarType | Message, value: unknown): readonly Buffer[] {
  if (typeof type === 'object') return lengthPrefixed(number, encodeMessage(type, value as object));
  if (type === 'string') return lengthPrefixed(number, Buffer.from(value as string, 'utf8'));
  if (type === 'bytes') return lengthPrefixed(number, Buffer.from(value as Uint8Array));
  return [encodeVarint((number << 3) | varint), encodeVarint(Number(value))];
}

function lengthPrefixed(number: number, content: Buffer): readonly Buffer[] {
  return [encodeVarint((number << 3) | lengthDelimited), encodeVarint(content.length), content];
}

function encodeVarint(value: number): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

/** Reads a message; scalars that are absent have their default value, absent messages are missing. */
export function decodeMessage(message: Message, bytes: Uint8Array): object {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = defaults(message);
  const reader = new Reader(buffer);
  while (!reader.done) {
    const tag = reader.varint();
    const field = message.fields.find(({ number }) => number === tag >>> 3);
    if (field) add(values, field, reader.value(tag & 7));
    else reader.value(tag & 7);
  }
  return values;
}

function add(values: Record<string, unknown>, field: Field, raw: number | Buffer): void {
  if (field.kind === 'map') {
    const entry = decodeMessage(entryOf(field), raw as Buffer) as { readonly key: string; readonly value?: unknown };
    (values[field.name] as Record<string, unknown>)[entry.key] = entry.value ?? {};
    return;
  }
  const value = decodeField(field.type, raw);
  if (field.kind === 'repeated') (values[field.name] as unknown[]).push(value);
  else values[field.name] = value;
}

function entryOf(field: Field): Message {
  const single = { kind: 'single', explicit: false } as const;
  return {
    name: 'entry',
    fields: [
      { ...single, name: 'key', number: 1, type: 'string' },
      { ...single, name: 'value', number: 2, type: field.type },
    ],
  };
}

function decodeField(type: ScalarType | Message, raw: number | Buffer): unknown {
  if (typeof type === 'object') return decodeMessage(type, raw as Buffer);
  if (type === 'string') return (raw as Buffer).toString('utf8');
  if (type === 'bytes') return raw;
  return type === 'bool' ? raw !== 0 : raw;
}

const scalarDefaults = { string: '', bytes: Buffer.alloc(0), bool: false, int32: 0, int64: 0, uint32: 0 } as const;

function defaults(message: Message): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { name, kind, explicit, type } of message.fields) {
    if (kind === 'repeated') values[name] = [];
    else if (kind === 'map') values[name] = {};
    else if (!explicit && typeof type === 'string') values[name] = scalarDefaults[type];
  }
  return values;
}

class Reader {
  private position = 0;

  constructor(private readonly buffer: Buffer) {}

  get done(): boolean {
    return this.position >= this.buffer.length;
  }

  varint(): number {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.take(1)[0] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
    throw new Error('a number in the message does not end');
  }

  value(wireType: number): number | Buffer {
    if (wireType === varint) return this.varint();
    if (wireType === lengthDelimited) return this.take(this.varint());
    if (wireType === fixed64) return this.take(8);
    if (wireType === fixed32) return this.take(4);
    throw new Error(`wire type ${wireType} does not exist`);
  }

  private take(length: number): Buffer {
    const end = this.position + length;
    if (length < 0 || end > this.buffer.length) throw new Error('the message is shorter than it says');
    const bytes = this.buffer.subarray(this.position, end);
    this.position = end;
    return bytes;
  }
}
