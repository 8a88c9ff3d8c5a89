import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import words from './words.json';

const root = join(__dirname, '../..');
const listed = execFileSync(
  'git',
  ['ls-files', '-co', '--exclude-standard', '--', ...['README.md', 'CHANGELOG.md', 'SECURITY.md']],
  {
    cwd: root,
    encoding: 'utf8',
  },
);
const folders = ['docs', 'lib', 'lab', 'examples', 'stacks', 'scripts', 'bench', 'test'];
const inFolders = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', ...folders], {
  cwd: root,
  encoding: 'utf8',
});
const files = `${listed}${inFolders}`
  .split('\n')
  .filter((file) => /\.(md|ts|mjs|cjs|py|pl|sh)$/.test(file) && !/\/golden\/|test\/docs\/(words|english)/.test(file));

const compiled = words.map(({ pattern, instead }) => ({ regex: new RegExp(pattern), instead }));

/** Words that follow another language's syntax, with what to write. The list is words.json. */
test.each(files.map((file) => [file]))('%s has none of the words that stop a native reader', (file) => {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  const found = lines.flatMap((line, index) =>
    compiled.flatMap(({ regex, instead }) => {
      const [word] = regex.exec(line) ?? [];
      return word === undefined ? [] : [`${file}:${index + 1}: "${word}": write ${instead}`];
    }),
  );
  expect(found).toEqual([]);
});
