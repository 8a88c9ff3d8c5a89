import { type ChildProcess, spawn } from 'node:child_process';

export interface RunOptions {
  /** Text for standard input. Default: /dev/null, so that nothing waits for an answer. */
  readonly input?: string;
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are no error. Default: 0. */
  readonly accept?: readonly number[];
  /** Milliseconds until the command is killed and counts as failed. Default: no limit. */
  readonly timeout?: number;
  /** What errors call the command. Default: the command line. */
  readonly name?: string;
  /** Called with each piece of standard output and standard error as it comes. */
  readonly onOutput?: (text: string) => void;
}

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that failed: its message has the command line, how it ended and the end of what it printed. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  constructor(
    /** The command as one could type it, or what it is called. */
    readonly command: string,
    /** Exit code; undefined when a signal ended it or it could not be started. */
    readonly code: number | undefined,
    readonly stdout: string,
    readonly stderr: string,
    how: string,
  ) {
    const said = lastLines(stderr.trim() || stdout.trim(), 12);
    super(`${command}: ${how}${said && `\n${said}`}`);
  }
}

/** The command as one could type it into a shell; long arguments (scripts) are cut. */
export function commandLine(command: readonly string[]): string {
  return command.map((word) => quote(word.length > 160 ? `${word.slice(0, 157)}...` : word)).join(' ');
}

/** One word of a POSIX shell. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * Runs a command without a shell and collects what it prints.
 * @throws CommandError when it cannot be started, is ended by a signal or exits with a code that is not accepted.
 */
export function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return start(file, args, options, options.name ?? commandLine([file, ...args]));
}

/**
 * As `run`, for the text of a bash script, where `$1`... are the arguments.
 * @param name What errors call it, e.g. `router.sh`.
 */
export function runScript(name: string, script: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Result> {
  return start('bash', ['-c', script, name, ...args], options, commandLine([name, ...args]));
}

function start(file: string, args: readonly string[], options: RunOptions, called: string): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.env },
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const output = collect(child, options.onOutput);
    const timer = options.timeout ? setTimeout(() => child.kill('SIGKILL'), options.timeout) : undefined;
    const fail = (code: number | undefined, how: string) => {
      clearTimeout(timer);
      reject(new CommandError(called, code, output.stdout, output.stderr, how));
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      fail(undefined, error.code === 'ENOENT' ? 'command not found' : error.message);
    });
    child.on('close', (code, signal) => {
      if (signal) return fail(undefined, child.killed ? `no end after ${options.timeout} ms` : `ended by ${signal}`);
      if (!(options.accept ?? [0]).includes(code ?? -1)) return fail(code ?? undefined, `exit code ${code}`);
      clearTimeout(timer);
      resolve({ code: code ?? 0, stdout: output.stdout, stderr: output.stderr });
    });
    // A command may end before it has read everything: its exit code tells, not the broken pipe.
    child.stdin?.on('error', () => undefined).end(options.input);
  });
}

function collect(child: ChildProcess, onOutput: RunOptions['onOutput']) {
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      onOutput?.(text);
    });
  }
  return output;
}

function lastLines(text: string, count: number): string {
  return text.split('\n').slice(-count).join('\n');
}
