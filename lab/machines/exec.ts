import type { Lab, Result, RunOptions } from '../system';

/**
 * The command that runs `command` as root inside the machine's namespaces, without SSH: `[file, ...args]` for spawn.
 * @throws when the machine does not run.
 */
export async function execCommand(_lab: Lab, _machine: string, _command: readonly string[]): Promise<[string, ...string[]]> {
  throw new Error('not built yet');
}

/** Runs a command as root inside the machine, without SSH (about 10 ms); for scripts: `['bash', '-s']` and `input`. */
export async function execIn(_lab: Lab, _machine: string, _command: readonly string[], _options?: RunOptions): Promise<Result> {
  throw new Error('not built yet');
}

/** A root shell in the machine on this process's terminal; gives the shell's exit code. */
export async function openConsole(_lab: Lab, _machine: string): Promise<number> {
  throw new Error('not built yet');
}

/** File with what the machine wrote to its console: systemd's and cloud-init's output. */
export function consoleLogOf(_lab: Lab, _machine: string): string {
  throw new Error('not built yet');
}
