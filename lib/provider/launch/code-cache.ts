import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Caches of other versions that nobody has written for so long are dropped, in milliseconds. */
const keptMs = 30 * 24 * 60 * 60 * 1000;
const digestBytes = 32;

/**
 * Compiled code of one part of a program, kept between runs in a folder of this user. It is only ever a shortcut: whatever is odd
 * about it is answered by going without. V8 itself refuses what another Node, or Node with other flags, compiled.
 */
export class CodeCache {
  private readonly name: string;

  constructor(
    private readonly folder: string,
    /** Names the program's exact text: V8 compares no more than the length of the two. */
    programDigest: string,
    /** One of the program's parts. */
    part: string,
  ) {
    this.name = `${programDigest.slice(0, 32)}-${process.version}-${process.arch}-${part}`;
  }

  read(): Buffer | undefined {
    try {
      if (!isPrivate(this.folder)) return undefined;
      const stored = readOwn(join(this.folder, this.name));
      const code = stored.subarray(digestBytes);
      return digest(code).equals(stored.subarray(0, digestBytes)) ? code : undefined;
    } catch {
      return undefined;
    }
  }

  write(code: Buffer): void {
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      if (!isPrivate(this.folder)) return;
      this.replace(code);
      this.dropOld();
    } catch {
      // A full disk, a read-only home: the next run compiles again.
    }
  }

  /** Written next to and renamed: another process never reads half of it. */
  private replace(code: Buffer): void {
    const temporary = join(this.folder, `.${this.name}.${process.pid}`);
    try {
      writeFileSync(temporary, Buffer.concat([digest(code), code]), { mode: 0o600, flag: 'wx' });
      renameSync(temporary, join(this.folder, this.name));
    } finally {
      rmSync(temporary, { force: true });
    }
  }

  private dropOld(): void {
    for (const name of readdirSync(this.folder)) {
      const path = join(this.folder, name);
      if (name !== this.name && Date.now() - statSync(path).mtimeMs > keptMs) rmSync(path, { force: true });
    }
  }
}

/** Where the cache is; undefined where the user wants none, by the variable that switches off Node's own. */
export function codeCacheFolder(env: NodeJS.ProcessEnv): string | undefined {
  if (env.NODE_DISABLE_COMPILE_CACHE === '1') return undefined;
  // As the XDG Base Directory Specification has it: relative paths are invalid.
  const base = env.XDG_CACHE_HOME?.startsWith('/') ? env.XDG_CACHE_HOME : join(homedir(), '.cache');
  return join(base, 'cdktf-mailserver', 'provider');
}

/**
 * A file that this user has written. The folder was found to be private, but where others may write the folders above it they can
 * put another one in its place at any moment; whose the opened file is, they cannot change.
 */
function readOwn(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || !isOwn(stat)) throw new Error(`${path} is not of this user alone`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

const isOwn = ({ uid, mode }: Stats) => uid === process.geteuid?.() && (mode & 0o022) === 0;

/** What is read here is run: the folder must be a real one that nobody else may write. */
function isPrivate(folder: string): boolean {
  const stat = lstatSync(folder);
  return stat.isDirectory() && isOwn(stat);
}

const digest = (data: Buffer) => createHash('sha256').update(data).digest();
