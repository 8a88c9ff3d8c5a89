import { withTextFileAsync } from '../../text/text-file';
import type { ManagedList } from '../desired-state';
import type { HostConnection } from '../host-connection';
import { type Chunk, chunksOf } from './chunks';
import { liveChunks, liveText } from './live-chunks';

/** How a list on the host differs from the one it should have. */
export type ListComparison =
  /** Lines that go and lines that come. Both empty: only their order changes. */
  | { readonly kind: 'lines'; readonly removed: readonly string[]; readonly added: readonly string[] }
  /** More than is looked at. */
  | { readonly kind: 'many' }
  /** The host has none, or none that could be compared. */
  | { readonly kind: 'unknown' };

/** Bytes of pieces that differ; the lines of more are not compared. */
const mostBytes = 8 * 1024 * 1024;

/** Compares a list with the file on the host; only pieces that differ travel. */
export async function compareList(connection: HostConnection, list: ManagedList, signal?: AbortSignal): Promise<ListComparison> {
  const live = await liveChunks(connection, list.path, signal);
  if (live === undefined) return { kind: 'unknown' };
  return await withTextFileAsync(list.source, async (file) => {
    const wanted = [...chunksOf(file.blocks())];
    const [going, coming] = [without(live, wanted), without(wanted, live)];
    if (bytesOf(going) > mostBytes || bytesOf(coming) > mostBytes) return { kind: 'many' };
    const text = await liveText(connection, list.path, going, signal);
    if (text === undefined) return { kind: 'unknown' };
    const before = linesOf(text);
    const after = coming.flatMap(({ offset, bytes }) => linesOf(file.slice(offset, bytes)));
    return { kind: 'lines', removed: without(before, after, identity), added: without(after, before, identity) };
  });
}

const identity = (line: string) => line;
const keyOf = ({ bytes, digest }: Chunk) => `${bytes} ${digest}`;
const bytesOf = (chunks: readonly Chunk[]) => chunks.reduce((sum, { bytes }) => sum + bytes, 0);

function linesOf(text: Buffer): string[] {
  const lines = text.toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function without(some: readonly Chunk[], others: readonly Chunk[]): Chunk[];
function without(some: readonly string[], others: readonly string[], key: (item: string) => string): string[];
function without<T>(some: readonly T[], others: readonly T[], key = keyOf as unknown as (item: T) => string): T[] {
  const left = new Map<string, number>();
  for (const other of others) left.set(key(other), (left.get(key(other)) ?? 0) + 1);
  return some.filter((item) => {
    const count = left.get(key(item)) ?? 0;
    if (count > 0) left.set(key(item), count - 1);
    return count === 0;
  });
}
