import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REMOTE = join(__dirname, '../../lib/host/remote');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);

/** Exit code of a copy of `from`, and why there is none. */
function archive(before = '') {
  const script = `. ${REMOTE}/archive.sh\n${before}\narchive "$1" "$2"; printf '%s\\n%s' $? "$why"`;
  const { stdout } = spawnSync('sh', ['-c', script, 'sh', at('from'), at('to')], { encoding: 'utf8', timeout: 20_000 });
  const [code, ...why] = stdout.split('\n');
  return { code: Number(code), why: why.join('\n') };
}

const socket = (path: string) =>
  execFileSync('python3', ['-c', 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])', path]);

describe('what others put in the way of a change', () => {
  test('is copied as it is, with mode and time', () => {
    writeFileSync(at('from'), 'mine\n', { mode: 0o640 });
    execFileSync('touch', ['-d', '2026-01-02 03:04:05', at('from')]);
    writeFileSync(at('to'), 'of before');
    expect(archive()).toEqual({ code: 0, why: '' });
    expect(readFileSync(at('to'), 'utf8')).toBe('mine\n');
    const { mode, mtimeMs } = lstatSync(at('to'));
    expect([mode & 0o777, mtimeMs]).toEqual([0o640, lstatSync(at('from')).mtimeMs]);
  });

  test.each(['secret', 'nowhere', 'folder'])('is copied as a link where it is one to %s', (target) => {
    writeFileSync(at('secret'), 'secret');
    mkdirSync(at('folder'));
    symlinkSync(at(target), at('from'));
    expect(archive().code).toBe(0);
    expect(readlinkSync(at('to'))).toBe(at(target));
  });

  test.each<[what: string, make: (path: string) => unknown, why: RegExp]>([
    [
      'a folder, whatever is in it',
      (path) => mkdirSync(join(path, 'deep'), { recursive: true }),
      /^it is directory, not a file$/,
    ],
    ['a pipe', (path) => execFileSync('mkfifo', [path]), /^it is fifo, not a file$/],
    ['a socket', socket, /^it is socket, not a file$/],
    ['a large file', (path) => writeFileSync(path, Buffer.alloc(65 * 2 ** 20)), /^it is larger than 64 MiB$/],
    [
      'a file that has only a size',
      (path) => {
        writeFileSync(path, '');
        truncateSync(path, 2 ** 40);
      },
      /^it is larger than 64 MiB$/,
    ],
  ])('is not copied where it is %s', (_, make, why) => {
    make(at('from'));
    expect(archive()).toEqual({ code: 2, why: expect.stringMatching(why) });
    expect(existsSync(at('to'))).toBe(false);
  });

  test('is not copied beyond the limit where it grows in that moment', () => {
    writeFileSync(at('from'), '');
    const grows = `stat() { command stat "$@"; truncate -s 1T "$3"; }`;
    expect(archive(grows).code).toBe(1);
    expect(existsSync(at('to')) ? lstatSync(at('to')).size : 0).toBeLessThanOrEqual(64 * 2 ** 20);
  });

  test('is not followed where it becomes a link in that moment', () => {
    writeFileSync(at('from'), '');
    writeFileSync(at('secret'), 'secret');
    const swaps = `stat() { command stat "$@"; ln -sf ${at('secret')} "$3"; }`;
    archive(swaps);
    expect(lstatSync(at('to')).isSymbolicLink()).toBe(true);
  });
});
