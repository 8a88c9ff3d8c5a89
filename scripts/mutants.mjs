/**
 * `npm run mutants -- [PATTERN]`: breaks the product in one place after the other, and says which test notices. It ends with a table and
 * numbers. The pattern, a regular expression, chooses mutants by their names, which begin with requirements and incidents.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';

const command = new Command('npm run mutants --')
  .description('Breaks the product on purpose, and says which test notices. Needs root on Debian, and npm run build before.')
  .argument('[pattern]', 'only mutants with such a name, e.g. R14, or "a bare line feed"; a regular expression')
  .option('--outcomes <file>', 'keep the outcomes here, and count those of earlier runs in it, too')
  .option('--workers <n>', 'files of mutants at once, each with a host of its own', '2')
  .parse();
const [pattern] = command.args;
const { outcomes, workers } = command.opts();

const scratch = mkdtempSync(join(tmpdir(), 'mailserver-mutants-'));
const file = resolve(outcomes ?? join(scratch, 'outcomes'));
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    'mutants',
    `--maxWorkers=${workers}`,
    // A test that fails may leave a connection open; the run must end all the same.
    '--forceExit',
    ...(pattern ? ['-t', pattern] : []),
  ],
  { stdio: 'inherit', env: { ...process.env, MAILSERVER_MUTANT_OUTCOMES: file } },
);

/** Of each mutant the tests, the last outcome of each: true is killed. */
const mutants = new Map();
const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
for (const { mutant, title, killed } of lines.map((line) => JSON.parse(line))) {
  mutants.set(mutant, (mutants.get(mutant) ?? new Map()).set(title, killed));
}
for (const [mutant, tests] of mutants) {
  console.log(`\n${mutant}`);
  for (const [title, killed] of tests) console.log(`    ${killed ? 'killed by' : 'SURVIVES '} ${title}`);
}
const survivors = [...mutants.values()].filter((tests) => [...tests.values()].includes(false)).length;
console.log(`\n${mutants.size - survivors} killed, ${survivors} survived`);
rmSync(scratch, { recursive: true, force: true });
process.exit(status === 0 && survivors === 0 ? 0 : 1);
