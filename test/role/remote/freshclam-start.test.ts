import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../../../lab/system';

const PROGRAM = join(__dirname, '../../../lib/role/remote/freshclam-start.sh');

let host: string;
let running: ChildProcess | undefined;
let said: string;

beforeEach(() => {
  host = mkdtempSync(join(tmpdir(), 'freshclam-start-'));
  said = '';
});
afterEach(async () => {
  if (running?.exitCode === null) running.kill('SIGKILL');
  rmSync(host, { recursive: true, force: true });
});

/** Starts it with a freshclam that runs this script, and these mirrors. */
function start(freshclam: string, mirrors: readonly string[], seconds = '1'): ChildProcess {
  writeFileSync(join(host, 'freshclam'), `#!/bin/sh\necho x >>${host}/runs\n${freshclam}\n`, { mode: 0o755 });
  const lines = ['# Written by the stack.', `DatabaseDirectory ${host}`, ...mirrors.map((mirror) => `PrivateMirror ${mirror}`)];
  writeFileSync(join(host, 'freshclam.conf'), `${lines.join('\n')}\n`);
  const env = {
    ...process.env,
    PATH: `${host}:${process.env.PATH}`,
    FRESHCLAM_CONFIGURATION: join(host, 'freshclam.conf'),
    FRESHCLAM_ASKED: join(host, 'asked'),
  };
  running = spawn('sh', [PROGRAM, seconds], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  running.stdout?.on('data', (chunk) => {
    said += chunk;
  });
  return running;
}

const runs = () => (existsSync(join(host, 'runs')) ? readFileSync(join(host, 'runs'), 'utf8').trim().split('\n').length : 0);
const deadline = { deadline: 10_000 };

/** Asks it to end, as systemd does. */
async function end(child: ChildProcess): Promise<number | null> {
  child.kill('SIGTERM');
  await waitFor('its end', async () => child.exitCode !== null || child.signalCode !== null, deadline);
  return child.exitCode;
}

test('starts a freshclam that ended again, later each time', async () => {
  const child = start('exit 17', ['http://one.example']);
  await waitFor('three runs', async () => runs() === 3, deadline);
  expect(said).toContain('freshclam ended with exit code 17, it is started again in 1 s');
  expect(said).toContain('it is started again in 2 s');
  expect(await end(child)).toBe(0);
});

test('ends when it is asked to, and freshclam with it', async () => {
  const child = start(`trap 'echo ended >${host}/ended; exit 0' TERM; while :; do sleep 0.05; done`, ['http://one.example']);
  await waitFor('freshclam', async () => runs() === 1, deadline);
  expect(await end(child)).toBe(0);
  await waitFor('the end of freshclam', async () => existsSync(join(host, 'ended')), deadline);
});

test('keeps the cool-down of a mirror, and does not hold it against another one', async () => {
  const coolDown = join(host, 'freshclam.dat');
  const again = async (mirrors: readonly string[]) => {
    rmSync(join(host, 'runs'), { force: true });
    const child = start('exit 17', mirrors, '60');
    await waitFor('a run', async () => runs() === 1, deadline);
    await end(child);
  };
  writeFileSync(coolDown, 'x');
  await again(['http://one.example']);
  await again(['http://one.example']);
  expect(existsSync(coolDown)).toBe(true);
  await again(['http://one.example', 'http://two.example']);
  expect(existsSync(coolDown)).toBe(false);
});
