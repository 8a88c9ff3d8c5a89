import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createGzip } from 'node:zlib';
import { MapFileError, withTextFileAsync } from '../../text/text-file';
import type { ManagedList } from '../desired-state';
import { HostError } from '../host-error';
import { type Chunk, chunksOf } from './chunks';

/** Bytes of one part of a file that is read at a time. */
const largestPart = 1024 * 1024;

/**
 * How a host makes a list of what it has: `copy OFFSET BYTES` takes a part of its own file, `data BYTES` is followed by what it lacks.
 * Compressed; `remote/apply/lists.sh` reads it.
 *
 * @param live the pieces that the host has. Default: none.
 * @throws {HostError} `refused` when the file on this machine is another one than was planned
 */
export async function listDelta(list: ManagedList, live: readonly Chunk[] = []): Promise<Buffer> {
  const there = new Map(live.map((chunk) => [`${chunk.bytes} ${chunk.digest}`, chunk]));
  const steps: { kind: 'copy' | 'data'; offset: number; bytes: number }[] = [];
  const add = (kind: 'copy' | 'data', offset: number, bytes: number) => {
    const last = steps.at(-1);
    if (last?.kind === kind && last.offset + last.bytes === offset) last.bytes += bytes;
    else steps.push({ kind, offset, bytes });
  };
  return await withTextFileAsync(list.source, async (file) => {
    const hash = createHash('sha256');
    for (const chunk of chunksOf(hashed(file.blocks(), hash))) {
      const same = there.get(`${chunk.bytes} ${chunk.digest}`);
      if (same) add('copy', same.offset, chunk.bytes);
      else add('data', chunk.offset, chunk.bytes);
    }
    if (hash.digest('hex') !== list.sha256) {
      throw new MapFileError('has changed since it was read');
    }
    return await packed(steps, (offset, bytes) => file.slice(offset, bytes));
  }).catch((error: unknown) => {
    if (!(error instanceof MapFileError)) throw error;
    throw new HostError('refused', `${list.source} ${error.message}; nothing was changed: make a new plan and look at it`);
  });
}

function* hashed(blocks: Iterable<Buffer>, hash: ReturnType<typeof createHash>): Generator<Buffer> {
  for (const block of blocks) {
    hash.update(block);
    yield block;
  }
}

async function packed(
  steps: readonly { kind: 'copy' | 'data'; offset: number; bytes: number }[],
  read: (offset: number, bytes: number) => Buffer,
): Promise<Buffer> {
  const gzip = createGzip({ level: 1 });
  const parts: Buffer[] = [];
  gzip.on('data', (part: Buffer) => parts.push(part));
  const end = once(gzip, 'end');
  const write = async (content: string | Buffer) => {
    if (!gzip.write(content)) await once(gzip, 'drain');
  };
  for (const { kind, offset, bytes } of steps) {
    await write(kind === 'copy' ? `copy ${offset} ${bytes}\n` : `data ${bytes}\n`);
    if (kind === 'copy') continue;
    for (let at = 0; at < bytes; at += largestPart) await write(read(offset + at, Math.min(largestPart, bytes - at)));
  }
  gzip.end();
  await end;
  return Buffer.concat(parts);
}
