/**
 * `npm test`: everything that must hold, in the order in which it fails quickest. Ends with one line of numbers.
 * As root on Debian the end-to-end tests run in the lab; elsewhere they are skipped, and it says so.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const started = Date.now();
const scratch = mkdtempSync(join(tmpdir(), 'mailserver-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
const root = process.getuid?.() === 0 && process.platform === 'linux';
const mustRunEndToEnd = process.env.MAILSERVER_REQUIRE_E2E === '1';

function step(title, command, args) {
  const begin = Date.now();
  console.log(`\n== ${title}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  console.log(`== ${title}: ${status === 0 ? 'ok' : 'FAILED'} after ${((Date.now() - begin) / 1000).toFixed(1)} s`);
  return status === 0;
}

/** A step that is no jest run counts as one test. */
function check(title, command, args) {
  if (step(title, command, args)) totals.passed += 1;
  else totals.failed += 1;
}

function jest(project, extra = []) {
  const report = join(scratch, `${project}.json`);
  const ok = step(`${project} tests`, process.execPath, [
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

check('lint', process.execPath, ['node_modules/@biomejs/biome/bin/biome', 'check', '.']);
check('shellcheck', process.execPath, ['scripts/shellcheck.mjs']);
check('type check', process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit']);
check('build', process.execPath, ['scripts/build.mjs']);
jest('unit');
check('unit tests on CDK Terrain', process.execPath, ['scripts/cdktn.mjs']);
check('AWS provider 6', process.execPath, ['scripts/provider6.mjs']);
if (root) {
  if (jest('e2e', ['--maxWorkers=2']) === 0) totals.failed += 1;
} else {
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
