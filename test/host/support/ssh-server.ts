import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server as NetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, type ParsedKey, Server, type ServerChannel, utils } from 'ssh2';
import { fingerprint } from '../../../lib/host/host-key';

export interface KeyPair {
  readonly private: string;
  readonly public: string;
}

/** One key in some hundred that ssh2 makes, it cannot read itself: one that begins with a zero byte. Those are made again. */
export function newKey(options?: { passphrase: string }): KeyPair {
  const key = options
    ? utils.generateKeyPairSync('ed25519', { ...options, cipher: 'aes256-ctr', rounds: 1 })
    : utils.generateKeyPairSync('ed25519');
  return utils.parseKey(key.private, options?.passphrase) instanceof Error ? newKey(options) : key;
}

export function fingerprintOf(key: KeyPair): string {
  return fingerprint((utils.parseKey(key.public) as ParsedKey).getPublicSSH());
}

/** A folder for key files, gone after the tests. */
export class KeyFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'mailserver-keys-'));

  write(name: string, content: string): string {
    const path = join(this.path, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

export interface SshServerOptions {
  readonly hostKey: KeyPair;
  /** Public key that may log in, as root or anyone. */
  readonly accepts: KeyPair;
  /** The first logins are refused, as while accounts are still being made. */
  readonly refusedLogins?: number;
  readonly port?: number;
  /** What every command starts with, e.g. a folder with a `sudo` of the test's own. */
  readonly path?: string;
  /** Shell commands that every login runs before the command, as a `.bashrc` does. */
  readonly loginPrints?: string;
  /** Gets every public key that a client offers, in base64. */
  readonly onOffer?: (key: string) => void;
}

/** A real SSH server on the loopback address whose commands run in a local shell. */
export class SshServer {
  readonly commands: string[] = [];
  logins = 0;
  private readonly connections = new Set<Connection>();
  private readonly server: Server;

  private constructor(private readonly options: SshServerOptions) {
    this.server = new Server({ hostKeys: [options.hostKey.private] }, (client) => this.serve(client));
  }

  static async start(options: SshServerOptions): Promise<SshServer> {
    const server = new SshServer(options);
    await new Promise<void>((resolve) => server.server.listen(options.port ?? 0, '127.0.0.1', resolve));
    return server;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  dropConnections(): void {
    for (const connection of this.connections) connection.end();
  }

  async stop(): Promise<void> {
    this.dropConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private serve(client: Connection): void {
    this.connections.add(client);
    client.on('error', () => undefined).on('close', () => this.connections.delete(client));
    const allowed = utils.parseKey(this.options.accepts.public) as ParsedKey;
    client.on('authentication', (attempt) => {
      if (attempt.method !== 'publickey') return attempt.reject(['publickey']);
      this.options.onOffer?.(attempt.key.data.toString('base64'));
      if (attempt.signature) this.logins++;
      const refused = this.logins <= (this.options.refusedLogins ?? 0) && attempt.signature !== undefined;
      if (refused || !attempt.key.data.equals(allowed.getPublicSSH())) return attempt.reject(['publickey']);
      attempt.accept();
    });
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, _, { command }) => this.run(acceptExec(), command));
    });
    client.on('tcpip', (accept, reject, { destIP, destPort }) => {
      const socket = connect(destPort, destIP);
      socket.once('error', () => reject());
      socket.once('connect', () => {
        const channel = accept();
        channel.pipe(socket).pipe(channel);
      });
    });
  }

  private run(channel: ServerChannel, command: string): void {
    this.commands.push(command);
    const env = { ...process.env, PATH: [this.options.path, process.env.PATH].filter(Boolean).join(':') };
    const { loginPrints } = this.options;
    const child = spawn('sh', ['-c', loginPrints ? `${loginPrints}\n${command}` : command], { env, detached: true });
    channel.pipe(child.stdin);
    child.stdin.on('error', () => undefined);
    child.stdout.pipe(channel, { end: false });
    child.stderr.pipe(channel.stderr, { end: false });
    // Whoever hung up gets no more.
    channel.on('error', () => undefined);
    channel.stderr.on('error', () => undefined);
    child.on('close', (code) => {
      channel.exit(code ?? 1);
      channel.end();
    });
    // With all it started: an orphan would hold the pipes open.
    channel.on('close', () => {
      child.stdout.unpipe();
      child.stderr.unpipe();
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    });
  }
}

/** Accepts connections and never says a word, as a firewall or a machine that hangs. */
export async function silentServer(): Promise<{ port: number; stop: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: NetServer = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { port: (server.address() as { port: number }).port, stop };
}

/** A port nobody listens on. */
export async function closedPort(): Promise<number> {
  const { port, stop } = await silentServer();
  await stop();
  return port;
}
