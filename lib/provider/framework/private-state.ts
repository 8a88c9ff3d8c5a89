import type { PrivateState } from './resource';

/** Reads what {@link encodePrivate} wrote; a new resource has none yet. */
export function decodePrivate(bytes: Uint8Array | null | undefined): PrivateState {
  return bytes?.length ? JSON.parse(Buffer.from(bytes).toString('utf8')) : {};
}

export function encodePrivate(value: PrivateState): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
