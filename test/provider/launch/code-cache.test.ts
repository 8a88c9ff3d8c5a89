import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../lab/system';
import { CodeCache, codeCacheFolder } from '../../../lib/provider/launch/code-cache';

const code = Buffer.from('compiled');
let base: string;
let folder: string;
let nameOfFile = '';
const cache = (program = 'a'.repeat(64), part = 'main') => new CodeCache(folder, program, part);
const onlyFile = () => join(folder, readdirSync(folder)[0] ?? '');

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'mailserver-cache-'));
  folder = join(base, 'made', 'here');
});
afterEach(() => rmSync(base, { recursive: true }));

describe('the cache of compiled code', () => {
  it('gives back what was kept, to the same part of the same program only', () => {
    cache().write(code);
    expect(cache().read()?.equals(code)).toBe(true);
    expect(cache('a'.repeat(64), 'other').read()).toBeUndefined();
    expect(cache('b'.repeat(64)).read()).toBeUndefined();
  });

  it('lets nobody else read or write it', () => {
    cache().write(code);
    expect([statSync(folder).mode & 0o777, statSync(onlyFile()).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  it('is not used when it is damaged or cut short', () => {
    cache().write(code);
    const stored = readFileSync(onlyFile());
    writeFileSync(onlyFile(), stored.subarray(0, -1));
    expect(cache().read()).toBeUndefined();
    stored[stored.length - 1] = 0;
    writeFileSync(onlyFile(), stored);
    expect(cache().read()).toBeUndefined();
  });

  it('is neither used nor written in a folder that others may write', () => {
    cache().write(code);
    chmodSync(folder, 0o777);
    expect(cache().read()).toBeUndefined();
    cache('b'.repeat(64)).write(code);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it.each([
    ['others may write', () => chmodSync(onlyFile(), 0o666)],
    [
      'is a link to a good one',
      () => {
        renameSync(onlyFile(), join(base, 'good'));
        symlinkSync(join(base, 'good'), join(folder, nameOfFile));
      },
    ],
  ])('is not read from a file that %s', (_, change) => {
    cache().write(code);
    nameOfFile = readdirSync(folder)[0] ?? '';
    change();
    expect(cache().read()).toBeUndefined();
  });

  // Who may write a folder above puts another one in its place after this one was looked at.
  (process.getuid?.() === 0 ? it : it.skip)('is not read from a file of another user, in whatever folder', () => {
    cache().write(code);
    chownSync(onlyFile(), 65_534, 65_534);
    expect(cache().read()).toBeUndefined();
  });

  it('gives whole code or none while many programs write at once', async () => {
    const program = `const { CodeCache } = require(${JSON.stringify(join(__dirname, '../../../lib/provider/launch/code-cache.ts'))});
      const cache = new CodeCache(process.argv[1], 'a'.repeat(64), 'main');
      for (let turn = 0; turn < 300; turn++) {
        cache.write(Buffer.alloc(20_000 + turn, process.pid % 256));
        const read = cache.read();
        if (read && !read.every((byte) => byte === read[0])) throw new Error('mixed');
      }`;
    const node = () =>
      run(process.execPath, ['--import', 'tsx', '-e', program, folder], {
        cwd: join(__dirname, '../../..'),
      });
    await Promise.all([node(), node(), node()]);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(cache().read()).toBeDefined();
  }, 60_000);

  it('is not looked for behind a link', () => {
    cache().write(code);
    const link = join(base, 'link');
    symlinkSync(folder, link);
    expect(new CodeCache(link, 'a'.repeat(64), 'main').read()).toBeUndefined();
  });

  it('goes without where the folder cannot be made', () => {
    writeFileSync(join(base, 'made'), 'in the way');
    expect(() => cache().write(code)).not.toThrow();
    expect(cache().read()).toBeUndefined();
  });

  it('drops what nobody has written for a month', () => {
    cache().write(code);
    const old = Date.now() / 1000 - 31 * 24 * 60 * 60;
    utimesSync(onlyFile(), old, old);
    cache('b'.repeat(64)).write(code);
    expect(readdirSync(folder).map((name) => name[0])).toEqual(['b']);
  });
});

describe('the folder of the cache', () => {
  it('is in the cache of the user', () => {
    expect(codeCacheFolder({ XDG_CACHE_HOME: '/c' })).toBe('/c/cdktf-mailserver/provider');
    expect(codeCacheFolder({ XDG_CACHE_HOME: 'c' })).toMatch(/^\/.*\/\.cache\/cdktf-mailserver\/provider$/);
  });

  it('is none where Node must keep none either', () => {
    expect(codeCacheFolder({ NODE_DISABLE_COMPILE_CACHE: '1' })).toBeUndefined();
  });
});
