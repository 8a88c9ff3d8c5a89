import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from './wait';

/** A cgroup of version 2 by its folder. */
export type Cgroup = string;

/** Where cgroup2 is mounted: /sys/fs/cgroup, or /sys/fs/cgroup/unified next to version 1. */
export async function cgroupRoot(): Promise<string> {
  return rootIn(await readFile('/proc/self/mountinfo', 'utf8'));
}

/** As `cgroupRoot`, from the text of /proc/self/mountinfo. */
export function rootIn(mountinfo: string): string {
  const line = mountinfo.split('\n').find((text) => text.includes(' - cgroup2 '));
  const path = line?.split(' ')[4];
  if (!path) throw new Error('no cgroup2 file system is mounted here');
  return path;
}

export async function createCgroup(cgroup: Cgroup): Promise<void> {
  await mkdir(cgroup, { recursive: true });
}

/** Whether any process is in the cgroup or below. */
export async function isPopulated(cgroup: Cgroup): Promise<boolean> {
  const events = await readFile(join(cgroup, 'cgroup.events'), 'utf8').catch(() => '');
  return /^populated 1$/m.test(events);
}

/** Pids in this cgroup itself. */
export async function processesIn(cgroup: Cgroup): Promise<readonly number[]> {
  const pids = await readFile(join(cgroup, 'cgroup.procs'), 'utf8').catch(() => '');
  return pids.split('\n').filter(Boolean).map(Number);
}

/** Pids in this cgroup and below. */
export async function processesBelow(cgroup: Cgroup): Promise<readonly number[]> {
  const pids = await Promise.all((await foldersOf(cgroup)).map(processesIn));
  return pids.flat();
}

/** SIGKILL to everything in the cgroup and below, at once; waits until the kernel is done with it. */
export async function killCgroup(cgroup: Cgroup): Promise<void> {
  await waitFor(
    `end of all processes in ${cgroup}`,
    async () => {
      if (!(await isPopulated(cgroup))) return true;
      // cgroup.kill (Linux 5.14) misses nobody; without it, whoever was forked meanwhile is met by the next round.
      if (existsSync(join(cgroup, 'cgroup.kill'))) await writeFile(join(cgroup, 'cgroup.kill'), '1');
      else for (const pid of await processesBelow(cgroup)) signal(pid, 'SIGKILL');
      return false;
    },
    { deadline: 20_000 },
  );
}

/** Removes the cgroup and those below; no error when there is none. */
export async function removeCgroup(cgroup: Cgroup): Promise<void> {
  const folders = await foldersOf(cgroup);
  await waitFor(
    `removal of ${cgroup}`,
    async () => {
      for (const folder of folders.reverse()) if (existsSync(folder)) await rmdir(folder);
      return true;
    },
    { deadline: 5_000 },
  );
}

/** No error when the process has ended meanwhile. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The cgroup and all below, parents first. */
async function foldersOf(cgroup: Cgroup): Promise<string[]> {
  const entries = await readdir(cgroup, { withFileTypes: true }).catch(() => undefined);
  if (!entries) return [];
  const below = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map(({ name }) => foldersOf(join(cgroup, name))),
  );
  return [cgroup, ...below.flat()];
}
