import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodeCache, codeCacheFolder } from '../../../lib/provider/launch/code-cache';

const code = Buffer.from('compiled');
let base: string;
let folder: string;
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

  it('is none where Node shall keep none either', () => {
    expect(codeCacheFolder({ NODE_DISABLE_COMPILE_CACHE: '1' })).toBeUndefined();
  });
});
