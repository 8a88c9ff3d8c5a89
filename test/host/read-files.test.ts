import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFacts, splitAnswer } from '../../lib/host/parse-facts';
import script from '../../lib/host/remote/read-files.sh';
import { assignLines } from '../../lib/host/shell';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailserver-read-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

const at = (name: string) => join(folder, name);
const put = (name: string, content: string | Buffer) => writeFileSync(at(name), content, { mode: 0o640 });

function read(digests: string[], ...names: string[]) {
  const input = `${assignLines('DIGESTS', digests.map(at))}${script}\nread_files "$@"\n`;
  const options = { input, timeout: 10_000, maxBuffer: 2 ** 28 };
  return splitAnswer(execFileSync('sh', ['-s', '--', ...names.map(at)], options));
}

/** As the facts have them, by name; of `digests` only these. */
function files(digests: string[], ...names: string[]) {
  const { sections, contents } = read(digests, ...names);
  const empty = Object.fromEntries(['os', 'manifest', 'directories', 'packages', 'passwd', 'groups'].map((name) => [name, '']));
  const request = {
    os: { id: '', versionId: '' },
    paths: [],
    directories: [],
    packages: [],
    users: [],
    groups: [],
    units: [],
    derived: [],
  };
  const found = parseFacts(
    { sections: { ...empty, machine: 'x86_64\n2\n4000000', units: '', derived: '', ...sections }, contents },
    request,
  ).files;
  return Object.fromEntries(Object.entries(found).map(([path, file]) => [path.slice(folder.length + 1), file]));
}

test('gives contents byte for byte, with mode and size', () => {
  put('a b', 'one\ntwo');
  put('empty', '');
  put('utf8', 'ä\n');
  expect(files([], 'a b', 'missing', 'empty', 'utf8')).toMatchObject({
    'a b': { content: 'one\ntwo', mode: '0640' },
    empty: { content: '' },
    utf8: { content: 'ä\n' },
  });
});

test('names what is not a file, and reads none of it', () => {
  put('target', 'secret');
  symlinkSync(at('target'), at('link'));
  execFileSync('mkfifo', [at('pipe')]);
  put('large', '');
  truncateSync(at('large'), 2 ** 20 + 1);
  const found = files([], 'link', 'pipe', 'large', '.');
  expect(Object.values(found).map(({ kind, content }) => [kind, content])).toEqual([
    ['link', ''],
    ['special', ''],
    ['large', ''],
    ['directory', ''],
  ]);
});

test('never follows a link that takes the place of a file in that very moment', async () => {
  put('secret', 'root alone may read this');
  put('map', 'mine');
  const swap = `cd ${folder}; while :; do ln -s secret link; mv -f link map; echo mine >new; mv -f new map; done`;
  const swapper = spawn('sh', ['-c', swap], { stdio: 'ignore' });
  try {
    const { contents } = read([], ...Array<string>(20_000).fill('map'));
    expect(contents.includes('root alone')).toBe(false);
  } finally {
    swapper.kill('SIGKILL');
    await once(swapper, 'exit');
  }
});

test('gives digest and lines of what is too large, and of what is asked for', () => {
  const text = 'a line\n'.repeat(200_000);
  put('large', text);
  put('list', 'one\ntwo\n');
  put('other', 'one\ntwo\n');
  symlinkSync(at('list'), at('link'));
  const found = files(['list', 'link', 'missing'], 'large', 'list', 'other', 'link', 'missing');
  const digest = (content: string) => createHash('sha256').update(content).digest('hex');
  expect(found).toMatchObject({
    large: { kind: 'large', content: '', digest: { sha256: digest(text), lines: 200_000 } },
    list: { kind: 'large', content: '', digest: { sha256: digest('one\ntwo\n'), lines: 2 } },
    other: { content: 'one\ntwo\n' },
    link: { kind: 'link', content: '' },
  });
  expect(found.link).not.toHaveProperty('digest');
});
