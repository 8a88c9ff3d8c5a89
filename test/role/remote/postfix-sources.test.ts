import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hostPython } from '../../support/python';

const PROGRAM = join(__dirname, '../../../lib/role/remote/postfix-sources.py');
const MAPS = ['/etc/mail/transport', '/etc/mail/canonical'];

let host: string;
beforeEach(() => {
  host = mkdtempSync(join(tmpdir(), 'postfix-sources-'));
});
afterEach(() => rmSync(host, { recursive: true, force: true }));

const at = (path: string) => join(host, path);

/** A file of the candidate; those of service users can be written by their group. */
function put(path: string, content: string, mode = 0o664, tree = 'live'): void {
  mkdirSync(dirname(at(tree + path)), { recursive: true });
  writeFileSync(at(tree + path), content);
  chmodSync(at(tree + path), mode);
}

function run(...parts: string[]): { status: number | null; said: string[] } {
  const { status, stderr } = spawnSync(hostPython, [PROGRAM, ...parts], { encoding: 'utf8', timeout: 20_000 });
  return { status, said: stderr.replaceAll('postfix-gate: ', '').split('\n').filter(Boolean) };
}

const take = (into = 'copy') => run('take', '--candidate', at('live'), '--into', at(into), ...MAPS);
const theirs = (folder = 'copy') =>
  readFileSync(at(`${folder}/theirs`), 'utf8')
    .split('\n')
    .filter(Boolean);
const copied = (path: string) => (existsSync(at(`copy${path}`)) ? readFileSync(at(`copy${path}`), 'utf8') : undefined);

test('copies what counts, with its mode, and tells whose it is', () => {
  put('/etc/postfix/main.d/10_role.cf', 'a = b\n', 0o644);
  put('/etc/postfix/main.d/40_local.cf', 'c = d\n');
  put('/etc/postfix/main.d/40_local.cf~', 'no\n');
  put('/etc/mail/transport', 'x smtp:\n');
  put('/etc/mail/other', 'no\n');
  expect(take()).toEqual({ status: 0, said: [] });
  expect(theirs()).toEqual(['/etc/postfix/main.d/40_local.cf', '/etc/mail/transport']);
  expect(readdirSync(at('copy/etc/mail'))).toEqual(['transport']);
  expect(readdirSync(at('copy/etc/postfix/main.d'))).toEqual(['10_role.cf', '40_local.cf']);
  expect(statSync(at('copy/etc/postfix/main.d/40_local.cf')).mode & 0o777).toBe(0o664);
});

test.each([
  ['a link', (path: string) => symlinkSync('/etc/passwd', path), 'is a symbolic link; put the file itself there'],
  ['a pipe', (path: string) => spawnSync('mkfifo', [path]), 'is not a regular file'],
  ['a folder', (path: string) => mkdirSync(path), 'cannot be read: Is a directory'],
  ['a file of 700 MB without content', (path: string) => spawnSync('truncate', ['-s', '700M', path]), 'is larger than 64 MiB'],
])('refuses %s in the place of a map, without waiting, following or reading', (_what, make, why) => {
  put('/etc/mail/canonical', '');
  make(at('live/etc/mail/transport'));
  expect(take()).toEqual({ status: 1, said: [`/etc/mail/transport:0: ${why}`] });
  expect(theirs()).toContain('/etc/mail/transport');
});

test('refuses a fragment that is larger, and more of them, than anybody writes', () => {
  put('/etc/postfix/main.d/50_large.cf', '');
  truncateSync(at('live/etc/postfix/main.d/50_large.cf'), 1024 * 1024 + 1);
  expect(take().said).toEqual(['/etc/postfix/main.d/50_large.cf:0: is larger than 1 MiB']);
  for (let n = 0; n < 101; n++) put(`/etc/postfix/main.d/60_${n}.cf`, '');
  expect(take('more').said).toEqual(['/etc/postfix/main.d:0: there are 102 fragments NN_NAME.cf in it, the limit is 100']);
  for (let n = 0; n < 1000; n++) put(`/etc/postfix/main.d/nothing-${n}`, '');
  expect(take('most').said).toEqual(['/etc/postfix/main.d:0: there are more than 1000 files in it']);
});

describe('of service users', () => {
  const replace = (...paths: string[]) => run('replace', '--into', at('copy'), '--good', at('good'), ...paths);

  beforeEach(() => {
    put('/etc/mail/transport', 'good smtp:\n');
    put('/etc/mail/canonical', 'good\n');
    put('/etc/postfix/main.d/10_role.cf', 'role = old\n', 0o644);
    put('/etc/postfix/main.d/41_gone.cf', 'gone = yes\n');
    expect(take('good').status).toBe(0);
    put('/etc/mail/transport', 'bad\n');
    put('/etc/mail/canonical', 'new\n');
    put('/etc/postfix/main.d/10_role.cf', 'role = new\n', 0o644);
    put('/etc/postfix/main.d/42_bad.cf', 'bad\n');
    rmSync(at('live/etc/postfix/main.d/41_gone.cf'));
    expect(take().status).toBe(0);
  });

  test('named files are replaced by those of the last good state, or left out; the others stay', () => {
    expect(replace('/etc/mail/transport', '/etc/postfix/main.d/42_bad.cf', '/etc/postfix/main.d/10_role.cf').status).toBe(0);
    expect(copied('/etc/mail/transport')).toBe('good smtp:\n');
    expect(copied('/etc/postfix/main.d/42_bad.cf')).toBeUndefined();
    expect(copied('/etc/mail/canonical')).toBe('new\n');
    expect(copied('/etc/postfix/main.d/10_role.cf')).toBe('role = new\n');
    expect(statSync(at('copy/etc/mail/transport')).mode & 0o777).toBe(0o664);
  });

  test('all are as they were when none is named, and what is the stack’s is new', () => {
    expect(replace().status).toBe(0);
    expect(copied('/etc/mail/transport')).toBe('good smtp:\n');
    expect(copied('/etc/mail/canonical')).toBe('good\n');
    expect(copied('/etc/postfix/main.d/41_gone.cf')).toBe('gone = yes\n');
    expect(copied('/etc/postfix/main.d/42_bad.cf')).toBeUndefined();
    expect(copied('/etc/postfix/main.d/10_role.cf')).toBe('role = new\n');
  });

  test('on a host that never had a good state they are left out', () => {
    expect(run('replace', '--into', at('copy'), '--good', at('none'), '/etc/mail/transport').status).toBe(0);
    expect(copied('/etc/mail/transport')).toBeUndefined();
  });
});
