import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import type { CodeCache } from './code-cache';

/** What the program exports to whoever starts it. */
interface Program {
  /** Whether this run has come far enough for its compiled code to be worth keeping. */
  readonly isWarm?: () => boolean;
}

/**
 * Runs a CommonJS program of one file. Compiling it takes longer than anything else at the start of a provider, so the code of
 * an earlier run is used, and kept by the first run that needed most of it.
 */
export function runProgram(path: string, cache: CodeCache | undefined): void {
  const cachedData = cache?.read();
  // One byte a character: the bundler leaves nothing but ASCII in it.
  const text = readFileSync(path, 'latin1');
  const wrapper = `(function (exports, require, module, __filename, __dirname) {${text}\n})`;
  const script = new Script(wrapper, { filename: path, cachedData });
  const module = { exports: {} as Program };
  script.runInThisContext()(module.exports, require, module, path, __dirname);
  if (!cache || (cachedData && script.cachedDataRejected === false)) return;
  process.once('exit', () => {
    if (module.exports.isWarm?.()) cache.write(script.createCachedData());
  });
}
