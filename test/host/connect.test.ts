import { chmodSync } from 'node:fs';
import { type ConnectOptions, connectHost } from '../../lib/host/connect';
import type { ConnectionSettings } from '../../lib/host/connection-settings';
import type { HostConnection } from '../../lib/host/host-connection';
import type { HostError } from '../../lib/host/host-error';
import {
  closedPort,
  fingerprintOf,
  KeyFolder,
  newKey,
  SshServer,
  type SshServerOptions,
  silentServer,
} from './support/ssh-server';

const hostKey = newKey();
const userKey = newKey();
const otherKey = newKey();
const keys = new KeyFolder();
const keyPath = keys.write('id_ed25519', userKey.private);
const agent = process.env.SSH_AUTH_SOCK;
const open: { close?: () => Promise<void>; stop?: () => Promise<void> }[] = [];

beforeAll(() => {
  delete process.env.SSH_AUTH_SOCK;
});
afterEach(async () => {
  for (const item of open.splice(0).reverse()) await (item.close?.() ?? item.stop?.());
});
afterAll(() => {
  keys.remove();
  if (agent !== undefined) process.env.SSH_AUTH_SOCK = agent;
});

async function server(options: Partial<SshServerOptions> = {}): Promise<SshServer> {
  const started = await SshServer.start({ hostKey, accepts: userKey, ...options });
  open.push(started);
  return started;
}

async function login(settings: Partial<ConnectionSettings>, options: ConnectOptions = {}): Promise<HostConnection> {
  const whole = { host: '127.0.0.1', user: 'root', privateKeyPath: keyPath, ...settings };
  const connection = await connectHost(whole, { timeoutSeconds: 5, ...options });
  open.push(connection);
  return connection;
}

async function failure(settings: Partial<ConnectionSettings>, options: ConnectOptions = {}): Promise<HostError> {
  return login(settings, options).then(
    () => Promise.reject(new Error('the connection was made')),
    (error: HostError) => error,
  );
}

describe('logging in', () => {
  test('works with a key file and tells the host key', async () => {
    const { port } = await server();
    const connection = await login({ port });
    expect(connection.hostKey).toBe(fingerprintOf(hostKey));
    expect(connection.address).toBe(`127.0.0.1:${port}`);
  });

  test('waits for a machine that boots', async () => {
    const port = await closedPort();
    const lines: string[] = [];
    const connecting = login({ port }, { onProgress: (line) => lines.push(line) });
    while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await server({ port });
    await connecting;
    expect(lines).toEqual([`waiting for 127.0.0.1:${port}: connection refused`]);
  });

  test('waits while accounts are still being made', async () => {
    const { port } = await server({ refusedLogins: 2 });
    const lines: string[] = [];
    await login({ port }, { onProgress: (line) => lines.push(line) });
    expect(lines).toEqual([`waiting for 127.0.0.1:${port}: login as root with the key ${keyPath} was refused`]);
  });

  test('goes through a jump host', async () => {
    const { port } = await server();
    const bastion = await server({ hostKey: otherKey });
    const connection = await login({
      port,
      bastion: { host: '127.0.0.1', port: bastion.port, user: 'jump', privateKeyPath: keyPath, hostKey: fingerprintOf(otherKey) },
    });
    expect((await connection.exec('echo through')).stdout.toString()).toBe('through\n');
    expect(bastion.commands).toEqual([]);
  });
});

describe('a login that fails', () => {
  test('names the address, the attempts and the fix when nobody listens', async () => {
    const port = await closedPort();
    const error = await failure({ port }, { timeoutSeconds: 1 });
    expect(error.kind).toBe('unreachable');
    expect(error.message).toMatch(
      new RegExp(
        `^cannot reach 127\\.0\\.0\\.1:${port}: connection refused \\(tried \\d+ times within 1 s\\); the machine is up, but`,
      ),
    );
  });

  test('says that nothing answers', async () => {
    const silent = await silentServer();
    open.push(silent);
    const error = await failure({ port: silent.port }, { timeoutSeconds: 1 });
    expect(error.kind).toBe('unreachable');
    expect(error.message).toContain('no answer (tried once); check the address, and that the security group');
  });

  test('of a machine known before fails at once when the key is refused', async () => {
    const { port } = await server({ accepts: otherKey });
    const start = Date.now();
    const error = await failure({ port }, { expectedHostKey: fingerprintOf(hostKey), timeoutSeconds: 60 });
    expect(error.kind).toBe('authentication');
    expect(error.message).toContain(`cannot log in to 127.0.0.1:${port}: login as root with the key ${keyPath} was refused`);
    expect(Date.now() - start).toBeLessThan(3000);
  });

  test('of a machine known before is tried again where it may be booting', async () => {
    const { port } = await server({ refusedLogins: 2 });
    await login({ port }, { expectedHostKey: fingerprintOf(hostKey), mayBoot: true });
  });

  test('says which jump host cannot be reached', async () => {
    const port = await closedPort();
    const error = await failure({ bastion: { host: '127.0.0.1', port, privateKeyPath: keyPath } }, { timeoutSeconds: 1 });
    expect(error.message).toContain(`cannot reach 127.0.0.1:${port}`);
  });

  test('says that the jump host has no way on', async () => {
    const bastion = await server();
    const error = await failure(
      { port: await closedPort(), bastion: { host: '127.0.0.1', port: bastion.port, privateKeyPath: keyPath } },
      { timeoutSeconds: 1 },
    );
    expect(error.message).toContain('the jump host cannot reach it');
  });

  test('ends at once when it is called off', async () => {
    const silent = await silentServer();
    open.push(silent);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    const start = Date.now();
    const error = await failure({ port: silent.port }, { signal: abort.signal, timeoutSeconds: 60 });
    expect(error.kind).toBe('aborted');
    expect(Date.now() - start).toBeLessThan(3000);
  });
});

describe('the key of a jump host', () => {
  const through = async (bastion: { hostKey?: string }, options: ConnectOptions = {}) => {
    const [{ port }, jump] = [await server(), await server({ hostKey: otherKey })];
    const settings = { port, bastion: { host: '127.0.0.1', port: jump.port, privateKeyPath: keyPath, ...bastion } };
    return { settings, options, jump };
  };

  test('is reported, so that it can be expected from then on', async () => {
    const { settings, options } = await through({});
    const connection = await login(settings, options);
    expect(connection.jumpHostKey).toBe(fingerprintOf(otherKey));
    await login(settings, { expectedJumpHostKey: fingerprintOf(otherKey) });
  });

  test('that changed is an error at once, which names the jump host and both fingerprints', async () => {
    const { settings, jump } = await through({});
    const error = await failure(settings, { expectedJumpHostKey: fingerprintOf(hostKey), timeoutSeconds: 60 });
    expect(error.kind).toBe('jumpHostKey');
    expect(error.message).toContain(
      `the jump host 127.0.0.1:${jump.port} has another host key than expected: expected ${fingerprintOf(hostKey)}, got ${fingerprintOf(otherKey)}`,
    );
    expect(error.message).toContain('set connection.bastion.hostKey to it');
  });

  test('pinned in the settings goes before the one that is remembered', async () => {
    const { settings } = await through({ hostKey: fingerprintOf(otherKey) });
    await login(settings, { expectedJumpHostKey: fingerprintOf(hostKey) });
  });
});

describe('the host key', () => {
  test.each([
    ['a fingerprint', fingerprintOf(hostKey)],
    ['a public key', hostKey.public],
    ['a line of ssh-keyscan', `127.0.0.1 ${hostKey.public}`],
  ])('is accepted as %s', async (_, pin) => {
    const { port } = await server();
    expect((await login({ port, hostKey: pin })).hostKey).toBe(fingerprintOf(hostKey));
  });

  test('that changed is an error at once, which names both fingerprints', async () => {
    const { port, commands } = await server();
    const start = Date.now();
    const error = await failure({ port }, { expectedHostKey: fingerprintOf(otherKey), timeoutSeconds: 60 });
    expect(error.kind).toBe('hostKey');
    expect(error.message).toContain(`expected ${fingerprintOf(otherKey)}, got ${fingerprintOf(hostKey)} (ssh-ed25519)`);
    expect(error.message).toContain('set connection.hostKey to it');
    expect(commands).toEqual([]);
    expect(Date.now() - start).toBeLessThan(3000);
  });

  test('pinned in the settings goes before the one of the state', async () => {
    const { port } = await server();
    await login({ port, hostKey: fingerprintOf(hostKey) }, { expectedHostKey: fingerprintOf(otherKey) });
  });

  test('that is not a key is refused before anything is sent', async () => {
    const error = await failure({ hostKey: 'SHA256:abc' });
    expect(error.message).toContain("hostKey must be `SHA256:…` or a public key like `ssh-ed25519 AAAA…`, got 'SHA256:abc'");
  });
});

describe('the private key', () => {
  test.each<[string, () => string, string]>([
    ['is missing', () => `${keys.path}/nope`, 'there is no such file; check privateKeyPath'],
    ['is a folder', () => keys.path, 'it is a directory'],
    ['is a public key', () => keys.write('pub', 'nonsense'), 'is not a private key that can be used'],
    ['is encrypted and there is no agent', () => keys.write('enc', newKey({ passphrase: 'x' }).private), 'ssh-add'],
  ])('fails at once when it %s', async (_, path, message) => {
    const error = await failure({ privateKeyPath: path(), port: 1 }, { timeoutSeconds: 60 });
    expect(error.kind).toBe('privateKey');
    expect(error.message).toContain(message);
  });

  test('has to be named when there is no agent', async () => {
    const error = await failure({ privateKeyPath: undefined });
    expect(error.message).toContain('no key to log in as root@127.0.0.1: set privateKeyPath, or start an SSH agent');
  });
});

describe('a command', () => {
  test('is a script for sh whose input is its own', async () => {
    const connection = await login({ port: (await server()).port });
    const script = `# it's a "script" with $quotes\ncat\necho 'ä'\n`;
    const result = await connection.exec(script, { input: Buffer.from([0, 255, 10]) });
    expect(result.code).toBe(0);
    expect(result.stdout).toEqual(Buffer.from([0, 255, 10, ...Buffer.from('ä\n')]));
  });

  test('puts nothing of script or input into the process list', async () => {
    const { port, commands } = await server();
    const connection = await login({ port });
    await connection.exec('secret=$(cat)', { input: Buffer.from('hunter2') });
    expect(commands).toEqual([expect.stringMatching(/^sh -c 'eval "\$\(head -c \d+\)"' sh$/)]);
  });

  test('takes large input and gives large output', async () => {
    const connection = await login({ port: (await server()).port });
    const input = Buffer.alloc(5_000_000, 'mail');
    expect((await connection.exec('cat', { input })).stdout.equals(input)).toBe(true);
  });

  test('that fails is a result with its error output', async () => {
    const connection = await login({ port: (await server()).port });
    expect(await connection.exec('echo no >&2; exit 3', { input: Buffer.alloc(1_000_000) })).toMatchObject({
      code: 3,
      stderr: 'no\n',
    });
  });

  test('shows its lines as they come', async () => {
    const connection = await login({ port: (await server()).port });
    const lines: string[] = [];
    await connection.exec('printf "one\\ntw"; sleep 0.05; printf "o\\nthree"', { onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['one', 'two', 'three']);
  });

  test('that takes too long is a failure', async () => {
    const connection = await login({ port: (await server()).port });
    await expect(connection.exec('sleep 60', { timeoutSeconds: 0.2 })).rejects.toMatchObject({ kind: 'timeout' });
  });

  test.each([
    ['its output', 'yes', '2 MiB'],
    ['its error output', 'yes >&2', '1 MiB'],
  ])('that never stops talking is broken off: %s', async (what, script, most) => {
    const connection = await login({ port: (await server()).port });
    await expect(connection.exec(script, { mostBytes: 2 * 1024 * 1024 })).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringContaining(`was broken off: ${what} is larger than ${most}`),
    });
    expect((await connection.exec('echo still here')).stdout.toString()).toBe('still here\n');
  });

  test('can be called off', async () => {
    const connection = await login({ port: (await server()).port });
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    await expect(connection.exec('sleep 60', { signal: abort.signal })).rejects.toMatchObject({ kind: 'aborted' });
  });

  test('on a connection that breaks is distinguished from one that fails', async () => {
    const running = await server();
    const connection = await login({ port: running.port });
    const command = connection.exec('sleep 60');
    while (running.commands.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    running.dropConnections();
    await expect(command).rejects.toMatchObject({ kind: 'connectionLost', message: expect.stringContaining(`:${running.port}`) });
    await expect(connection.exec('true')).rejects.toMatchObject({ kind: 'connectionLost' });
  });

  test('of another user than root runs under sudo', async () => {
    keys.write('sudo', '#!/bin/sh\n[ "$1" = -n ] && shift\nSUDO=used exec "$@"\n');
    chmodSync(`${keys.path}/sudo`, 0o755);
    const connection = await login({ port: (await server({ path: keys.path })).port, user: 'admin' });
    expect((await connection.exec('echo hello $SUDO')).stdout.toString()).toBe('hello used\n');
  });

  test('answers the same whatever the login prints first', async () => {
    const noise = 'printf "Welcome!\\n::result done\\n"; echo "sudo: unable to resolve host mail" >&2';
    const { port } = await server({ loginPrints: noise });
    const connection = await login({ port });
    const lines: string[] = [];
    const { code, stdout, stderr } = await connection.exec('echo hello; echo why >&2; exit 3', {
      onLine: (line) => lines.push(line),
    });
    expect([code, stdout.toString(), stderr, lines]).toEqual([3, 'hello\n', 'why\n', ['hello']]);
  });

  test('that fails under sudo shows its own error, not a warning of sudo', async () => {
    keys.write(
      'sudo',
      '#!/bin/sh\necho "sudo: unable to resolve host mail: Name or service not known" >&2\n[ "$1" = -n ] && shift\nexec "$@"\n',
    );
    chmodSync(`${keys.path}/sudo`, 0o755);
    const connection = await login({ port: (await server({ path: keys.path })).port, user: 'admin' });
    expect(await connection.exec('echo "no space left" >&2; exit 4')).toMatchObject({ code: 4, stderr: 'no space left\n' });
  });

  test('of a login that runs no commands fails at once, with what the host says', async () => {
    const { port } = await server({
      loginPrints: `echo 'Please login as the user "admin" rather than the user "root".'; exit 142`,
    });
    await expect((await login({ port })).exec('echo hello')).rejects.toMatchObject({
      kind: 'authentication',
      message: expect.stringContaining('it answered: Please login as the user "admin" rather than the user "root".'),
    });
  });

  test('says what to do when sudo wants a password', async () => {
    keys.write('sudo', '#!/bin/sh\necho "sudo: a password is required" >&2; exit 1\n');
    chmodSync(`${keys.path}/sudo`, 0o755);
    const connection = await login({ port: (await server({ path: keys.path })).port, user: 'admin' });
    await expect(connection.exec('echo hello')).rejects.toMatchObject({
      kind: 'sudo',
      message: expect.stringMatching(/^admin@127.*sudo: a password is required; allow it with `admin ALL=\(ALL\) NOPASSWD:ALL`/),
    });
  });
});
