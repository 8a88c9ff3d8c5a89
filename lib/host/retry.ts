import { HostError } from './host-error';

/** The wait between two attempts, in milliseconds: short at first, since a machine that boots is there within seconds. */
const firstPause = 200;
const longestPause = 2000;

export interface Retry {
  readonly deadline: number;
  readonly signal?: AbortSignal;
}

/** Pauses of growing length until the deadline. `false`: no time is left for another attempt. */
export function pauses({ deadline, signal }: Retry): () => Promise<boolean> {
  let pause = firstPause;
  return async () => {
    if (Date.now() + pause >= deadline) return false;
    await sleep(pause, signal);
    pause = Math.min(pause * 1.5, longestPause);
    return true;
  };
}

/** Waits, or throws {@link HostError} `aborted` at once when the signal comes. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new HostError('aborted', 'stopped while waiting for the host'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
