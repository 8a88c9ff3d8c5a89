/**
 * `npm test`: everything that must hold, in the order in which it fails quickest. Ends with one line of numbers.
 * As root on Debian the end-to-end tests run in the lab; elsewhere they are skipped, and it says so.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const started = Date.now();
const scratch = mkdtempSync(join(tmpdir(), 'mailserver-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
const root = process.getuid?.() === 0 && process.platform === 'linux';
const mustRunEndToEnd = process.env.MAILSERVER_REQUIRE_E2E === '1';

/**
 * Runs a script and says how long it took.
 * @param {{ background?: boolean }} [how] `background`: something else runs meanwhile; what this prints comes at its end, in one piece.
 */
function step(title, [script, ...args], { background = false } = {}) {
  const begin = Date.now();
  const output = [];
  if (!background) console.log(`\n== ${title}`);
  const child = spawn(process.execPath, [script, ...args], { stdio: background ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece) => output.push(piece));
  return new Promise((resolve) => {
    child.on('close', (status) => {
      if (background) console.log(`\n== ${title}\n${Buffer.concat(output)}`);
      console.log(`== ${title}: ${status === 0 ? 'ok' : 'FAILED'} after ${((Date.now() - begin) / 1000).toFixed(1)} s`);
      resolve(status === 0);
    });
  });
}

/** A step that is not a jest run counts as one test. */
async function check(title, command, how) {
  totals[(await step(title, command, how)) ? 'passed' : 'failed'] += 1;
}

async function jest(project, extra = []) {
  const report = join(scratch, `${project}.json`);
  const ok = await step(`${project} tests`, [
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    project,
    '--json',
    `--outputFile=${report}`,
    // A failed test may leave a server listening; the run must end all the same.
    '--forceExit',
    ...extra,
  ]);
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    totals.passed += result.numPassedTests;
    totals.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    totals.skipped += result.numPendingTests + result.numTodoTests;
    if (!ok && result.numFailedTests + result.numRuntimeErrorTestSuites === 0) totals.failed += 1;
    return result.numTotalTests;
  } catch (error) {
    console.error(`no report of the ${project} tests: ${error.message}`);
    totals.failed += 1;
    return 0;
  }
}

async function variants(how) {
  await check('unit tests on CDK Terrain', ['scripts/cdktn.mjs'], how);
  await check('AWS provider 6', ['scripts/provider6.mjs'], how);
}

/** With a fourth lab two processors have no more to give, and waits for one thing or another end on slow machines. */
async function endToEnd() {
  const [count] = await Promise.all([
    jest('e2e', [
      '--maxWorkers=3',
      '--testSequencer=./test/e2e/longest-first.cjs',
      '--reporters=default',
      '--reporters=./test/support/live-reporter.cjs',
    ]),
    variants({ background: true }),
  ]);
  if (count === 0) totals.failed += 1;
}

// Downloads, while one processor is enough for the rest.
const images = root && check('images of the lab', ['scripts/lab-images.mjs'], { background: true });
await check('lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']);
await check('shellcheck', ['scripts/shellcheck.mjs']);
await check('ruff', ['scripts/ruff.mjs']);
await check('type check', ['node_modules/typescript/bin/tsc', '--noEmit']);
await check('build', ['scripts/build.mjs']);
// jest by itself leaves one processor idle.
await jest('unit', ['--maxWorkers=100%']);
if (root) {
  await images;
  await endToEnd();
} else {
  await variants();
  console.log(
    '\nThe end-to-end tests need root on Linux (network namespaces, systemd-nspawn): skipped. Run `sudo npm test` for all of them.',
  );
  totals.skipped += 1;
}
if (mustRunEndToEnd && totals.skipped > 0) {
  console.error(`${totals.skipped} skipped where none may be: MAILSERVER_REQUIRE_E2E is set`);
  totals.failed += 1;
}

rmSync(scratch, { recursive: true, force: true });
console.log(`\nall of it took ${((Date.now() - started) / 1000).toFixed(0)} s`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed === 0 ? 0 : 1);
