import { join } from 'node:path';
import { CodeCache } from '../lib/provider/launch/code-cache';
import { runProgram } from '../lib/provider/launch/run-program';

/** Starts the no-op check as the launcher of the provider starts the provider: from compiled code that an earlier run kept. */
runProgram(join(__dirname, 'no-op-check.js'), new CodeCache(join(__dirname, 'code-cache'), 'no-op-check'));
