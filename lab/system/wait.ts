import { setTimeout as sleep } from 'node:timers/promises';

/** Something awaited did not happen in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

export interface WaitOptions {
  /** Milliseconds until it counts as failed. */
  readonly deadline: number;
  /** Milliseconds between two looks. Default: 25. */
  readonly interval?: number;
}

let patience = 1;

/** Every wait from now on may take so many times as long: the machine may be slow. */
export function bePatient(times: number): void {
  patience = times;
}

/**
 * Looks again and again until `look` gives something other than undefined or false.
 * @throws DeadlineError with `what`, the time waited and the error of the last look.
 */
export async function waitFor<T>(what: string, look: () => Promise<T | undefined | false>, options: WaitOptions): Promise<T> {
  const deadline = options.deadline * patience;
  const end = performance.now() + deadline;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) {
      const why = last instanceof Error ? `: ${last.message}` : '';
      throw new DeadlineError(`${what}: not within ${deadline / 1000} s${why}`);
    }
    await sleep(options.interval ?? 25);
  }
}
