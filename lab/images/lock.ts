import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Does `work` while this process alone holds the lock. The kernel holds it for a child that ends with this process, so a crash
 * leaves no lock behind.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo locked; exec cat >/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(holder, 'exit');
  const locked = await Promise.race([once(holder.stdout, 'data').then(() => true), ended.then(() => false)]);
  if (!locked) throw new Error(`cannot lock ${file}: flock ended with exit code ${holder.exitCode}`);
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
