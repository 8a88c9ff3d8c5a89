import { realpath } from 'node:fs/promises';
import { run, runScript } from '../system';
import script from './scripts/loop.sh';

/** A loop device and the file behind it. */
export interface LoopDevice {
  readonly device: string;
  readonly file: string;
}

/** The block device of an image file; the same one for as long as it is in use. */
export async function ensureLoop(file: string): Promise<string> {
  return (await runScript('loop.sh', script, [file])).stdout.trim();
}

/** Loop devices whose files are in a folder, also deleted ones. */
export async function loopsBelow(folder: string): Promise<readonly LoopDevice[]> {
  const listed = await run('losetup', ['--list', '--json', '--output', 'NAME,BACK-FILE']);
  // The kernel knows files by their real path.
  const real = await realpath(folder).catch(() => folder);
  return parseLoops(listed.stdout).filter(({ file }) => file.startsWith(`${real}/`));
}

/** What `losetup --list --json` prints: nothing at all when there is no device. */
export function parseLoops(json: string): readonly LoopDevice[] {
  if (!json.trim()) return [];
  const { loopdevices } = JSON.parse(json) as { loopdevices: readonly { name: string; 'back-file': string | null }[] };
  return loopdevices.map(({ name, 'back-file': file }) => ({ device: name, file: (file ?? '').replace(/ \(deleted\)$/, '') }));
}

/** The kernel lets go of the file when the last user of the device does. */
export async function releaseLoop(device: string): Promise<void> {
  await run('losetup', ['--detach', device]);
}
