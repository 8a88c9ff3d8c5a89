import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Does work for the newest of several values: while it is busy, older ones are skipped. Work that fails is done again after a
 * pause, unless something newer has come.
 */
export class Latest<T> {
  private next: { readonly value: T } | undefined;
  private busy: Promise<void> | undefined;
  /** Why the last piece of work failed; undefined when it did not. */
  error: Error | undefined;

  constructor(
    private readonly work: (value: T) => Promise<void>,
    private readonly onError: (error: Error) => void,
    /** Pauses before each further try, in milliseconds; then it waits for something newer. */
    private readonly pauses: readonly number[] = [500, 2000, 5000],
  ) {}

  offer(value: T): void {
    this.next = { value };
    this.busy ??= this.run().finally(() => {
      this.busy = undefined;
    });
  }

  /** Resolves when nothing is left to do. */
  async idle(): Promise<void> {
    while (this.busy) await this.busy;
  }

  private async run(): Promise<void> {
    while (this.next) {
      const { value } = this.next;
      this.next = undefined;
      await this.tryHard(value);
    }
  }

  private async tryHard(value: T): Promise<void> {
    for (const pause of [...this.pauses, undefined]) {
      try {
        await this.work(value);
        this.error = undefined;
        return;
      } catch (error) {
        this.error = error instanceof Error ? error : new Error(String(error));
        this.onError(this.error);
      }
      if (pause === undefined || this.next) return;
      await sleep(pause);
      if (this.next) return;
    }
  }
}
