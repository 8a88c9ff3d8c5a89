import { mkdir, readdir, readFile, readlink, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { leaderOf } from '../../../lab/machines/leader';
import { type Lab, waitFor } from '../../../lab/system';

/** Where cgroups of version 1 account for memory; a machine of the lab knows nothing of them. */
const ACCOUNT = '/sys/fs/cgroup/memory';

/** A process of a machine and all that it starts from now on, with a memory of their own that the kernel defends. */
export class MemoryLimit {
  private constructor(private readonly cgroup: string) {}

  /** @param pid As the machine counts. */
  static async of(lab: Lab, machine: string, pid: number, mebibytes: number): Promise<MemoryLimit> {
    const cgroup = join(ACCOUNT, `${lab.name}-${machine}-${pid}`);
    await mkdir(cgroup);
    await writeFile(join(cgroup, 'memory.limit_in_bytes'), String(mebibytes * 1024 * 1024));
    await writeFile(join(cgroup, 'cgroup.procs'), String(await outerPid(lab, machine, pid)));
    return new MemoryLimit(cgroup);
  }

  /** How many processes the kernel has ended for it. */
  async killed(): Promise<number> {
    const text = await readFile(join(this.cgroup, 'memory.oom_control'), 'utf8');
    return Number(/^oom_kill (\d+)$/m.exec(text)?.[1]);
  }

  /** Lets everybody go who is still there. */
  async free(): Promise<void> {
    const members = async () => (await readFile(join(this.cgroup, 'cgroup.procs'), 'utf8')).split('\n').filter(Boolean);
    await waitFor(
      `an end of ${this.cgroup}`,
      async () => {
        for (const pid of await members()) await writeFile(join(ACCOUNT, 'cgroup.procs'), pid).catch(() => undefined);
        return (await members()).length === 0;
      },
      { deadline: 10_000, interval: 50 },
    );
    await rmdir(this.cgroup);
  }
}

/** The pid of a machine's process as this host counts. */
async function outerPid(lab: Lab, machine: string, pid: number): Promise<number> {
  const leader = await leaderOf(lab, machine);
  const space = await readlink(`/proc/${leader}/ns/pid`);
  for (const name of (await readdir('/proc')).filter((each) => /^\d+$/.test(each))) {
    if ((await readlink(`/proc/${name}/ns/pid`).catch(() => '')) !== space) continue;
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    if (new RegExp(`^NSpid:.*\\s${pid}$`, 'm').test(status)) return Number(name);
  }
  throw new Error(`no process ${pid} in ${machine}`);
}
