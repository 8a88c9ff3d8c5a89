import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const page = readFileSync(join(root, 'docs/contributing.md'), 'utf8');
const code = [...page.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);

/** Placeholders in capitals stand for at least one file that is there. */
function exists(path: string): boolean {
  const [before = '', after] = path.split(/[A-Z]{4,}/);
  if (after === undefined) return existsSync(join(root, path));
  const folder = join(root, before.slice(0, before.lastIndexOf('/') + 1));
  const name = before.slice(before.lastIndexOf('/') + 1);
  return readdirSync(folder).some((entry) => {
    const isFolder = statSync(join(folder, entry)).isDirectory();
    return entry.startsWith(name) && (after === '/' ? isFolder : entry.endsWith(after));
  });
}

test.each(code.filter((text) => /^(lib|test|docs|scripts)\/[\w./-]+$/.test(text)))('%s is there', (path) => {
  expect(exists(path)).toBe(true);
});

test('every npm script that the page names can be run', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const named = [...page.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
