import { unzipSync } from 'node:zlib';
import type { HostConnection } from '../host-connection';
import listChunks from '../remote/list-chunks.py';
import { shellQuote } from '../shell';
import { type Chunk, parseChunks } from './chunks';

const input = Buffer.from(listChunks);

/** The pieces of a file on the host; undefined when it is none that could be taken apart, or the host has no Python yet. */
export async function liveChunks(
  connection: HostConnection,
  path: string,
  signal?: AbortSignal,
): Promise<readonly Chunk[] | undefined> {
  const { code, stdout } = await connection.exec(`exec python3 - ${shellQuote(path)}`, { input, signal });
  if (code !== 0) return undefined;
  try {
    return parseChunks(stdout.toString());
  } catch {
    return undefined;
  }
}

/** The text of some pieces of it; undefined when it has changed since they were listed. */
export async function liveText(
  connection: HostConnection,
  path: string,
  chunks: readonly Chunk[],
  signal?: AbortSignal,
): Promise<Buffer | undefined> {
  if (chunks.length === 0) return Buffer.alloc(0);
  const ranges = adjoined(chunks).map(({ offset, bytes }) => `${offset}:${bytes}`);
  const { code, stdout } = await connection.exec(`exec python3 - ${shellQuote(path)} ${ranges.join(' ')}`, { input, signal });
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  if (code !== 0) return undefined;
  try {
    const text = unzipSync(stdout, { maxOutputLength: bytes });
    return text.length === bytes ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Pieces that follow each other, as one range. */
export function adjoined(chunks: readonly Pick<Chunk, 'offset' | 'bytes'>[]): { offset: number; bytes: number }[] {
  const ranges: { offset: number; bytes: number }[] = [];
  for (const { offset, bytes } of chunks) {
    const last = ranges.at(-1);
    if (last && last.offset + last.bytes === offset) last.bytes += bytes;
    else ranges.push({ offset, bytes });
  }
  return ranges;
}
