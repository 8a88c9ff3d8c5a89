import type { Step } from '../../lab';
import { harmless } from '../text/harmless';
import { paint, shown } from './terminal';

/** `950 ms`, `12.3 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** How many running steps are shown at once on a terminal. */
const most = 6;
/** Milliseconds between two pictures of the running steps. */
const frame = 120;

/**
 * Shows steps as they go by: each ended one is a line with the time since the beginning and its own. On a terminal the running
 * ones are below, counting; elsewhere there are the lines only.
 */
export class Progress {
  private readonly begin = performance.now();
  private readonly running = new Map<string, number>();
  private readonly timer: NodeJS.Timeout | undefined;
  private drawn = 0;

  constructor(private readonly out: Pick<NodeJS.WriteStream, 'write'> & { isTTY?: boolean; columns?: number } = process.stdout) {
    if (out.isTTY) this.timer = setInterval(() => this.draw(), frame).unref();
  }

  /** Milliseconds since it was made. */
  get elapsed(): number {
    return performance.now() - this.begin;
  }

  readonly onStep = (step: Step): void => {
    if (step.state === 'started') {
      this.running.set(step.title, performance.now());
      this.draw();
      return;
    }
    this.running.delete(step.title);
    const mark = step.state === 'done' ? paint('green', '✔') : paint('red', '✘');
    this.line(`${mark} ${step.title}  ${paint('dim', duration(step.milliseconds ?? 0))}`);
  };

  /** A line between the steps. */
  note(text: string): void {
    this.line(`  ${paint('dim', text)}`);
  }

  /** Ends the display of running steps. */
  stop(): void {
    clearInterval(this.timer);
    this.erase();
  }

  private line(text: string): void {
    this.erase();
    const seconds = (this.elapsed / 1000).toFixed(1).padStart(6);
    this.out.write(shown(`${paint('dim', `[${seconds} s]`)} ${text}\n`));
    this.draw();
  }

  private draw(): void {
    if (!this.out.isTTY) return;
    this.erase();
    const steps = [...this.running].slice(-most);
    const width = (this.out.columns ?? 80) - 1;
    for (const [title, since] of steps) {
      const text = `           … ${harmless(title)}  ${duration(performance.now() - since)}`;
      this.out.write(shown(`${paint('cyan', text.slice(0, width))}\n`));
    }
    this.drawn = steps.length;
  }

  private erase(): void {
    if (this.drawn > 0) this.out.write(`\x1b[${this.drawn}A\x1b[J`);
    this.drawn = 0;
  }
}
