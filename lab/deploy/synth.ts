import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { packageInfo } from '../../lib/installer/package-info';
import { CommandError, type Lab, run } from '../system';
import { outputDirOf } from './output-folder';

/** A CDKTF program: the folder with its `cdktf.json`, and the command that synthesises it. */
export interface Program {
  readonly dir: string;
  readonly app: string;
}

/** A synthesised stack. */
export interface Stack {
  readonly name: string;
  /** The folder with `cdk.tf.json`. */
  readonly dir: string;
}

/**
 * The program to deploy: of the named folder, else of the current one, else the package's own example.
 * @throws when there is none.
 */
export async function findProgram(folder: string | undefined, cwd = process.cwd()): Promise<Program> {
  const { root } = packageInfo();
  const folders = folder ? [resolve(cwd, folder)] : [cwd, root, join(root, 'dist/example')];
  for (const dir of folders) {
    const file = join(dir, 'cdktf.json');
    if (!existsSync(file)) continue;
    const { app } = JSON.parse(await readFile(file, 'utf8')) as { app?: string };
    if (!app) throw new Error(`${file} has no "app": the command that synthesises the stacks`);
    return { dir, app };
  }
  throw new Error(`no cdktf.json in ${folders.join(' or ')}; run this in a CDKTF project, or name its folder with --app`);
}

/** The folder of the CDKTF program that a folder belongs to; undefined outside of any. */
export function nearestProgram(folder: string): string | undefined {
  if (existsSync(join(folder, 'cdktf.json'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestProgram(parent);
}

/**
 * Synthesises into the lab's own output folder. State and what `terraform init` has made there stay.
 * @param wanted Name of the stack when the program has several.
 */
export async function synthesise(
  lab: Lab,
  program: Program,
  environment: Readonly<Record<string, string>>,
  wanted?: string,
): Promise<Stack> {
  const out = await outputDirOf(lab, program.dir);
  await rm(join(out, 'manifest.json'), { force: true });
  await run('sh', ['-c', program.app], { cwd: program.dir, env: environment, timeout: 120_000 }).catch((error: unknown) => {
    if (error instanceof CommandError) throw new Error(`synth failed (${program.app})\n${(error.stderr || error.stdout).trim()}`);
    throw error;
  });
  const manifest = join(out, 'manifest.json');
  if (!existsSync(manifest))
    throw new Error(`"${program.app}" in ${program.dir} has synthesised nothing: it must call app.synth()`);
  const { stacks } = JSON.parse(await readFile(manifest, 'utf8')) as {
    stacks: Record<string, { name: string; workingDirectory: string }>;
  };
  const names = Object.keys(stacks);
  const name = wanted ?? (names.length === 1 ? names[0] : undefined);
  const stack = name === undefined ? undefined : stacks[name];
  if (!name || !stack) {
    const given = wanted === undefined ? 'has several stacks' : `has no stack "${wanted}"`;
    throw new Error(`${program.dir} ${given}; name one of these with --stack: ${names.join(', ')}`);
  }
  return { name, dir: join(out, stack.workingDirectory) };
}
