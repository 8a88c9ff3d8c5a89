import { harmless } from '../../text/harmless';

/** Before it there is nothing to see: most runs are over by then. Milliseconds. */
const quiet = 1500;
/** Milliseconds between two pictures. */
const frame = 150;

/** One line that tells how far a long run is, on a terminal only; next to the report, which goes to the standard output. */
export class Counter {
  private readonly begin = performance.now();
  private drawn = 0;

  constructor(private readonly out: Pick<NodeJS.WriteStream, 'write' | 'isTTY'> = process.stderr) {}

  show(text: string): void {
    const now = performance.now();
    if (!this.out.isTTY || now - this.begin < quiet || now - this.drawn < frame) return;
    this.drawn = now;
    this.out.write(`\r\x1b[K${harmless(text)}`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.drawn > 0) this.out.write('\r\x1b[K');
    this.drawn = 0;
  }
}
