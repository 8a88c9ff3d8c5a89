import { open, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../system';
import { progressFile } from './environment';

/** Follows what the provider writes about its pushes while `work` runs; each line once, the last ones included. */
export async function withProgress<T>(lab: Lab, onLine: (line: string) => void, work: () => Promise<T>): Promise<T> {
  await writeFile(progressFile(lab), '');
  const file = await open(progressFile(lab), 'r');
  let position = 0;
  let partial = '';
  const read = async () => {
    const { size } = await file.stat();
    if (size <= position) return;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - position), 0, size - position, position);
    position += bytesRead;
    const lines = (partial + buffer.toString('utf8', 0, bytesRead)).split('\n');
    partial = lines.pop() ?? '';
    for (const line of lines) if (line.trim()) onLine(line);
  };
  const done = new AbortController();
  const following = (async () => {
    while (!done.signal.aborted) {
      await read();
      await sleep(100, undefined, { signal: done.signal }).catch(() => undefined);
    }
  })();
  try {
    return await work();
  } finally {
    done.abort();
    await following;
    await read();
    if (partial.trim()) onLine(partial);
    await file.close();
  }
}
