import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../system';

/** Where the lab's first program synthesises its stacks to; also cdktf's `--output`. */
export const outputDir = (lab: Lab) => join(lab.stateDir, 'cdktf.out');

/**
 * The same for any program. Each has a folder of its own: cdktf deletes all stacks in it that the program does not have. The state of
 * the example is next to it.
 *
 * @param program Folder of the program. Default: the first one of the lab.
 */
export async function outputDirOf(lab: Lab, program?: string): Promise<string> {
  if (program === undefined || (await firstProgram(lab, program)) === program) return outputDir(lab);
  const name = createHash('sha256').update(program).digest('hex').slice(0, 12);
  return join(lab.stateDir, 'programs', name, 'cdktf.out');
}

/** The program that the lab's first folder belongs to: this one, where it is nobody's yet. */
async function firstProgram(lab: Lab, program: string): Promise<string> {
  const file = join(lab.stateDir, 'program');
  await mkdir(lab.stateDir, { recursive: true, mode: 0o700 });
  await writeFile(file, program, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return readFile(file, 'utf8');
}
