import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Lab, type Result, type RunOptions, run } from '../system';
import { leaderOf } from './leader';
import { placeOf } from './paths';

/**
 * The command that runs `command` as root inside the machine's namespaces, without SSH: `[file, ...args]` for spawn.
 * @throws when the machine does not run.
 */
export async function execCommand(lab: Lab, machine: string, command: readonly string[]): Promise<[string, ...string[]]> {
  const leader = await leaderOf(lab, machine);
  if (!leader) throw new Error(`machine ${machine} of lab ${lab.name} does not run`);
  const environment = [
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'HOME=/root',
    'LC_ALL=C.UTF-8',
    `TERM=${process.env.TERM ?? 'dumb'}`,
  ];
  const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--root', '--wd'];
  return ['nsenter', `--target=${leader}`, ...namespaces, '--', 'env', '-i', ...environment, ...command];
}

/** Runs a command as root inside the machine, without SSH (about 10 ms); for scripts: `['bash', '-s']` and `input`. */
export async function execIn(lab: Lab, machine: string, command: readonly string[], options: RunOptions = {}): Promise<Result> {
  const [file, ...args] = await execCommand(lab, machine, command);
  return run(file, args, { name: `in ${machine}: ${command.join(' ')}`, ...options });
}

/** A root shell in the machine on this process's terminal; gives the shell's exit code. */
export async function openConsole(lab: Lab, machine: string): Promise<number> {
  return interactive(await execCommand(lab, machine, ['bash', '-l']));
}

/** File with what the machine wrote to its console: systemd's and cloud-init's output. */
export function consoleLogOf(lab: Lab, machine: string): string {
  return placeOf(lab, machine).console;
}

/** Runs a command on this process's terminal; gives its exit code, or 128 and the signal's effect as shells do. */
export async function interactive([file, ...args]: readonly [string, ...string[]]): Promise<number> {
  const [code] = await once(spawn(file, args, { stdio: 'inherit' }), 'exit');
  return typeof code === 'number' ? code : 130;
}
