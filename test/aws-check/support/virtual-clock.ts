import type { Clock } from '../../../scripts/aws-check/clock';

/** Time that passes at once: whoever sleeps is woken in order, after everybody else has come to rest. */
export class VirtualClock implements Clock {
  private time = 0;
  private readonly sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  private isPumping = false;

  now(): number {
    return this.time;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = () => (signal?.aborted ? reject(signal.reason) : resolve());
      this.sleepers.push({ at: this.time + milliseconds, wake });
      this.sleepers.sort((a, b) => a.at - b.at);
      this.pump();
    });
  }

  private pump(): void {
    if (this.isPumping) return;
    this.isPumping = true;
    setImmediate(() => {
      this.isPumping = false;
      const next = this.sleepers.shift();
      if (!next) return;
      this.time = Math.max(this.time, next.at);
      next.wake();
      if (this.sleepers.length > 0) this.pump();
    });
  }
}
