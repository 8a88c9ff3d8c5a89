import { join } from 'node:path';
import { CodeCache, codeCacheFolder } from './code-cache';
import { runProgram } from './run-program';

/** SHA-256 of the program beside this script, put here by the bundler. */
declare const PROGRAM_DIGEST: string;
declare const PROGRAM_NAME: string;

const folder = codeCacheFolder(process.env);
runProgram(join(__dirname, PROGRAM_NAME), folder === undefined ? undefined : new CodeCache(folder, PROGRAM_DIGEST));
