import { setTimeout as sleep } from 'node:timers/promises';

/** The time that waits are measured by; tests bring their own. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** Ends early, without an error, when `signal` does. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
};
