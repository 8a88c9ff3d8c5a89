import { existsSync } from 'node:fs';
import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageName } from '../images';
import { inOperatorNetwork } from '../network';
import { type Lab, type Result, type RunOptions, run, waitFor } from '../system';
import { loginFor } from './disk';
import { interactive } from './exec';
import { keysDir, placeOf, runtimeDir } from './paths';
import { specOf } from './status';

/** Whom to log in to, over SSH from the operator's namespace. */
export interface SshTarget {
  /** Name of the machine: its host key is checked, whatever the address. */
  readonly machine: string;
  /** Address to connect to, e.g. the Elastic IP. */
  readonly address: string;
  /** Default: the login of the machine's image. */
  readonly user?: string;
  /** Path of the private key. Default: the lab's own key. */
  readonly identity?: string;
}

/** The lab's own key pair in the state folder (made at the first call): path of the private key and the public key's line. */
export async function labKey(lab: Lab): Promise<{ readonly path: string; readonly publicKey: string }> {
  const folder = keysDir(lab);
  const path = join(folder, 'id_ed25519');
  if (!existsSync(path)) await makeKey(folder, path, `lab ${lab.name}`);
  return { path, publicKey: (await readFile(`${path}.pub`, 'utf8')).trim() };
}

/** Next to and linked into place, the public key first: several ask at the same time, and the first to be ready is everybody's. */
async function makeKey(folder: string, path: string, comment: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const own = await mkdtemp(join(folder, 'new-'));
  try {
    const made = join(own, 'key');
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', made]);
    await link(`${made}.pub`, `${path}.pub`);
    await link(made, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await waitFor('the key of the lab', async () => existsSync(path), { deadline: 5000 });
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** The ssh command line (without a remote command), which runs in the operator's namespace: `[file, ...args]` for spawn. */
export async function sshCommand(lab: Lab, target: SshTarget): Promise<[string, ...string[]]> {
  const spec = await specOf(lab, target.machine);
  const user = target.user ?? loginFor(spec.image as ImageName, spec);
  const identity = target.identity ?? (await labKey(lab)).path;
  await mkdir(runtimeDir(lab), { recursive: true, mode: 0o700 });
  const options = {
    BatchMode: 'yes',
    IdentitiesOnly: 'yes',
    IdentityFile: identity,
    HostKeyAlias: target.machine,
    StrictHostKeyChecking: 'yes',
    UserKnownHostsFile: await knownHosts(lab, target.machine),
    GlobalKnownHostsFile: '/dev/null',
    ConnectTimeout: '10',
    ControlMaster: 'auto',
    ControlPersist: '60',
    ControlPath: join(runtimeDir(lab), '%C'),
    LogLevel: 'ERROR',
  };
  const words = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return inOperatorNetwork(lab, ['ssh', '-F', '/dev/null', ...words, '-l', user, target.address]);
}

/** Runs a shell command over SSH; connections are kept and shared, so only the first call has a handshake. */
export async function sshIn(lab: Lab, target: SshTarget, command: string, options: RunOptions = {}): Promise<Result> {
  const [file, ...args] = await sshCommand(lab, target);
  return run(file, [...args, command], { name: `over ssh on ${target.machine}: ${command}`, ...options });
}

/** An SSH session on this process's terminal; gives its exit code. */
export async function openSsh(lab: Lab, target: SshTarget, command: readonly string[] = []): Promise<number> {
  return interactive([...(await sshCommand(lab, target)), ...command]);
}

/** Waits for an SSH banner at the address, asked from the operator's namespace; gives the milliseconds waited. Default deadline: 60 s. */
export async function waitForSsh(lab: Lab, address: string, deadline = 60_000): Promise<number> {
  const begin = performance.now();
  const banner = 'exec 3<>"/dev/tcp/$1/22" && read -r -t 2 line <&3 && case $line in SSH-*) ;; *) exit 1 ;; esac';
  const [file, ...args] = inOperatorNetwork(lab, ['timeout', '3', 'bash', '-c', banner, 'banner', address]);
  const look = async () => (await run(file, args, { name: `connection to ${address} port 22` })).code === 0;
  await waitFor(`an SSH banner at ${address}`, look, { deadline });
  return Math.round(performance.now() - begin);
}

/** A known_hosts file with the machine's keys, read from its disk. */
async function knownHosts(lab: Lab, machine: string): Promise<string> {
  const keys = join(placeOf(lab, machine).disk, 'etc/ssh');
  const names = (await readdir(keys).catch(() => [])).filter((name) => /^ssh_host_\w+_key\.pub$/.test(name));
  const lines = await Promise.all(names.map(async (name) => `${machine} ${(await readFile(join(keys, name), 'utf8')).trim()}\n`));
  const file = join(runtimeDir(lab), `known_hosts.${machine}`);
  await writeFile(file, lines.join(''));
  return file;
}
