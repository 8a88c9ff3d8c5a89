import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type Lab, type Result, type RunOptions, run } from '../system';
import { leaderOf } from './leader';
import { placeOf } from './paths';

/**
 * Forks in place of nsenter, which stops itself when its child is stopped: a machine that shuts down stops all its processes for
 * a moment, and nobody would wake nsenter outside.
 */
const waitingShell = ['--no-fork', '--', '/bin/sh', '-c', '"$@"; exit $?', 'sh'];

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
  const drop = await capabilitiesToDrop(leader);
  const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--root', '--wd'];
  return ['nsenter', `--target=${leader}`, ...namespaces, ...waitingShell, 'env', '-i', ...environment, ...drop, ...command];
}

/** No more rights than root has in the machine: this host's clock is out of reach there. */
async function capabilitiesToDrop(leader: number): Promise<readonly string[]> {
  const [own, machines] = await Promise.all(['self', leader].map(async (pid) => readFile(`/proc/${pid}/status`, 'utf8')));
  const names = capabilitiesMissing(own ?? '', machines ?? '').map((number) => `-cap_${number}`);
  return names.length > 0 ? ['setpriv', `--bounding-set=${names.join(',')}`, '--inh-caps=-all', '--'] : [];
}

/** Numbers of the capabilities (capabilities(7)) in the first bounding set but not in the second, from /proc/PID/status. */
export function capabilitiesMissing(own: string, others: string): readonly number[] {
  const bounding = (status: string) => BigInt(`0x${/^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  const missing = bounding(own) & ~bounding(others);
  return Array.from({ length: 64 }, (_, number) => number).filter((number) => missing & (1n << BigInt(number)));
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
