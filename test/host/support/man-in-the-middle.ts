import { type AuthContext, type Connection, Server, type ServerChannel } from 'ssh2';
import { type KeyPair, newKey } from './ssh-server';

/** What a new Debian 13 says of itself, and nothing of the role. */
const NEW_MACHINE: Readonly<Record<string, string>> = {
  os: 'ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"',
  units: '',
  derived: '',
  machine: 'x86_64\n2\n4000000',
  manifest: '',
  directories: '',
  packages: '',
  passwd: '',
  groups: '',
  volume: '',
  files: '',
};

const facts = `${Object.entries(NEW_MACHINE)
  .map(([name, text]) => `${name} ${text.length}\n${text}\n`)
  .join('')}contents\n`;

/**
 * Somebody who answers in the place of a host that nobody knows yet: lets everybody in, keeps every byte that it gets, and plays the
 * host for as long as it can. It runs nothing.
 */
export class ManInTheMiddle {
  readonly hostKey: KeyPair = newKey();
  /** Scripts with their input, one for each command. */
  readonly commands: Buffer[] = [];
  /** Everything else that a client says of itself. */
  readonly said: string[] = [];
  private readonly connections = new Set<Connection>();
  private readonly server = new Server({ hostKeys: [this.hostKey.private] }, (client) => this.serve(client));

  static async start(): Promise<ManInTheMiddle> {
    const man = new ManInTheMiddle();
    await new Promise<void>((resolve) => man.server.listen(0, '127.0.0.1', resolve));
    return man;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  get seen(): Buffer {
    return Buffer.concat([...this.commands, Buffer.from(this.said.join('\n'))]);
  }

  async stop(): Promise<void> {
    for (const connection of this.connections) connection.end();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private serve(client: Connection): void {
    this.connections.add(client);
    client.on('error', () => undefined).on('close', () => this.connections.delete(client));
    client.on('authentication', (attempt: AuthContext) => {
      this.said.push(`${attempt.method} ${attempt.username} ${attempt.method === 'password' ? attempt.password : ''}`);
      if (attempt.method === 'none') return attempt.reject(['publickey', 'password', 'keyboard-interactive']);
      attempt.accept();
    });
    client.on('tcpip', (accept, _, { destIP, destPort }) => {
      this.said.push(`to ${destIP}:${destPort}`);
      accept().end();
    });
    client.on('session', (accept) => {
      const session = accept();
      session.on('env', (_accept, _reject, { key, val }) => this.said.push(`${key}=${val}`));
      session.on('exec', (acceptExec, _, { command }) => {
        this.said.push(command);
        this.play(acceptExec());
      });
    });
  }

  /** Waits for all of the input, so that nothing is missed. */
  private play(channel: ServerChannel): void {
    const parts: Buffer[] = [];
    channel.on('error', () => undefined).on('data', (part: Buffer) => parts.push(part));
    channel.once('end', () => {
      const script = Buffer.concat(parts);
      this.commands.push(script);
      const mark = /^echo (\S+);/.exec(script.toString('latin1'))?.[1] ?? '';
      channel.stderr.write(`${mark}\n`);
      channel.write(`${mark}\n${answer(script.toString('latin1'))}`);
      channel.exit(0);
      channel.end();
    });
  }
}

function answer(script: string): string {
  if (script.includes('ask_systemd')) return facts;
  if (script.includes('::result')) return '::step packages: install\n::result failed something\n';
  return '::state over\n';
}
