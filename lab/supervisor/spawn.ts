import { spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Lab, waitFor } from '../system';
import { control, controlSocket, NoSupervisorError, type SupervisorStatus } from './control';
import { logFile } from './supervise';

/** The built command: next to this very script in a bundle, else in the package's `dist`. */
export function supervisorProgram(): string {
  if (__filename.endsWith('.js')) return __filename;
  const built = resolve(__dirname, '../../dist/cli/mailserver.js');
  if (!existsSync(built)) throw new Error(`${built} is missing; run "npm run build" first`);
  return built;
}

/** Starts the lab's supervisor in the background; returns when it is ready. */
export async function spawnSupervisor(lab: Lab, python: string): Promise<SupervisorStatus> {
  await rm(controlSocket(lab), { force: true });
  const log = openSync(logFile(lab), 'a');
  const args = [supervisorProgram(), 'lab', 'supervise', '--name', lab.name, '--state', lab.stateDir, '--cache', lab.cacheDir];
  const child = spawn(process.execPath, [...args, '--python', python], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
  });
  let ended: string | undefined;
  child.on('error', (error) => {
    ended = error.message;
  });
  child.on('exit', (code, signal) => {
    ended = signal ? `ended by ${signal}` : `exit code ${code}`;
  });
  child.unref();
  return waitFor(
    'the supervisor of the lab',
    async () => {
      if (ended) {
        const tail = (await readFile(logFile(lab), 'utf8')).trim().split('\n').slice(-15).join('\n');
        return Promise.resolve({ failed: `the lab's supervisor did not start (${ended})\n${tail}` });
      }
      return { status: await control(lab, 'status') };
    },
    { deadline: 60_000 },
  ).then((outcome) => {
    if ('failed' in outcome) throw new Error(outcome.failed);
    return outcome.status;
  });
}

/** Ends the supervisor, if there is one, and waits until it is gone. */
export async function stopSupervisor(lab: Lab): Promise<void> {
  try {
    const { pid } = await control(lab, 'stop');
    await waitFor('the end of the supervisor', async () => !existsSync(join('/proc', String(pid))), { deadline: 10_000 });
  } catch (error) {
    if (!(error instanceof NoSupervisorError)) throw error;
  }
}
