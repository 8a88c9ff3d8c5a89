import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';

/** A file that is not a map, or no text: what is wrong, and where it is known, the line. */
export class MapFileError extends Error {
  constructor(
    message: string,
    readonly line?: number,
  ) {
    super(message);
  }
}

/** Bytes of a map file, the largest that the gate on the host takes. */
export const LARGEST_MIB = 64;
const largest = LARGEST_MIB * 1024 * 1024;
/** Bytes of a line. */
const longestLine = 1024 * 1024;
const blockBytes = 1024 * 1024;

/**
 * Opens a text file, has `work` read it, and closes it.
 *
 * @throws {MapFileError} when it is not a regular file, cannot be read, is empty or too large, or is written to meanwhile
 */
export function withTextFile<T>(path: string, work: (file: TextFile) => T): T {
  const file = new TextFile(path);
  try {
    const result = work(file);
    file.expectUnchanged();
    return result;
  } finally {
    file.close();
  }
}

/** The same for work that waits for others in between. */
export async function withTextFileAsync<T>(path: string, work: (file: TextFile) => Promise<T>): Promise<T> {
  const file = new TextFile(path);
  try {
    const result = await work(file);
    file.expectUnchanged();
    return result;
  } finally {
    file.close();
  }
}

/** A file of whole lines, read in blocks. */
export class TextFile {
  private readonly descriptor: number;
  private readonly stat: Stats;

  constructor(path: string) {
    try {
      // Of a pipe nobody would ever hear the end.
      this.descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      throw new MapFileError(unreadable((error as NodeJS.ErrnoException).code));
    }
    this.stat = fstatSync(this.descriptor);
    try {
      this.expectText();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get bytes(): number {
    return this.stat.size;
  }

  /** Blocks of whole lines, in order. A block is overwritten by the next one. */
  *blocks(): Generator<Buffer> {
    const buffer = Buffer.allocUnsafe(blockBytes + longestLine);
    let rest = 0;
    let line = 1;
    for (let position = 0; ; ) {
      const got = readSync(this.descriptor, buffer, rest, blockBytes, position);
      if (got === 0) break;
      position += got;
      if (position > largest) throw tooLarge(position);
      const filled = rest + got;
      const end = buffer.lastIndexOf(10, filled - 1) + 1;
      if (end > 0) {
        const block = buffer.subarray(0, end);
        yield block;
        line += countLines(block);
        buffer.copyWithin(0, end, filled);
      }
      rest = filled - end;
      if (rest > longestLine) throw new MapFileError(`the line is longer than ${longestLine} bytes, which is the limit`, line);
    }
    if (rest > 0) throw new MapFileError('the last line has no end, so the file may be cut off: end it with a line break', line);
  }

  /** Bytes from an offset. */
  slice(offset: number, length: number): Buffer {
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const got = readSync(this.descriptor, buffer, filled, length - filled, offset + filled);
      if (got === 0) throw changed();
      filled += got;
    }
    return buffer;
  }

  expectUnchanged(): void {
    const { size, mtimeMs, ctimeMs } = fstatSync(this.descriptor);
    if (size !== this.stat.size || mtimeMs !== this.stat.mtimeMs || ctimeMs !== this.stat.ctimeMs) throw changed();
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private expectText(): void {
    const { stat } = this;
    if (stat.isDirectory()) throw new MapFileError('is a folder: give the path of a file');
    if (!stat.isFile()) throw new MapFileError('is not a regular file: write the entries to one');
    if (stat.size === 0) throw new MapFileError('is empty: when no entries are meant, write a line that begins with #');
    if (stat.size > largest) throw tooLarge(stat.size);
  }
}

/** Line feeds in it. */
export function countLines(block: Buffer): number {
  let count = 0;
  for (let at = block.indexOf(10); at >= 0; at = block.indexOf(10, at + 1)) count++;
  return count;
}

const changed = () => new MapFileError('was written to while it was read: try again when it is complete');

const tooLarge = (bytes: number) =>
  new MapFileError(`is larger than ${LARGEST_MIB} MiB, which is the limit: it has ${bytes} bytes`);

function unreadable(code = 'unknown'): string {
  switch (code) {
    case 'ENOENT':
      return 'does not exist: a path is relative to the folder of cdktf.json';
    case 'ENOTDIR':
      return 'does not exist: a part of the path is not a folder';
    case 'EACCES':
    case 'EPERM':
      return 'cannot be read: permission denied';
    case 'ELOOP':
      return 'is a symbolic link that leads to itself';
    case 'ENXIO':
      return 'is not a regular file: write the entries to one';
    default:
      return `cannot be read: ${code}`;
  }
}
