import { openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { CodeCache } from './code-cache';

/** A CommonJS program in one file: parts that require each other as `./NAME`, first the one to begin with. */
export interface Program {
  readonly path: string;
  /** SHA-256 of the file. */
  readonly digest: string;
  /** Where in the file each part is, in bytes. */
  readonly parts: Readonly<Record<string, readonly [start: number, length: number]>>;
}

/** What the first part exports to whoever starts it. */
interface Entry {
  /** Whether this run has come far enough for its compiled code to be worth keeping. */
  readonly isWarm?: () => boolean;
}

/**
 * Runs a program. Compiling it takes longer than anything else at the start of a provider, so the code of an earlier run is
 * used, and kept by the first run that needed most of it. Each part is read when it is required.
 */
export function runProgram({ path, digest, parts }: Program, cacheFolder: string | undefined): void {
  // Kept open: a later part is of the same program, whatever is put in the file's place meanwhile.
  const file = openSync(path, 'r');
  const loaded = new Map<string, { exports: unknown }>();
  const compiled: { readonly cache: CodeCache; readonly script: Script }[] = [];

  const requirePart = (request: string): unknown => {
    const name = request.replace(/^\.\//, '');
    const place = parts[name];
    if (!place) return require(request);
    const known = loaded.get(name);
    if (known) return known.exports;
    const module = { exports: {} };
    loaded.set(name, module);
    const cache = cacheFolder === undefined ? undefined : new CodeCache(cacheFolder, digest, name);
    const cachedData = cache?.read();
    const script = new Script(wrapped(read(file, place)), { filename: join(path, name), cachedData });
    if (cache && !(cachedData && script.cachedDataRejected === false)) compiled.push({ cache, script });
    script.runInThisContext()(module.exports, requirePart, module, path, __dirname);
    return module.exports;
  };

  const entry = requirePart(Object.keys(parts)[0] ?? '') as Entry;
  process.once('exit', () => {
    if (!entry.isWarm?.()) return;
    for (const { cache, script } of compiled) cache.write(script.createCachedData());
  });
}

const wrapped = (text: string) => `(function (exports, require, module, __filename, __dirname) {${text}\n})`;

/** One byte a character: the bundler leaves nothing but ASCII in it. */
function read(file: number, [start, length]: readonly [number, number]): string {
  const bytes = Buffer.allocUnsafe(length);
  readSync(file, bytes, 0, length, start);
  return bytes.toString('latin1');
}
