import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { terraformOutputs } from './terraform-outputs';

/** How a command finds the deployed stacks of a program. */
export interface StackFlags {
  /** Folder of the program. Default: the current one. */
  readonly app?: string;
  /** Folder that cdktf writes to. Default: CDKTF_OUTDIR, CDKTF_OUTPUT, `output` of cdktf.json, or `cdktf.out` in the program's folder. */
  readonly output?: string;
  /** Only this stack. Default: all of them. */
  readonly stack?: string;
}

/** Adds the flags that say where the deployed stacks are: the same ones for every command that looks at them. */
export function withStackFlags(command: Command): Command {
  return command
    .option('--app <folder>', 'folder of the deployed CDKTF program', '.')
    .option('--output <folder>', 'folder that cdktf writes to (default: CDKTF_OUTDIR, cdktf.json, or cdktf.out)')
    .option('--stack <name>', 'look at this stack only (default: all stacks of the program)');
}

/**
 * Names and folders of the synthesised stacks.
 *
 * @throws Error when there are none, or not the one that is named
 */
export function synthesisedStacks(flags: StackFlags, env: NodeJS.ProcessEnv = process.env): ReadonlyMap<string, string> {
  const stacks = join(outputFolder(flags, env), 'stacks');
  const isStack = (name: string) => existsSync(join(stacks, name, 'cdk.tf.json'));
  const found = existsSync(stacks) ? readdirSync(stacks).filter(isStack) : [];
  if (found.length === 0) {
    throw new Error(
      `there is no synthesised stack in ${stacks}: run "cdktf synth" first, name the folder with --app or --output, or say with --helo what to look at`,
    );
  }
  if (flags.stack !== undefined && !found.includes(flags.stack)) {
    throw new Error(`there is no stack '${flags.stack}' in ${stacks}: name one of ${found.join(', ')} with --stack`);
  }
  const wanted = flags.stack === undefined ? found : [flags.stack];
  return new Map(wanted.map((name) => [name, join(stacks, name)]));
}

function outputFolder({ app = '.', output }: StackFlags, env: NodeJS.ProcessEnv): string {
  if (output !== undefined) return resolve(output);
  const configured = env.CDKTF_OUTDIR || env.CDKTF_OUTPUT;
  return resolve(app, configured || outputOfConfig(join(app, 'cdktf.json')) || 'cdktf.out');
}

/** `output` of a cdktf.json; undefined where there is none. */
function outputOfConfig(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { readonly output?: string }).output;
  } catch (error) {
    throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * The outputs of the deployed stacks by the stack's name, asked of Terraform, whatever backend has the state.
 *
 * @throws Error when there is no stack, or Terraform fails
 */
export async function deployedOutputs(
  flags: StackFlags,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Readonly<Record<string, unknown>>> {
  const folders = [...synthesisedStacks(flags, env)];
  return Object.fromEntries(
    await Promise.all(folders.map(async ([name, folder]) => [name, await terraformOutputs(folder, env)])),
  );
}
