import { createConnection, type Socket } from 'node:net';
import { connect as connectTls, type SecureContextOptions, type TLSSocket } from 'node:tls';

/** One reply of a mail server (RFC 5321 4.2): the code, and the text of its lines. */
export interface SmtpReply {
  readonly code: number;
  readonly lines: readonly string[];
}

/** A reply line has 512 bytes at most (RFC 5321 4.5.3.1.5); some servers say more, none of them that much. */
const longestLine = 8192;
const mostLines = 200;
/** Bytes of a whole dialogue. */
const longestDialogue = 512 * 1024;

export interface DialogueOptions {
  readonly address: string;
  readonly port: number;
  /** Name for SNI. */
  readonly serverName: string;
  /** For each reply. */
  readonly timeoutMilliseconds: number;
  /** What is offered in the handshake. Default: what Node offers. */
  readonly tls?: SecureContextOptions;
}

/**
 * An SMTP dialogue that keeps every reply as it is: what a client library would hide (a wrong banner, a login offered too early, an
 * untrusted certificate) is what is to be seen here.
 */
export class SmtpDialogue {
  private received = '';
  private waiting: { resolve: (reply: SmtpReply) => void; reject: (error: Error) => void } | undefined;
  private failure: Error | undefined;
  private lines: string[] = [];
  private readonly replies: SmtpReply[] = [];
  private bytes = 0;

  private constructor(
    private socket: Socket,
    private readonly options: DialogueOptions,
  ) {
    this.listen(socket);
  }

  /** Connects; with `implicitTls` the dialogue begins inside TLS (RFC 8314 3.3). */
  static async open(options: DialogueOptions, implicitTls: boolean): Promise<SmtpDialogue> {
    const socket = createConnection({ host: options.address, port: options.port });
    await within(options.timeoutMilliseconds, 'the connection', socket, (resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    if (!implicitTls) return new SmtpDialogue(socket, options);
    return new SmtpDialogue(await handshake(socket, options), options);
  }

  /** The TLS connection, once there is one. */
  get tls(): TLSSocket | undefined {
    return 'getPeerCertificate' in this.socket ? (this.socket as TLSSocket) : undefined;
  }

  /** Sends a line and waits for the reply to it. */
  async command(line: string): Promise<SmtpReply> {
    this.socket.write(`${line}\r\n`);
    return this.reply();
  }

  /** The next reply; the first one is the banner. */
  reply(): Promise<SmtpReply> {
    const ready = this.replies.shift();
    if (ready) return Promise.resolve(ready);
    if (this.failure) return Promise.reject(this.failure);
    return within(this.options.timeoutMilliseconds, 'a reply', this.socket, (resolve: (reply: SmtpReply) => void, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  /** The handshake that follows a positive reply to STARTTLS (RFC 3207). */
  async startTls(): Promise<void> {
    this.socket.removeAllListeners('data');
    this.socket.removeAllListeners('error');
    this.socket.removeAllListeners('close');
    this.received = '';
    this.socket = await handshake(this.socket, this.options);
    this.listen(this.socket);
  }

  /** Says goodbye without waiting for long. */
  async close(): Promise<void> {
    if (!this.failure) await this.command('QUIT').catch(() => undefined);
    this.socket.destroy();
  }

  /** Hangs up. */
  end(): void {
    this.socket.destroy();
  }

  private listen(socket: Socket): void {
    const end = (error: Error) => {
      this.failure ??= error;
      this.waiting?.reject(this.failure);
      this.waiting = undefined;
    };
    socket.on('error', end);
    socket.on('close', () => end(new Error('the server closed the connection')));
    socket.on('data', (chunk: Buffer) => {
      if (this.failure) return;
      this.bytes += chunk.length;
      this.received += chunk.toString('utf8');
      const lines = this.received.split('\n');
      this.received = lines.pop() ?? '';
      for (const line of lines) this.take(line.slice(0, longestLine).replace(/\r$/, ''));
      const problem = this.tooMuch();
      if (problem === undefined) return;
      this.received = '';
      this.lines = [];
      end(new Error(`the server was hung up on: ${problem}`));
      socket.destroy();
    });
  }

  private tooMuch(): string | undefined {
    if (this.received.length > longestLine) return `a line of more than ${longestLine} characters`;
    if (this.lines.length > mostLines) return `a reply of more than ${mostLines} lines`;
    if (this.bytes > longestDialogue) return `more than ${longestDialogue / 1024} KiB in one dialogue`;
    return undefined;
  }

  private take(line: string): void {
    const [, code = '0', separator, text = line] = /^(\d{3})([ -]?)(.*)$/.exec(line) ?? [];
    this.lines.push(text);
    if (separator === '-') return;
    const reply = { code: Number(code), lines: this.lines };
    this.lines = [];
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting) waiting.resolve(reply);
    else this.replies.push(reply);
  }
}

/** Any certificate will do: which one it is, is the question. */
async function handshake(socket: Socket, { serverName, timeoutMilliseconds, tls }: DialogueOptions): Promise<TLSSocket> {
  const secure = connectTls({ ...tls, socket, servername: serverName, rejectUnauthorized: false });
  await within(timeoutMilliseconds, 'the TLS handshake', secure, (resolve, reject) => {
    secure.once('secureConnect', resolve);
    secure.once('error', reject);
    secure.once('close', () => reject(new Error('the server closed the connection during the TLS handshake')));
  });
  return secure;
}

function within<T>(
  milliseconds: number,
  what: string,
  socket: Socket,
  start: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`${what} did not come within ${milliseconds / 1000} s`));
    }, milliseconds);
    start(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
