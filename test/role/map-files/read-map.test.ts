import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyTable } from '../../../lib/role/map-files/key-table';
import { MAP_NAMES, type MapName } from '../../../lib/role/map-files/names';
import { readMap } from '../../../lib/role/map-files/read-map';

interface Case {
  readonly it: string;
  readonly map: MapName;
  readonly text: string;
  readonly problems?: readonly string[];
  readonly domains?: readonly string[];
}

const cases = JSON.parse(readFileSync(join(__dirname, 'entries.json'), 'utf8')) as Case[];
const settings = {
  heloName: 'mail.example.com',
  domains: { 'example.net': { deliverTo: 'webapp' } },
  mainCf: { smtpd_restriction_classes: 'strict' },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailserver-map-files-'));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);
const read = (name = 'map', map: MapName = 'virtualAliases') => readMap(map, at(name), settings, 'FILE');
const readText = (text: string | Buffer, map?: MapName) => {
  writeFileSync(at('map'), text);
  return read('map', map);
};

test.each(cases.map((item) => [item.map, item.it, item] as const))(
  '%s: %s',
  (_map, _it, { map, text, problems = [], domains = [] }) => {
    const result = readText(text, map);
    expect(result.problems).toEqual(problems);
    if (problems.length > 0) expect(result.contents).toBeUndefined();
    else expect(result.contents).toMatchObject({ domains, lines: text.split('\n').length - 1, bytes: Buffer.byteLength(text) });
  },
);

test('every map has entries that are taken, and some that are not', () => {
  const tried = (bad: boolean) => [
    ...new Set(cases.filter(({ problems }) => (problems !== undefined) === bad).map(({ map }) => map)),
  ];
  expect(tried(false).sort()).toEqual([...MAP_NAMES].sort());
  expect(tried(true).sort()).toEqual([...MAP_NAMES].sort());
});

const LINE = 'a@example.com b@example.com\n';

test.each<[string, () => void, string]>([
  ['is not there', () => undefined, 'FILE: does not exist: a path is relative to the folder of cdktf.json'],
  ['is below a file', () => writeFileSync(at('x'), ''), 'FILE: does not exist: a part of the path is not a folder'],
  ['is a folder', () => mkdirSync(at('map')), 'FILE: is a folder: give the path of a file'],
  [
    'is a pipe that nobody writes to',
    () => execFileSync('mkfifo', [at('map')]),
    'FILE: is not a regular file: write the entries to one',
  ],
  [
    'is a link to nothing',
    () => symlinkSync(at('gone'), at('map')),
    'FILE: does not exist: a path is relative to the folder of cdktf.json',
  ],
  ['is a link to itself', () => symlinkSync(at('map'), at('map')), 'FILE: is a symbolic link that leads to itself'],
  ['is empty', () => writeFileSync(at('map'), ''), 'FILE: is empty: when no entries are meant, write a line that begins with #'],
  [
    'is too large',
    () => {
      writeFileSync(at('map'), LINE);
      truncateSync(at('map'), 64 * 1024 * 1024 + 1);
    },
    'FILE: is larger than 64 MiB, which is the limit: it has 67108865 bytes',
  ],
  [
    'has too many lines',
    () => writeFileSync(at('map'), '#\n'.repeat(1_500_001)),
    'FILE: has 1500001 lines, the limit is 1500000',
  ],
  [
    'was cut off',
    () => writeFileSync(at('map'), `${LINE}c@exam`),
    'FILE:2: the last line has no end, so the file may be cut off: end it with a line break',
  ],
  [
    'has one endless line',
    () => writeFileSync(at('map'), `${LINE}${'x'.repeat(2 ** 21)}\n`),
    'FILE:2: the line is longer than 1048576 bytes, which is the limit',
  ],
  [
    'begins with a mark',
    () => writeFileSync(at('map'), `\ufeff${LINE}`),
    'FILE:1: begins with a byte order mark, which Postfix would take for a part of the first entry: save it without',
  ],
  [
    'is UTF-16',
    () => writeFileSync(at('map'), Buffer.from(LINE, 'utf16le')),
    'FILE:1: there is a null byte in it, as UTF-16 has: save the file as UTF-8',
  ],
  [
    'has a null byte',
    () => writeFileSync(at('map'), `${LINE}# \0\n`),
    'FILE:2: there is a null byte in it, as UTF-16 has: save the file as UTF-8',
  ],
  [
    'is Latin-1',
    () => writeFileSync(at('map'), Buffer.from(`${LINE}# ä\n`, 'latin1')),
    'FILE:2: there is a byte in it that is not UTF-8',
  ],
])('a file that %s is refused', (what, make, problem) => {
  make();
  expect(read(what === 'is below a file' ? 'x/map' : 'map')).toEqual({ problems: [problem] });
});

test('a link to a file is followed', () => {
  writeFileSync(at('real'), LINE);
  symlinkSync(at('real'), at('map'));
  expect(read().contents).toMatchObject({ lines: 1 });
});

test('a file of comments only is a map without entries', () => {
  expect(readText('# nobody\n').contents).toMatchObject({ lines: 1, domains: [] });
});

test('of very many mistakes twenty are reported, and the others counted', () => {
  const { problems } = readText('nothing\n'.repeat(30));
  expect(problems).toHaveLength(21);
  expect(problems.at(-1)).toBe('FILE: and 10 more');
});

test('keys are compared over the whole of a large file, in lines across blocks', () => {
  const lines = Array.from({ length: 100_000 }, (_, index) => `user${index}@example.com target@example.net\n`);
  lines.push('USER7@example.com other@example.net\n');
  expect(readText(lines.join('')).problems).toEqual([
    "FILE:100001: 'USER7@example.com' is there already in line 8, and only one of them can count",
  ]);
});

test('two keys with one hash are two keys', () => {
  jest.spyOn(KeyTable.prototype, 'add').mockImplementation((_, line) => (line > 1 ? 1 : undefined));
  expect(readText('a@example.com x@example.com\nb@example.com x@example.com\n').problems).toEqual([]);
  expect(readText('a@example.com x@example.com\na@example.com y@example.com\n').problems).toHaveLength(1);
});
