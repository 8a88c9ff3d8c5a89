import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 as zlibCrc32 } from 'node:zlib';
import type { ManagedList } from '../../../lib/host/desired-state';
import type { HostConnection } from '../../../lib/host/host-connection';
import { chunksOf, parseChunks } from '../../../lib/host/lists/chunks';
import { compareList } from '../../../lib/host/lists/compare';
import { crc32 } from '../../../lib/host/lists/crc32';
import { listDelta } from '../../../lib/host/lists/delta';
import { liveChunks, liveText } from '../../../lib/host/lists/live-chunks';
import { withTextFile } from '../../../lib/text/text-file';

const SCRIPTS = join(__dirname, '../../../lib/host/remote/apply');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailserver-lists-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);

/** A host that is this machine. */
const connection: HostConnection = {
  hostKey: '',
  address: 'here',
  exec: async (script, options) => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { input: options?.input, maxBuffer: 2 ** 27 });
    return { code: status ?? 1, stdout, stderr: stderr.toString() };
  },
  close: async () => undefined,
};

const entries = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => `user${from + index}@example.com target${index % 7}@example.net`);
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

/** A list on this machine, and the file of the host next to it. */
function list(wanted: readonly string[], live?: readonly string[]): ManagedList {
  const content = textOf(wanted);
  writeFileSync(at('wanted'), content);
  if (live) writeFileSync(at('live'), textOf(live));
  return {
    path: at('live'),
    source: at('wanted'),
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: Buffer.byteLength(content),
    lines: wanted.length,
    ...{ owner: 'root', group: 'root', mode: '0644' },
  };
}

/** Has the script of an apply put the list together. */
function rebuild({ path, sha256 }: ManagedList, delta: Buffer): { content?: string; said: string } {
  const state = at('state');
  rmSync(state, { recursive: true, force: true });
  for (const name of ['', '/transaction', '/transaction/plan', '/transaction/lists', '/run']) mkdirSync(`${state}${name}`);
  writeFileSync(`${state}/transaction/lists/0`, delta);
  writeFileSync(`${state}/transaction/plan/lists`, `0\t${sha256}\t${path}\n`);
  const script = `. ${SCRIPTS}/common.sh\n. ${SCRIPTS}/lists.sh\nstart_paused_units() { :; }\nrestore_service_policy() { :; }\nrebuild_lists\n`;
  const env = { ...process.env, MAILSERVER_STATE: state, MAILSERVER_OUTPUT: `${state}/run/output` };
  const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8', env });
  if (stdout.includes('::result')) return { said: stdout };
  return { content: readFileSync(`${state}/transaction/candidate${path}`, 'utf8'), said: stdout };
}

const many = entries(20_000);
const changes: readonly [string, (lines: string[]) => string[]][] = [
  ['nothing', (lines) => lines],
  [
    'a line in the middle',
    (lines) => lines.map((line, index) => (index === 10_000 ? 'user10000@example.com new@example.net' : line)),
  ],
  ['the first line', (lines) => ['first@example.com new@example.net', ...lines]],
  ['the last line', (lines) => [...lines, 'last@example.com new@example.net']],
  ['lines that go', (lines) => lines.filter((_, index) => index % 5000 !== 17)],
  ['lines that move', (lines) => [...lines.slice(15_000), ...lines.slice(0, 15_000)]],
  ['everything', () => entries(20_000, 50_000)],
  ['all but one line', (lines) => lines.slice(0, 1)],
];

test.each(changes)('the host makes the new list of its own one and what it lacks: %s', async (_, change) => {
  const wanted = list(change(many), many);
  const delta = await listDelta(wanted, await liveChunks(connection, wanted.path));
  expect(rebuild(wanted, delta).content).toBe(readFileSync(wanted.source, 'utf8'));
});

test('what travels follows from what changes, not from the length of the list', async () => {
  const changed = [...many];
  changed[10_000] = 'user10000@example.com new@example.net';
  const wanted = list(changed, many);
  const whole = await listDelta(wanted);
  const delta = await listDelta(wanted, await liveChunks(connection, wanted.path));
  expect(whole.length).toBeGreaterThan(50_000);
  expect(delta.length).toBeLessThan(5000);
});

test('a host without the list gets all of it', async () => {
  const wanted = list(many);
  expect(await liveChunks(connection, wanted.path)).toBeUndefined();
  expect(rebuild(wanted, await listDelta(wanted)).content).toBe(textOf(many));
});

test('a list that changes on the host after the look is not put together of the wrong parts', async () => {
  const wanted = list([...many, 'last@example.com new@example.net'], many);
  const delta = await listDelta(wanted, await liveChunks(connection, wanted.path));
  writeFileSync(wanted.path, textOf(many).replace('user3@', 'evil@'));
  expect(rebuild(wanted, delta).said).toContain(
    `::result outdated ${wanted.path} cannot be put together, since it changed meanwhile`,
  );
  writeFileSync(wanted.path, 'short\n');
  expect(rebuild(wanted, delta).said).toContain('changed meanwhile: it is shorter than it was');
});

test('no other file is read in the place of the list', async () => {
  const wanted = list([...many, 'last@example.com new@example.net'], many);
  const delta = await listDelta(wanted, await liveChunks(connection, wanted.path));
  writeFileSync(at('secret'), textOf(many));
  rmSync(wanted.path);
  symlinkSync(at('secret'), wanted.path);
  expect(rebuild(wanted, delta).said).toContain('::result outdated');
  expect(await liveChunks(connection, wanted.path)).toBeUndefined();
  expect(await liveText(connection, wanted.path, [{ offset: 0, bytes: 10, digest: '' }])).toBeUndefined();
});

test('a file of this machine that changed since the plan is not sent', async () => {
  const wanted = list(many);
  writeFileSync(wanted.source, 'other@example.com b@example.com\n');
  await expect(listDelta(wanted)).rejects.toThrow(`${wanted.source} has changed since it was read; nothing was changed`);
  rmSync(wanted.source);
  await expect(listDelta(wanted)).rejects.toThrow('does not exist');
});

test('the host cuts a list into the same pieces as this machine', async () => {
  const odd = ['', 'ä', 'x'.repeat(5000), '# comment', ...entries(5000), ...Array.from({ length: 6000 }, () => 'same')];
  const { path, source } = list(odd, odd);
  const here = withTextFile(source, (file) => [...chunksOf(file.blocks())]);
  expect(await liveChunks(connection, path)).toEqual(here);
  expect(here.length).toBeGreaterThan(30);
  expect(here.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(Buffer.byteLength(textOf(odd)));
});

test('checksums are those of zlib', () => {
  const text = Buffer.from('user1@example.com äöü\n\0\xff');
  if (zlibCrc32) expect(crc32(text, 0, text.length)).toBe(zlibCrc32(text));
  expect(crc32(Buffer.from('123456789'), 0, 9)).toBe(0xcbf43926);
});

test('an answer that is none of ours is not taken for pieces', () => {
  expect(() => parseChunks('100 AAAAAAAAAAAA\nhello\n')).toThrow('"hello" is not a piece of a list');
});

describe('the comparison', () => {
  test.each<[string, (lines: string[]) => string[], { removed: string[]; added: string[] }]>([
    [
      'names lines that go and come',
      (lines) => [
        ...lines.slice(1).map((line) => line.replace(/^user500@.*/, 'user500@example.com new@example.net')),
        'z@example.com b',
      ],
      {
        removed: [many[0] as string, many[500] as string],
        added: ['user500@example.com new@example.net', 'z@example.com b'],
      },
    ],
    [
      'finds nothing in lines that only move',
      (lines) => [...lines.slice(7000), ...lines.slice(0, 7000)],
      { removed: [], added: [] },
    ],
    ['counts lines that are there more than once', (lines) => ['# a', '# a', ...lines], { removed: [], added: ['# a', '# a'] }],
  ])('%s', async (_, change, expected) => {
    expect(await compareList(connection, list(change(many), many))).toEqual({ kind: 'lines', ...expected });
  });

  test('of too many differences says so', async () => {
    const some = entries(200_000);
    const other = entries(200_000, 500_000);
    expect(await compareList(connection, list(some, other))).toEqual({ kind: 'many' });
  });

  test('of a host that cannot be asked says so', async () => {
    expect(await compareList(connection, list(many))).toEqual({ kind: 'unknown' });
  });
});
