import { spawnSync } from 'node:child_process';
import { median } from './statistics';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What is wrong with a run that ended, if anything. Default: an exit code other than 0. */
  readonly problem?: (output: string, status: number | null) => string | undefined;
}

/** Runs a command and gives its seconds; a measured command that fails is the end of the benchmark. */
export function seconds(command: string, args: readonly string[], options: RunOptions = {}): number {
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    encoding: 'utf8',
  });
  const elapsed = (performance.now() - begin) / 1000;
  const problem = options.problem ? options.problem(stdout + stderr, status) : status === 0 ? undefined : stderr || stdout;
  if (problem !== undefined) throw new Error(`${command} ${args.join(' ')}\n${problem}`);
  return elapsed;
}

/** The first run warms caches and is not counted. */
export function measured(times: number, once: () => number): number {
  once();
  return median(Array.from({ length: times }, once));
}
