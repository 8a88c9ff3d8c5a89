import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REMOTE = join(__dirname, '../../lib/host/remote');

let folder: string;
const at = (path: string) => join(folder, path);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quietly-'));
  for (const name of ['bin', 'run', 'state', 'state/locks', 'state/transaction/lib']) mkdirSync(at(name), { recursive: true });
  for (const name of ['systemctl', 'systemd-run', 'sync']) {
    writeFileSync(at(`bin/${name}`), '#!/bin/sh\ncase $* in *LoadState*) echo not-found ;; esac\n');
    chmodSync(at(`bin/${name}`), 0o755);
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

/** A script of the library whose state is in the folder of the test, in a session that nobody reads yet. */
function unread(before: string, ...names: string[]) {
  const text = names.map((name) => readFileSync(join(REMOTE, name), 'utf8')).join('\n');
  // Nothing of the machine that the test runs on.
  const script = `rmdir() { :; }\n${before}\n${text.replaceAll('/var/lib/mailserver', at('state')).replaceAll('/etc/systemd', at('etc'))}`;
  const env = { ...process.env, PATH: `${at('bin')}:${process.env.PATH}`, MAILSERVER_RUN: at('run/apply') };
  const child = spawn('sh', ['-c', script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    /** Reads what it has said so far and until its end. */
    async all() {
      const parts: Buffer[] = [];
      for await (const part of child.stdout) parts.push(part);
      return { code: await ended, said: Buffer.concat(parts).toString() };
    },
  };
}

jest.setTimeout(60_000);

const isFree = (lock: string) => existsSync(lock) && spawnSync('flock', ['-n', lock, 'true']).status === 0;

/** Waits for the end of what is done with the lock, and for the lock. */
async function freeAfter(happened: () => boolean) {
  const end = Date.now() + 30_000;
  while (!(happened() && isFree(at('state/locks/apply')))) {
    if (Date.now() > end) throw new Error('the lock is still held');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** More than a pipe has room for. */
const WORDS = 200_000;

test('who does not read what a removal says keeps no lock', async () => {
  const files = at(`files/${Array(5).fill('x'.repeat(200)).join('/')}`);
  mkdirSync(files, { recursive: true });
  const paths = Array.from({ length: 80 }, (_, number) => `${files}/${number}`);
  for (const path of paths) writeFileSync(path, '');
  writeFileSync(at('state/manifest'), paths.map((path) => `file ${path}\n`).join(''));
  const session = unread('set -- remove', 'quietly.sh', 'archive.sh', 'remove.sh');
  await freeAfter(() => !existsSync(at('state/manifest')));
  const { code, said } = await session.all();
  expect(code).toBe(0);
  expect(said.length).toBeGreaterThan(80_000);
  expect(said).toMatch(/\n::result done\n$/);
  expect(said.match(/^::step file: remove /gm)).toHaveLength(paths.length);
  expect(readdirSync(files)).toEqual([]);
  expect(readdirSync(at('run/apply'))).toEqual([]);
});

test('a removal leaves what is not a file in its place, and says so', async () => {
  mkdirSync(at('files/folder'), { recursive: true });
  writeFileSync(at('files/plain'), 'text');
  writeFileSync(at('state/manifest'), `file ${at('files/folder')}\nfile ${at('files/plain')}\n`);
  const { said } = await unread('set -- remove', 'quietly.sh', 'archive.sh', 'remove.sh').all();
  expect(said).toContain(`::step file: ${at('files/folder')} stays: it is directory, not a file\n`);
  expect(said).toMatch(/\n::result done\n$/);
  expect(readdirSync(at('files'))).toEqual(['folder']);
});

test('who does not read how an interrupted apply is undone keeps no lock', async () => {
  mkdirSync(at('payload'));
  for (const [name, text] of [
    ['complete', ''],
    ['plan/based-on', ''],
  ] as const) {
    mkdirSync(join(at('payload'), name, '..'), { recursive: true });
    writeFileSync(join(at('payload'), name), text);
  }
  writeFileSync(at('state/transaction/armed'), '');
  writeFileSync(
    at('state/transaction/lib/rollback.sh'),
    `rm ${at('state/transaction/armed')}; head -c ${WORDS} /dev/zero | tr '\\0' '\\n'\n`,
  );
  const session = unread(`tar() { command cp -r ${at('payload')}/. "$6"; }`, 'quietly.sh', 'receive.sh');
  await freeAfter(() => !existsSync(at('state/transaction/armed')));
  const { code, said } = await session.all();
  expect(code).toBe(0);
  expect(said.length).toBeGreaterThan(WORDS);
  expect(said).toMatch(/\n::result interrupted the interrupted apply has been brought to an end\n$/);
});

test('what ends with a reason ends the session, with its exit code and its last words', () => {
  const script = `. ${REMOTE}/quietly.sh; work() { echo first; echo second >&2; exit 3; }; quietly work; echo "code $?"`;
  const { stdout } = spawnSync('sh', ['-c', script], {
    encoding: 'utf8',
    env: { ...process.env, MAILSERVER_RUN: at('run/apply') },
  });
  expect(stdout).toBe('first\nsecond\ncode 3\n');
});
