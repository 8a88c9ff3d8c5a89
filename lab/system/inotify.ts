import { readdir, readFile, readlink } from 'node:fs/promises';
import { UnsupportedMachineError } from './preconditions';

/** inotify(7) instances of a lab: half a dozen for the systemd of each machine. */
const neededByLab = 32;

const limitFile = '/proc/sys/fs/inotify/max_user_instances';

/**
 * Root's programs share one allowance of inotify instances, those inside the machines included. A machine that gets none boots, and
 * then some of its units fail.
 * @throws UnsupportedMachineError when a lab does not fit in next to what runs already.
 */
export async function checkInotify(): Promise<void> {
  const [used, limit] = await Promise.all([inotifyInstancesOfRoot(), readFile(limitFile, 'utf8').then(Number)]);
  const problem = tooFewInotify(used, limit);
  if (problem) throw new UnsupportedMachineError(problem);
}

/** One sentence, or undefined when a lab fits in. */
export function tooFewInotify(used: number, limit: number): string | undefined {
  if (limit - used >= neededByLab) return undefined;
  const enough = 2 ** Math.ceil(Math.log2(used + 2 * neededByLab));
  return `root's programs use ${used} of the ${limit} inotify instances that they may have here, and a lab needs ${neededByLab}: take another lab down, or run "sysctl fs.inotify.max_user_instances=${enough}"`;
}

async function inotifyInstancesOfRoot(): Promise<number> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const counts = await Promise.all(processes.map((pid) => instancesOf(pid).catch(() => 0)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** None when the process is not root's, or has ended meanwhile. */
async function instancesOf(pid: string): Promise<number> {
  if (!/^Uid:\t0\t/m.test(await readFile(`/proc/${pid}/status`, 'utf8'))) return 0;
  const files = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(files.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  return targets.filter((target) => target === 'anon_inode:inotify').length;
}
