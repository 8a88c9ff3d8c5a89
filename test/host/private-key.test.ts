import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectHost } from '../../lib/host/connect';
import { connectFailure } from '../../lib/host/connect-failure';
import { loginProof } from '../../lib/host/private-key';
import { type KeyPair, newKey, SshServer } from './support/ssh-server';

const folder = mkdtempSync(join(tmpdir(), 'mailserver-private-key-'));
const at = (name: string) => join(folder, name);
const socket = at('agent');
const passphrase = 'correct horse';
let agent: ChildProcess;

/** Makes a key with ssh-keygen. */
function generate(name: string, ...args: string[]): KeyPair {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', at(name), ...args]);
  return { private: readFileSync(at(name), 'utf8'), public: readFileSync(at(`${name}.pub`), 'utf8') };
}

function pkcs8(name: string, ...args: string[]): void {
  execFileSync('openssl', ['genpkey', '-out', at(name), ...args], { stdio: 'ignore' });
}

/** The public half as authorized_keys holds it, by other programs than ours; ssh-keygen reads this format but for Ed25519. */
function publicLine(name: string): string {
  if (name === 'ed25519') {
    const der = execFileSync('openssl', ['pkey', '-in', at(name), '-pubout', '-outform', 'DER']);
    const type = Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0\x20');
    return `ssh-ed25519 ${Buffer.concat([type, der.subarray(-32)]).toString('base64')}`;
  }
  execFileSync('openssl', ['pkey', '-in', at(name), '-pubout', '-out', at(`${name}.pem`)]);
  return execFileSync('ssh-keygen', ['-i', '-m', 'PKCS8', '-f', at(`${name}.pem`)], { encoding: 'utf8' });
}

const source = (name: string) => ({ user: 'admin', host: 'mail.example.org', privateKeyPath: at(name) });

beforeAll(async () => {
  agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  while (!existsSync(socket)) await new Promise((resolve) => setTimeout(resolve, 10));
});
afterAll(() => {
  agent.kill();
  rmSync(folder, { recursive: true });
});

describe('a key in PKCS#8', () => {
  const kinds: readonly (readonly [string, readonly string[]])[] = [
    ['ed25519', ['-algorithm', 'ed25519']],
    ['rsa', ['-algorithm', 'rsa', '-pkeyopt', 'rsa_keygen_bits:2048']],
    ['ecdsa', ['-algorithm', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']],
  ];

  test.each(kinds)('of type %s logs in', async (name, args) => {
    pkcs8(name, ...args);
    const publicKey = publicLine(name);
    const server = await SshServer.start({ hostKey: newKey(), accepts: { private: '', public: publicKey } });
    const settings = { host: '127.0.0.1', port: server.port, user: 'root', privateKeyPath: at(name) };
    const connection = await connectHost(settings, { timeoutSeconds: 5 });
    expect((await connection.exec('echo in')).stdout.toString()).toBe('in\n');
    await connection.close();
    await server.stop();
  });

  test('that is encrypted says so', async () => {
    pkcs8('p8encrypted', '-algorithm', 'ed25519', '-aes256', '-pass', `pass:${passphrase}`);
    await expect(loginProof(source('p8encrypted'), {})).rejects.toMatchObject({
      kind: 'privateKey',
      message: expect.stringContaining('is encrypted and there is no agent to ask'),
    });
  });

  test('of a type that SSH does not have is refused', async () => {
    pkcs8('x25519', '-algorithm', 'x25519');
    await expect(loginProof(source('x25519'), {})).rejects.toMatchObject({
      kind: 'privateKey',
      message: expect.stringMatching(/is not a private key that can be used: a key of type x25519 cannot be used with SSH/),
    });
  });
});

describe('a public key as privateKeyPath', () => {
  test('is refused with the name of the private half when there is no agent', async () => {
    generate('lonely');
    await expect(loginProof(source('lonely.pub'), {})).rejects.toMatchObject({
      kind: 'privateKey',
      message: `${at('lonely.pub')} is a public key: name ${at('lonely')}, or add it to an SSH agent (SSH_AUTH_SOCK names none)`,
    });
  });
});

describe('of an agent with eight keys', () => {
  const offers: string[] = [];
  let server: SshServer;
  let right: KeyPair;

  beforeAll(async () => {
    const add = (name: string) =>
      execFileSync('ssh-add', ['-q', at(name)], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
    for (let number = 0; number < 7; number++) {
      generate(`key${number}`);
      add(`key${number}`);
    }
    right = generate('right');
    add('right');
    // The agent keeps it; the file is of no use without its passphrase.
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', passphrase, '-f', at('right')]);
    process.env.SSH_AUTH_SOCK = socket;
    server = await SshServer.start({ hostKey: newKey(), accepts: right, onOffer: (comment) => offers.push(comment) });
  });
  afterAll(async () => {
    delete process.env.SSH_AUTH_SOCK;
    await server.stop();
  });
  beforeEach(() => offers.splice(0));

  const offered = async (privateKeyPath: string) => {
    const settings = { host: '127.0.0.1', port: server.port, user: 'root', privateKeyPath };
    await (await connectHost(settings, { timeoutSeconds: 5 })).close();
    return new Set(offers).size;
  };

  test('only the one that is named by its encrypted file is offered', async () => {
    rmSync(at('right.pub'));
    expect(await offered(at('right'))).toBe(1);
  });

  test('only the one that is named by its public half is offered', async () => {
    const path = at('named.pub');
    writeFileSync(path, right.public);
    expect(await offered(path)).toBe(1);
  });
});

test('a server that hangs up after too many keys is final, and says what to name', () => {
  const proof = { agent: socket, name: `the agent at ${socket}` };
  const target = { host: 'mail.example.org', port: 22, user: 'admin', isJumpHost: false, proof };
  const error = Object.assign(new Error('Received disconnect: Too many authentication failures'), { code: 2 });
  const failure = connectFailure(error, target);
  expect(failure).toMatchObject({ kind: 'authentication', patience: 'final', fix: expect.stringContaining('privateKeyPath') });
});

test.each(['Protocol version not identical', 'Invalid packet length', 'something new'])(
  'an error that nobody knows is not taken for a machine that boots: %s',
  (message) => {
    const target = { host: 'h', port: 22, user: 'admin', isJumpHost: false, proof: { privateKey: '', name: 'the key' } };
    expect(connectFailure(new Error(message), target)).toMatchObject({ patience: 'settle', reason: message });
  },
);
