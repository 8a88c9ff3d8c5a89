import { readFile } from 'node:fs/promises';
import { tearDown } from './machines';
import { removeStateDir } from './model/state-folder';
import { statusFile, stopSupervisor } from './supervisor';
import { type Lab, type OnStep, step, waitFor } from './system';

/** Takes a lab away with everything it has made, after whatever crash; the images stay in the cache. */
export async function down(lab: Lab, onStep: OnStep): Promise<void> {
  await step(onStep, 'stop AWS', () => stopSupervisor(lab).catch(() => killSupervisor(lab)));
  await step(onStep, 'remove machines and networks', () => tearDown(lab));
  await removeStateDir(lab);
}

/** For a supervisor that does not answer any more. */
async function killSupervisor(lab: Lab): Promise<void> {
  const status = await readFile(statusFile(lab), 'utf8').catch(() => undefined);
  if (!status) return;
  const { pid } = JSON.parse(status) as { pid: number };
  const commandOf = () => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  // The number may be another process's by now.
  const isOurs = (command: string) => command.includes('\0supervise\0') && command.includes(`\0${lab.name}\0`);
  if (!isOurs(await commandOf())) return;
  process.kill(pid, 'SIGKILL');
  await waitFor('the end of the supervisor', async () => !isOurs(await commandOf()), { deadline: 5000 });
}
