import { setTimeout as sleep } from 'node:timers/promises';

/** Lets so many pieces of work run at once; the others wait in their order. */
export class Turns {
  private readonly waiting: (() => void)[] = [];
  /** Those before it have had their turn; taking the first out of a long array costs as much as its length. */
  private first = 0;
  private running = 0;

  constructor(private readonly most: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.most) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
    try {
      return await work();
    } finally {
      this.next();
    }
  }

  /** The place goes to the next one in the queue, or is given up. */
  private next(): void {
    const next = this.waiting[this.first];
    if (!next) {
      this.running -= 1;
      this.waiting.length = 0;
      this.first = 0;
      return;
    }
    this.first += 1;
    next();
  }
}

/** Keeps to a number of events a second, after a second's worth at once. */
export class Pace {
  /** When the next event would be due if they came evenly. Milliseconds. */
  private due = 0;

  constructor(private readonly perSecond: number) {}

  /** Ends when it is time; at once as long as they do not come too fast. */
  async wait(): Promise<void> {
    const now = performance.now();
    this.due = Math.max(this.due, now) + 1000 / this.perSecond;
    const early = this.due - now - 1000;
    if (early > 0) await sleep(early);
  }
}
