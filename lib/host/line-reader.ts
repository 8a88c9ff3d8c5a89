import { StringDecoder } from 'node:string_decoder';

/** Characters of a line; the rest of a longer one is passed over. */
const longest = 64 * 1024;

/** Cuts a stream of bytes into whole lines, as they come. */
export class LineReader {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';
  private tooLong = false;

  constructor(private readonly onLine: ((line: string) => void) | undefined) {}

  push(chunk: Buffer): void {
    if (this.onLine === undefined) return;
    const [first = '', ...others] = this.decoder.write(chunk).split('\n');
    this.add(first);
    for (const next of others) {
      this.flush();
      this.add(next);
    }
  }

  /** Hands over what is left when the stream ends without a line break. */
  end(): void {
    if (this.rest !== '') this.flush();
  }

  private flush(): void {
    const line = this.rest;
    this.rest = '';
    this.tooLong = false;
    this.onLine?.(line);
  }

  private add(text: string): void {
    if (this.tooLong) return;
    this.rest += text;
    if (this.rest.length <= longest) return;
    this.rest = `${this.rest.slice(0, longest)}… (the line goes on)`;
    this.tooLong = true;
  }
}
