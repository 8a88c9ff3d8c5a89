import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../lib/provider/launch/run-program';

/** Starts the no-op check as the launcher of the provider starts the provider: from compiled code that an earlier run kept. */
const path = join(__dirname, 'no-op-check.js');
const bytes = readFileSync(path);
const digest = createHash('sha256').update(bytes).digest('hex');
runProgram({ path, digest, parts: { main: [0, bytes.length] } }, join(__dirname, 'code-cache'));
