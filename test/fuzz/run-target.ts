import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Target } from './target';

const CASES = join(__dirname, 'cases');

/** How long and from where a run goes: `npm run fuzz` sets these. */
export interface FuzzOptions {
  readonly seed: number;
  /** Without it, the target's own number of runs counts. */
  readonly seconds?: number;
  /** Keeps the smallest input that fails as a file, which every later run tries first. */
  readonly save: boolean;
}

/** From the environment; the seed is fixed, so that a run in CI never fails for a change that did not cause it. */
export function fuzzOptions(env: NodeJS.ProcessEnv): FuzzOptions {
  const seconds = env.MAILSERVER_FUZZ_SECONDS;
  return {
    seed: Number(env.MAILSERVER_FUZZ_SEED ?? 20261201),
    ...(seconds && { seconds: Number(seconds) }),
    save: env.MAILSERVER_FUZZ_SAVE === '1',
  };
}

/** Inputs that once failed. */
export function keptCases(name: string): readonly (readonly [file: string, input: unknown])[] {
  const folder = join(CASES, name);
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  return files.map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8'))]);
}

/** Processor time, in milliseconds. */
async function spentOn(check: Target['check'], input: unknown): Promise<number> {
  const before = process.cpuUsage();
  await check(input);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** One input, within its time; what the process did besides (compiling, collecting garbage) does not come twice. */
export async function tryInput({ check, milliseconds = 250 }: Target, input: unknown): Promise<void> {
  if ((await spentOn(check, input)) <= milliseconds) return;
  const again = await spentOn(check, input);
  if (again > milliseconds) throw new Error(`took ${again.toFixed(0)} ms of processor time, ${milliseconds} are allowed`);
}

/** @throws with the seed, the smallest input that fails, and why */
export async function runTarget(target: Target, { seed, seconds, save }: FuzzOptions): Promise<void> {
  const property = fc.asyncProperty(target.input, (input) => tryInput(target, input));
  const limits = seconds
    ? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000 }
    : { numRuns: target.runs ?? 300 };
  const details = await fc.check(property, { seed, examples: (target.hard ?? []).map((each) => [each]), ...limits });
  if (!details.failed) return;
  const [input] = details.counterexample ?? [];
  if (save && input !== undefined) keep(target.name, input);
  throw new Error(
    `${target.name}, seed ${details.seed}, input ${details.numRuns}, after ${details.numShrinks} steps of shrinking:\n${JSON.stringify(input)}\n${(details.errorInstance as Error | null)?.stack ?? ''}`,
  );
}

/** Keeps an input that failed. */
export function keep(name: string, input: unknown): void {
  const text = `${JSON.stringify(input)}\n`;
  const folder = join(CASES, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${createHash('sha256').update(text).digest('hex').slice(0, 12)}.json`), text);
}
