/**
 * Checks every Python file of the package with ruff: its rules, and its format. `--write` formats instead.
 * What runs on a mail host is Python 3.13 of Debian 13; the lab's own programs run with any Python from 3.11.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import ruff from '@astral-sh/ruff-wasm-nodejs';

/** Rules that argue about taste: line length is the formatter's, and short scripts close no files and reuse the names of loops. */
const tastes = [
  ...['E501', 'E731', 'B007', 'B008', 'B019', 'B023', 'B905', 'PLW0108', 'PLW0603', 'PLW1510', 'PLW2901'],
  ...['RUF005', 'RUF012', 'RUF021', 'SIM115', 'SIM117', 'SIM905', 'UP017', 'UP031'],
];
const write = process.argv.includes('--write');
const workspace = new ruff.Workspace(
  {
    'line-length': 132,
    'target-version': 'py311',
    lint: { select: ['E', 'F', 'W', 'B', 'C4', 'ISC', 'PIE', 'PLE', 'PLW', 'RET', 'RUF', 'SIM', 'UP'], ignore: tastes },
  },
  ruff.PositionEncoding.Utf16,
);

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', '*.py'], { encoding: 'utf8' })
  .trim()
  .split('\n');
const problems = [];
for (const file of files) {
  let content = readFileSync(file, 'utf8');
  const formatted = workspace.format(content);
  if (write && formatted !== content) {
    writeFileSync(file, formatted);
    content = formatted;
  }
  if (formatted !== content) problems.push(`${file}: is not formatted; run npm run format`);
  for (const { code, message, start_location: at } of workspace.check(content))
    problems.push(`${file}:${at.row}:${at.column}: ${code} ${message}`);
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`ruff: ${files.length} Python files, nothing to complain about`);
