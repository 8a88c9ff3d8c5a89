import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Something in the account that a run makes, described so that it is found again by whoever only has this. */
export type Thing =
  /** An Elastic IP with the tag `mailserver-aws-check` of the run. */
  | { readonly kind: 'address'; readonly run: string; readonly region: string }
  | { readonly kind: 'record'; readonly zoneId: string; readonly record: Record }
  /** A folder with a synthesised stack and its state. */
  | { readonly kind: 'stack'; readonly folder: string; readonly environment: Readonly<{ [name: string]: string }> };

export interface Record {
  readonly name: string;
  readonly type: 'A';
  readonly ttl: number;
  readonly value: string;
}

type Entry = { readonly make: Thing; readonly key: string } | { readonly gone: string } | { readonly finished: true };

/**
 * What a run has made, written down before it is made and on the disk before the call goes out: whatever happens in between, the
 * clean-up knows what to look for. Lines of JSON; a line that a crash cut short was never acted upon.
 */
export class Journal {
  private constructor(
    readonly folder: string,
    private readonly descriptor: number,
    private readonly open: Map<string, Thing>,
  ) {}

  /** A new one in a folder of its own. */
  static begin(folder: string): Journal {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return new Journal(folder, openSync(join(folder, FILE), 'ax', 0o600), new Map());
  }

  /** That of an earlier run. */
  static resume(folder: string): Journal {
    const open = new Map<string, Thing>();
    for (const entry of entriesOf(folder)) {
      if ('make' in entry) open.set(entry.key, entry.make);
      if ('gone' in entry) open.delete(entry.gone);
    }
    return new Journal(folder, openSync(join(folder, FILE), 'a'), open);
  }

  /** Folders of runs below `parent` that were neither finished nor cleaned up. */
  static unfinished(parent: string): readonly string[] {
    if (!existsSync(parent)) return [];
    return readdirSync(parent)
      .map((name) => join(parent, name))
      .filter((folder) => existsSync(join(folder, FILE)))
      .filter((folder) => !entriesOf(folder).some((entry) => 'finished' in entry))
      .sort();
  }

  /** What is still there, or may be, the youngest first. */
  get left(): readonly (readonly [key: string, thing: Thing])[] {
    return [...this.open].reverse();
  }

  willMake(key: string, make: Thing): void {
    this.open.set(key, make);
    this.write({ make, key });
  }

  isGone(key: string): void {
    this.open.delete(key);
    this.write({ gone: key });
  }

  /** Nothing is left, and nothing more will be made. */
  finish(): void {
    if (this.open.size > 0) throw new Error(`${this.open.size} things are left`);
    this.write({ finished: true });
    closeSync(this.descriptor);
  }

  private write(entry: Entry): void {
    // On a line of its own, also behind one that a crash cut short.
    writeSync(this.descriptor, `\n${JSON.stringify(entry)}\n`);
    fsyncSync(this.descriptor);
  }
}

const FILE = 'journal.jsonl';

function entriesOf(folder: string): Entry[] {
  return readFileSync(join(folder, FILE), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Entry];
      } catch {
        return [];
      }
    });
}
