import { readdir, readFile, readlink, realpath, rm, stat } from 'node:fs/promises';
import { namespaceFile, namespacesOf, removeNetworks } from '../network';
import { type Lab, run, waitFor } from '../system';
import { killCgroup, removeCgroup, signal } from '../system/cgroups';
import { loopsBelow, releaseLoop } from './loop';
import { keysDir, labCgroup, machinesDir, runtimeDir, volumesDir } from './paths';

/**
 * Kills every process of the lab, also those started with `inOperatorNetwork`, and removes machines, volumes, networks, mounts,
 * loop devices, cgroups and the state folder's `machines`, `volumes` and `ssh`. Finds all of it in the kernel, so it works after any
 * crash; nothing to do is not an error. Files of others in the state folder stay.
 */
export async function tearDown(lab: Lab): Promise<void> {
  const cgroup = await labCgroup(lab);
  await killCgroup(cgroup);
  await killInNetworks(lab);
  await unmountBelow(lab.stateDir);
  await releaseLoops(lab);
  await removeNetworks(lab);
  await removeCgroup(cgroup);
  for (const folder of [machinesDir(lab), volumesDir(lab), keysDir(lab), runtimeDir(lab)])
    await rm(folder, { recursive: true, force: true });
}

/** Programs in the lab's networks that are in no machine: Terraform, the AWS emulator, kept SSH connections. */
async function killInNetworks(lab: Lab): Promise<void> {
  const files = (await namespacesOf(lab)).map(namespaceFile);
  const inodes = new Set(await Promise.all(files.map(async (file) => (await stat(file)).ino)));
  const own = await ancestors(process.pid);
  await waitFor(
    'end of the processes in the lab networks',
    async () => {
      const pids = (await processesInNetworks(inodes)).filter((pid) => !own.includes(pid));
      for (const pid of pids) signal(pid, 'SIGKILL');
      return pids.length === 0;
    },
    { deadline: 10_000 },
  );
}

async function processesInNetworks(inodes: ReadonlySet<number>): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const networks = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/ns/net`).catch(() => '')));
  return pids.filter((_, index) => inodes.has(Number(/^net:\[(\d+)\]$/.exec(networks[index] ?? '')?.[1])));
}

/** This process and those that started it: who tears a lab down from within it lives on. */
async function ancestors(pid: number): Promise<readonly number[]> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const parent = Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1] ?? 0);
  return parent > 0 ? [pid, ...(await ancestors(parent))] : [pid];
}

async function unmountBelow(folder: string): Promise<void> {
  const real = await realpath(folder).catch(() => folder);
  const mounts = mountsBelow(await readFile('/proc/self/mountinfo', 'utf8'), real);
  for (const mount of mounts) await run('umount', ['--lazy', mount]);
}

/** Mount points below a folder, the last mounted first, from the text of /proc/self/mountinfo. */
export function mountsBelow(mountinfo: string, folder: string): readonly string[] {
  const points = mountinfo.split('\n').flatMap((line) => line.split(' ')[4] ?? []);
  const decoded = points.map((point) =>
    point.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
  );
  return decoded.filter((point) => point.startsWith(`${folder}/`)).reverse();
}

async function releaseLoops(lab: Lab): Promise<void> {
  const folder = volumesDir(lab);
  for (const { device } of await loopsBelow(folder)) await releaseLoop(device);
  await waitFor('release of the volumes', async () => (await loopsBelow(folder)).length === 0, { deadline: 10_000 });
}
