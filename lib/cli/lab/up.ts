import {
  type Check,
  claimStateDir,
  control,
  deploy,
  down,
  findProgram,
  type Lab,
  labCommandLine,
  listMachines,
  type Prepared,
  prepare,
  proveDeployment,
  readRecord,
  requireTerraform,
  startLab,
} from '../../../lab';
import { ExitCode, errorText } from '../outcome';
import { duration, Progress } from '../progress';
import { table } from '../table';
import { complain, paint, say } from '../terminal';
import { type LabFlags, labOf } from './flags';

export interface UpFlags extends LabFlags {
  readonly app?: string;
  readonly stack?: string;
  readonly deploy: boolean;
  readonly proof: boolean;
  readonly keep?: boolean;
}

/** `mailserver lab up` */
export async function labUp(flags: UpFlags): Promise<void> {
  const lab = await labOf(flags);
  const progress = new Progress();
  const interrupt = new AbortController();
  process.on('SIGINT', () => interrupt.abort());
  process.on('SIGTERM', () => interrupt.abort());
  const interrupted = new Promise<never>((_, reject) => {
    interrupt.signal.addEventListener('abort', () => reject(new ExitCode(ExitCode.interrupted)), { once: true });
  });
  let wasUp = false;
  const pending: Promise<unknown>[] = [];
  const work = (async () => {
    wasUp = await answers(lab);
    await bringUp(lab, flags, progress, { signal: interrupt.signal, pending });
  })();
  pending.push(work);
  try {
    await Promise.race([work, interrupted]);
  } catch (error) {
    progress.stop();
    await giveUp(lab, error, { keep: flags.keep || wasUp, pending });
  } finally {
    progress.stop();
  }
}

async function answers(lab: Lab): Promise<boolean> {
  return control(lab, 'status').then(
    () => true,
    () => false,
  );
}

/** @param way.pending Takes what goes on by itself, also after a failure of the whole. */
async function bringUp(
  lab: Lab,
  flags: UpFlags,
  progress: Progress,
  { signal, pending }: { signal: AbortSignal; pending: Promise<unknown>[] },
): Promise<void> {
  const { onStep } = progress;
  if (flags.deploy) {
    await requireTerraform();
    // What is wrong with the folder is reported before anything is made.
    await findProgram(flags.app);
  }
  await claimStateDir(lab);
  const started = startLab(lab, onStep);
  // Synth and the providers' download need no lab: they run next to it.
  const prepared = flags.deploy ? prepare(lab, flags, onStep) : Promise.resolve(undefined);
  pending.push(started, prepared);
  const [, stack] = await Promise.all([started, prepared]);
  if (!stack) return finish(lab, progress, 'the lab is up, its cloud is empty', undefined, undefined);
  const applied = await deploy(lab, stack, { onStep, onLine: (line) => progress.note(line), signal });
  const checks = flags.proof ? await prove(lab, stack, progress) : undefined;
  const { added, changed, destroyed } = applied;
  await finish(lab, progress, `deployed: ${added} added, ${changed} changed, ${destroyed} destroyed`, stack, checks);
}

async function prove(lab: Lab, stack: Prepared, progress: Progress): Promise<Check[]> {
  const title = 'send mails through the deployed host';
  progress.onStep({ title, state: 'started' });
  const begin = performance.now();
  const checks = await proveDeployment(lab, stack);
  const state = checks.every(({ ok }) => ok) ? 'done' : 'failed';
  progress.onStep({ title, state, milliseconds: performance.now() - begin });
  return checks;
}

async function finish(
  lab: Lab,
  progress: Progress,
  what: string,
  stack: Prepared | undefined,
  checks: readonly Check[] | undefined,
): Promise<void> {
  progress.stop();
  const machines = await listMachines(lab);
  if (checks) say(`\n${checkTable(checks)}\n`);
  const passed = checks?.filter(({ ok }) => ok).length ?? 0;
  const counts = [
    `${machines.filter(({ running }) => running).length} machines`,
    checks && `${passed} of ${checks.length} checks passed`,
  ];
  say(
    `\n${paint('bold', what)}, ${counts.filter(Boolean).join(', ')}, in ${duration(progress.elapsed)}\n\n${table(
      [
        [stack ? `  ${labCommandLine(lab, 'ssh')}` : '', stack ? 'log in to the mail host' : ''],
        [`  ${labCommandLine(lab, 'run')} -- COMMAND`, "any command against the lab's cloud, e.g. npx cdktf diff"],
        [`  ${labCommandLine(lab, 'down')}`, 'leave nothing behind'],
      ].filter(([command]) => command),
    )}\n`,
  );
  if (checks && passed < checks.length) throw new ExitCode(1);
}

/** The proof as a table; what was expected is shown where it was not seen. */
export function checkTable(checks: readonly Check[]): string {
  return table(
    checks.map(({ name, ok, seen, expected }) => [
      ok ? paint('green', '✔') : paint('red', '✘'),
      name,
      oneLine(ok ? seen : `${seen} (expected: ${expected})`),
    ]),
  );
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 160 ? `${line.slice(0, 157)}...` : line;
}

/** How long work in progress may take to notice that it is over, in milliseconds. */
const patience = 15_000;

async function giveUp(
  lab: Lab,
  error: unknown,
  { keep, pending }: { keep: boolean | undefined; pending: readonly Promise<unknown>[] },
): Promise<never> {
  if (!(error instanceof ExitCode)) complain(`${errorText(error)}\n`);
  // A mail host that fails its proof is worth looking at.
  const failedProof = error instanceof ExitCode && error.code === 1;
  if (keep || failedProof) {
    complain(`the lab is left as it is in ${lab.stateDir}; remove it with "${labCommandLine(lab, 'down')}"\n`);
  } else if (await readRecord(lab.stateDir)) {
    complain('cleaning up (use --keep to look into a failure)\n');
    // What is in the middle of something may be in the way of the first round, and leave a machine or a namespace behind it.
    await down(lab, () => undefined).catch(() => undefined);
    const ended = Promise.allSettled(pending);
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, patience).unref())]);
    await down(lab, () => undefined);
  }
  throw error instanceof ExitCode ? error : new ExitCode(1);
}
