import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { control, inLab, labEnvironment } from '../../../lab';
import { ExitCode } from '../outcome';
import { type LabFlags, labOf } from './flags';

/** `mailserver lab run -- COMMAND`: exit code and signals are the command's own. */
export async function labRun(flags: LabFlags, command: readonly string[]): Promise<void> {
  const lab = await labOf(flags);
  await control(lab, 'status');
  const [file, ...args] = await inLab(lab, command);
  // No registry answers in the lab; `cdktf` would ask it for the checksums of providers that the lab has from a mirror.
  const env = { ...(await labEnvironment(lab)), CDKTF_SKIP_PROVIDER_LOCK: 'true' };
  const child = spawn(file, args, { stdio: 'inherit', env });
  // The terminal tells the whole process group; this process waits for how the command takes it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit, signal) => resolve(signal ? 128 + constants.signals[signal] : (exit ?? 1)));
  });
  if (code !== 0) throw new ExitCode(code);
}
