import { join } from 'node:path';
import { codeCacheFolder } from './code-cache';
import { type Program, runProgram } from './run-program';

/** The program next to this script, put here by the bundler. */
declare const PROGRAM: Omit<Program, 'path'>;
declare const PROGRAM_NAME: string;

runProgram({ path: join(__dirname, PROGRAM_NAME), ...PROGRAM }, codeCacheFolder(process.env));
