import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';

/** Terraform on the example; tests bring their own. */
export interface Stacks {
  /** Synthesises the example and fetches its providers. */
  prepare(folder: string, environment: Environment, signal?: AbortSignal): Promise<void>;
  /** @param options further ones, e.g. `-replace=…` */
  apply(folder: string, environment: Environment, options: readonly string[], signal?: AbortSignal): Promise<void>;
  /** Whether there is nothing to change. */
  isPlanEmpty(folder: string, environment: Environment, signal?: AbortSignal): Promise<boolean>;
  /** Addresses in the state. */
  resources(folder: string, environment: Environment): Promise<readonly string[]>;
  /** Fine where there is nothing. */
  destroy(folder: string, environment: Environment): Promise<void>;
}

export type Environment = Readonly<{ [name: string]: string }>;

/** Real ones, whose output is in a file of the run's folder. */
export function realStacks(root: string, say: (line: string) => void): Stacks {
  const stackOf = (folder: string) => join(folder, 'cdktf.out/stacks/mail');
  const terraform = (folder: string, environment: Environment, args: readonly string[], how: Partial<Call> = {}) =>
    call('terraform', args, { cwd: stackOf(folder), environment, log: join(folder, 'terraform.log'), say, ...how });
  const plain = ['-input=false', '-no-color'];
  return {
    prepare: async (folder, environment, signal) => {
      const app = ['--import', 'tsx', join(root, 'stacks/main.ts')];
      const synth = { ...environment, CDKTF_OUTDIR: join(folder, 'cdktf.out') };
      await call(process.execPath, app, { cwd: root, environment: synth, log: join(folder, 'synth.log'), say, signal });
      await terraform(folder, environment, ['init', ...plain], { signal });
    },
    apply: async (folder, environment, options, signal) => {
      await terraform(folder, environment, ['apply', ...plain, '-auto-approve', ...options], { signal });
    },
    isPlanEmpty: async (folder, environment, signal) => {
      const args = ['plan', ...plain, '-detailed-exitcode'];
      return (await terraform(folder, environment, args, { signal, accept: [0, 2] })).code === 0;
    },
    resources: async (folder, environment) =>
      (await terraform(folder, environment, ['state', 'list'])).output.split('\n').filter((line) => line !== ''),
    destroy: async (folder, environment) => {
      if (!existsSync(join(folder, 'state/mail.tfstate'))) return;
      // Terraform may still be at work for a run that was killed.
      await terraform(folder, environment, ['destroy', ...plain, '-auto-approve', '-lock-timeout=10m']);
    },
  };
}

interface Call {
  readonly cwd: string;
  readonly environment: Environment;
  /** File that everything is appended to. */
  readonly log: string;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Exit codes that are no error. Default: 0. */
  readonly accept?: readonly number[];
}

/**
 * Runs a program in a process group of its own: a Ctrl-C at the terminal reaches this process alone, which then asks Terraform to stop at
 * the next good moment, and waits for it.
 */
function call(
  command: string,
  args: readonly string[],
  { cwd, environment, log, say, signal, accept = [0] }: Call,
): Promise<{ readonly code: number; readonly output: string }> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const file = createWriteStream(log, { flags: 'a', mode: 0o600 });
    file.write(`\n$ ${command} ${args.join(' ')}\n`);
    const child: ChildProcess = spawn(command, args, {
      cwd,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const pieces: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (piece: Buffer) => {
        pieces.push(piece);
        file.write(piece);
      });
    }
    const stop = () => {
      say(`   ask ${command} to stop`);
      child.kill('SIGINT');
    };
    signal?.addEventListener('abort', stop, { once: true });
    child.on('error', (error) => reject(new Error(`${command}: ${error.message}`)));
    child.on('close', (code, by) => {
      signal?.removeEventListener('abort', stop);
      file.end();
      const output = Buffer.concat(pieces).toString('utf8');
      if (code !== null && accept.includes(code) && !signal?.aborted) return resolve({ code, output });
      const end = output.trimEnd().split('\n').slice(-25).join('\n');
      reject(
        signal?.aborted
          ? signal.reason
          : new Error(`${command} ${args[0]} ended with ${by ?? code}; all of it is in ${log}\n${end}`),
      );
    });
  });
}
