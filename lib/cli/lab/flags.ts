import { resolve } from 'node:path';
import { defaultStateDir, describeLab, type Lab, readRecord } from '../../../lab';

/** Flags of every `lab` command. */
export interface LabFlags {
  readonly name: string;
  readonly state?: string;
  readonly cache?: string;
}

/** The lab that the flags mean; it need not exist. */
export async function labOf(flags: LabFlags): Promise<Lab> {
  // Where mount, losetup and the like are, which the path of "su" leaves out.
  process.env.PATH = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;
  const stateDir = resolve(flags.state ?? defaultStateDir(flags.name));
  const cache = flags.cache ?? (await readRecord(stateDir))?.cacheDir;
  return describeLab({ name: flags.name, stateDir, cacheDir: cache === undefined ? undefined : resolve(cache) });
}
