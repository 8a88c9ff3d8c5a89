import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A quiet machine with a processor of its own starts a process, as seen from Node.js, in less than this. */
const START_MILLISECONDS = 10;
const STARTS = 20;

/** How much slower than that this machine is at the moment; at least 1. */
async function slowness(): Promise<number> {
  const begin = performance.now();
  for (let n = 0; n < STARTS; n += 1) await run('/bin/true');
  return Math.max(1, (performance.now() - begin) / STARTS / START_MILLISECONDS);
}

/**
 * That something took less than so many milliseconds, where a requirement states a time. What is above it counts only as far as the
 * machine itself keeps up: several labs share two processors, and those of CI may be slow ones.
 */
export async function expectWithin(milliseconds: number, taken: number): Promise<void> {
  if (taken < milliseconds) return;
  expect(taken / (await slowness())).toBeLessThan(milliseconds);
}
