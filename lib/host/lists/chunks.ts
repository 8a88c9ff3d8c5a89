import { createHash } from 'node:crypto';
import { crc32 } from './crc32';

/** A piece of a large text: some whole lines. */
export interface Chunk {
  readonly offset: number;
  readonly bytes: number;
  readonly digest: string;
}

// Also in remote/list-chunks.py.
const linesOnAverage = 128;
const mostLines = 2048;

/**
 * Cuts a text into pieces. Where one ends follows from its last line alone, so that a changed line changes one piece and no other,
 * and the same lines make the same pieces wherever they are.
 *
 * @param blocks of whole lines
 */
export function* chunksOf(blocks: Iterable<Buffer>): Generator<Chunk> {
  let offset = 0;
  let bytes = 0;
  let lines = 0;
  let hash = createHash('sha256');
  const cut = () => {
    const chunk = { offset, bytes, digest: hash.digest().subarray(0, 9).toString('base64') };
    offset += bytes;
    bytes = lines = 0;
    hash = createHash('sha256');
    return chunk;
  };
  for (const block of blocks) {
    let start = 0;
    let taken = 0;
    for (let end = block.indexOf(10) + 1; end > 0; end = block.indexOf(10, start) + 1) {
      lines++;
      if (lines === mostLines || crc32(block, start, end) % linesOnAverage === 0) {
        hash.update(block.subarray(taken, end));
        bytes += end - taken;
        taken = end;
        yield cut();
      }
      start = end;
    }
    hash.update(block.subarray(taken));
    bytes += block.length - taken;
  }
  if (bytes > 0) yield cut();
}

/** Reads what `remote/list-chunks.py` prints. Throws when that is something else. */
export function parseChunks(text: string): readonly Chunk[] {
  let offset = 0;
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, bytes, digest = ''] = /^(\d{1,9}) ([A-Za-z0-9+/]{12})$/.exec(line) ?? [];
      if (bytes === undefined) throw new Error(`${JSON.stringify(line.slice(0, 100))} is not a piece of a list`);
      const chunk = { offset, bytes: Number(bytes), digest };
      offset += chunk.bytes;
      return chunk;
    });
}
