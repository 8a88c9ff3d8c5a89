import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { control, inLab, labEnvironment, nearestProgram, whileAlone } from '../../../lab';
import { ExitCode } from '../outcome';
import { complain } from '../terminal';
import { type LabFlags, labOf } from './flags';

/** `mailserver lab run -- COMMAND`: exit code and signals are the command's own. */
export async function labRun(flags: LabFlags, command: readonly string[]): Promise<void> {
  const lab = await labOf(flags);
  await control(lab, 'status');
  const [file, ...args] = await inLab(lab, command);
  // No registry answers in the lab; `cdktf` would ask it for the checksums of providers that the lab has from a mirror.
  const program = nearestProgram(process.cwd());
  const env: NodeJS.ProcessEnv = { ...(await labEnvironment(lab, program)), CDKTF_SKIP_PROVIDER_LOCK: 'true' };
  const start = () => running(file, args, env);
  // cdktf and Terraform take a folder for themselves; two at once would write over each other.
  const code = await (command.some((word) => /cdktf|terraform/.test(word))
    ? whileAlone(
        env.CDKTF_OUTDIR as string,
        (pid) => complain(`waiting for another "lab run" in this program (process ${pid})\n`),
        start,
      )
    : start());
  if (code !== 0) throw new ExitCode(code);
}

async function running(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(file, args, { stdio: 'inherit', env });
  // The terminal tells the whole process group; this process waits for how the command takes it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit, signal) => resolve(signal ? 128 + constants.signals[signal] : (exit ?? 1)));
  });
}
