import { setTimeout as sleep } from 'node:timers/promises';

/** How time passes; tests bring their own. */
export interface Clock {
  /** Milliseconds, from any moment on. */
  now(): number;
  /** @throws when `signal` ends it early */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
};

/** What came of waiting for something. */
export interface Waited<T> {
  /** Absent when the time was up. */
  readonly value?: T;
  readonly seconds: number;
}

/**
 * Looks again and again until `look` gives something.
 *
 * @throws what `look` throws, or when `signal` ends it
 */
export async function until<T>(
  look: () => Promise<T | undefined>,
  {
    clock,
    everySeconds,
    atMostSeconds,
    signal,
  }: { clock: Clock; everySeconds: number; atMostSeconds: number; signal?: AbortSignal },
): Promise<Waited<T>> {
  const begin = clock.now();
  for (;;) {
    signal?.throwIfAborted();
    const value = await look();
    const seconds = (clock.now() - begin) / 1000;
    if (value !== undefined) return { value, seconds };
    if (seconds >= atMostSeconds) return { seconds };
    await clock.sleep(everySeconds * 1000, signal);
  }
}
