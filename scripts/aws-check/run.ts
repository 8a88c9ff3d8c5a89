import { cleanUp } from './clean-up';
import type { Context } from './context';
import { type DeploymentOptions, deployment } from './deployment';
import { negativeCache } from './negative-cache';
import { preflight } from './preflight';
import { allocate, reverseNames } from './reverse-name';
import type { Stacks } from './stacks';

export interface RunOptions {
  /** Absent: only what needs no instance. */
  readonly deployment?: DeploymentOptions;
}

/** What a run ended with, as exit codes. */
export const OUTCOME = { fine: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/**
 * All steps, and the clean-up whatever became of them.
 *
 * @param second ends the clean-up early; what is left then stays in the journal
 */
export async function runCheck(context: Context, stacks: Stacks, options: RunOptions, second?: AbortSignal): Promise<number> {
  const { say, report, journal, signal } = context;
  let problem: string | undefined;
  try {
    await steps(context, stacks, options);
  } catch (error) {
    problem = signal.aborted ? 'interrupted' : error instanceof Error ? error.message : String(error);
    say(`✘ ${problem}`);
  }
  say('== Clean up');
  const left = await cleanUp({ ...context, stacks, signal: second });
  if (left.length > 0) {
    say(`✘ left behind: ${left.join('; ')}`);
    say(`  take it away with: npm run aws-check -- --clean-up ${journal.folder}`);
  } else say('   nothing is left');
  const trouble = [...(problem === undefined ? [] : [problem]), ...(left.length > 0 ? [`left behind: ${left.join('; ')}`] : [])];
  report.finish(trouble.join('; ') || (report.isAsExpected ? 'everything as expected' : 'some answers are not as expected'));
  say(`The report is ${report.file}`);
  if (signal.aborted) return OUTCOME.interrupted;
  return trouble.length === 0 && report.isAsExpected ? OUTCOME.fine : OUTCOME.failed;
}

async function steps(context: Context, stacks: Stacks, options: RunOptions): Promise<void> {
  const { say } = context;
  say('== Before');
  const zone = await preflight(context);
  say('== Memory of resolvers, and reverse names');
  const address = await allocate(context);
  const rememberedBy = await negativeCache(context, zone, address.address);
  await reverseNames(context, zone, address);
  await rememberedBy();
  if (!options.deployment) return;
  say('== Deployment');
  await deployment(context, stacks, options.deployment);
}
