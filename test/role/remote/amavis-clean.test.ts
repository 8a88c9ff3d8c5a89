import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = join(__dirname, '../../../lib/role/remote/amavis-clean.sh');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'amavis-clean-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A file of 1 MiB, or a folder with one, of some minutes ago. */
function put(name: string, minutes: number): void {
  const path = join(folder, name);
  if (name.startsWith('amavis-')) mkdirSync(path);
  writeFileSync(name.startsWith('amavis-') ? join(path, 'email.txt') : path, Buffer.alloc(2 ** 20));
  const time = Date.now() / 1000 - minutes * 60;
  utimesSync(path, time, time);
}

function clean(minutes: number, mib: number): string[] {
  execFileSync('sh', [PROGRAM, folder, String(minutes), String(mib)]);
  return readdirSync(folder).sort();
}

test('removes what is older than the bound, files and folders', () => {
  put('virus-new', 10);
  put('virus old', 70);
  put('amavis-20261122T100000-00001-a', 70);
  expect(clean(60, 100)).toEqual(['virus-new']);
});

test('removes the oldest while all together are too large', () => {
  for (const [name, minutes] of [
    ['a', 40],
    ['b c', 30],
    ['d', 20],
    ['e', 10],
  ] as const)
    put(name, minutes);
  expect(clean(60, 3)).toEqual(['b c', 'd', 'e']);
  expect(clean(60, 1)).toEqual(['e']);
});

test('leaves the newest folder of each process to its age: it may be in use', () => {
  put('amavis-20261122T100000-00001-a', 30);
  put('amavis-20261122T101000-00001-b', 20);
  put('amavis-20261122T102000-00002-c', 10);
  put('amavis-20261122T102500-00002-d', 5);
  expect(clean(60, 1)).toEqual(['amavis-20261122T101000-00001-b', 'amavis-20261122T102500-00002-d']);
  expect(clean(7, 1)).toEqual(['amavis-20261122T102500-00002-d']);
});

test('is content without the folder', () => {
  rmSync(folder, { recursive: true });
  execFileSync('sh', [PROGRAM, folder, '60', '1']);
});
