import { pack } from 'tar-stream';
import type { PayloadEntry } from './payload';

/** Packs the members into a tar. */
export async function packTar(entries: readonly PayloadEntry[], time: Date): Promise<Buffer> {
  const tar = pack();
  for (const { name, content, mode } of entries) {
    const type = name.endsWith('/') ? 'directory' : 'file';
    tar.entry({ name, mode, type, mtime: time }, content ?? '');
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
