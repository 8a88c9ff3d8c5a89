/** How much of what comes before the mark is kept to be quoted, in bytes. */
const keptBytes = 4096;

/**
 * Separates what a program prints from what came before it on the same stream: a line of `.bashrc`, a banner, a complaint of sudo.
 * The program prints a mark, a line that nobody can guess, before anything else.
 */
export class MarkedStream {
  private readonly mark: Buffer;
  private head: Buffer = Buffer.alloc(0);
  private begun = false;

  /**
   * @param mark The line, without its end.
   * @param onData Gets every chunk after the mark.
   */
  constructor(
    mark: string,
    private readonly onData: (chunk: Buffer) => void,
  ) {
    this.mark = Buffer.from(`${mark}\n`);
  }

  /** Whether the mark has come, so that the program ran. */
  get started(): boolean {
    return this.begun;
  }

  /** What came before the mark: its last 4 KiB. */
  get before(): string {
    return this.head.toString();
  }

  push(chunk: Buffer): void {
    if (this.begun) {
      this.onData(chunk);
      return;
    }
    const seen = Buffer.concat([this.head, chunk]);
    const at = seen.indexOf(this.mark);
    if (at < 0) {
      this.head = seen.subarray(-keptBytes);
      return;
    }
    this.begun = true;
    this.head = seen.subarray(Math.max(0, at - keptBytes), at);
    const rest = seen.subarray(at + this.mark.length);
    if (rest.length > 0) this.onData(rest);
  }
}
