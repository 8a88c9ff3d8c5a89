import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Says `waiting` when another one has the lock, `locked` when it is ours; lets go when its standard input ends. */
const hold = 'exec 9>"$1"; flock --nonblock 9 || { echo waiting; flock 9; }; echo locked; exec cat >/dev/null';

/**
 * Does `work` while this process alone holds the lock. The kernel holds it for a child that ends with this process, so a crash
 * leaves no lock behind.
 * @param waiting Called with the time when the lock will be ours, when another process has it.
 */
export async function withLock<T>(
  file: string,
  waiting: (locked: Promise<void>) => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  const holder = spawn('sh', ['-c', hold, 'lock', file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(holder, 'exit');
  let said = '';
  const hears = (word: string) =>
    new Promise<boolean>((resolve, reject) => {
      const look = () => said.includes(word) && resolve(true);
      holder.stdout.on('data', look);
      ended.then(() => resolve(false), reject);
      look();
    });
  holder.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const locked = hears('locked').then((ours) => {
    if (!ours) throw new Error(`cannot lock ${file}: exit code ${holder.exitCode}`);
  });
  await Promise.race([locked, hears('waiting').then((busy) => (busy ? waiting(locked) : locked))]);
  await locked;
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
