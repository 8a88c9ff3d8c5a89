import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

export interface Reply {
  /** 0: the server closed the connection instead. */
  readonly code: number;
  /** Its lines without the code, joined by line breaks. */
  readonly text: string;
}

export interface Letter {
  readonly helo?: string;
  /** Envelope sender. Default: alice@sender.test; empty: `<>`. */
  readonly from?: string;
  /** Parameters of MAIL, e.g. `SIZE=1000`. */
  readonly parameters?: string;
  readonly to: string | readonly string[];
  /** What is sent after DATA as it stands, the end included. Default: a short text. */
  readonly data?: string | Buffer;
  /** AUTH PLAIN with these. */
  readonly login?: { readonly user: string; readonly password: string };
  readonly startTls?: boolean;
}

/** Header and text of an ordinary mail, with the dot at its end; a header without its usual fields looks like spam. */
export function message(subject: string, body = 'Good day.', fields = ''): string {
  const id = `${Date.now()}.${Math.floor(Math.random() * 1e9)}@sender.test`;
  const date = new Date().toUTCString().replace('GMT', '+0000');
  const head = `From: <alice@sender.test>\r\nTo: <app@example.test>\r\nDate: ${date}\r\nMessage-ID: <${id}>\r\nSubject: ${subject}\r\n`;
  return `${head}${fields}\r\n${body}\r\n.\r\n`;
}

const REPLY_SECONDS = 60;

/** A client that sends the bytes it is told to: nothing is completed, corrected or held back. */
export class SmtpSession {
  private received = '';
  private ended = false;
  private wake: () => void = () => undefined;

  private constructor(private socket: Socket | TLSSocket) {
    this.listen();
  }

  static async open(port: number, options: { tls?: boolean } = {}): Promise<SmtpSession> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const session = new SmtpSession(socket);
    if (options.tls) await session.secure();
    return session;
  }

  private listen(): void {
    this.socket.on('data', (data: Buffer) => {
      this.received += data.toString('utf8');
      this.wake();
    });
    const end = () => {
      this.ended = true;
      this.wake();
    };
    this.socket.on('close', end).on('error', end);
  }

  /** The handshake of TLS; rejects when there is none. */
  async secure(): Promise<void> {
    this.socket.removeAllListeners('data').removeAllListeners('close');
    this.received = '';
    const socket = connectTls({ socket: this.socket, rejectUnauthorized: false });
    await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    this.socket = socket;
    this.listen();
  }

  send(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** The next whole reply. */
  async reply(): Promise<Reply> {
    const deadline = Date.now() + REPLY_SECONDS * 1000;
    for (;;) {
      const whole = /^((?:\d{3}-[^\n]*\n)*)(\d{3})(?: [^\n]*)?\r?\n/.exec(this.received);
      if (whole) {
        this.received = this.received.slice(whole[0].length);
        const text = whole[0].trimEnd().split(/\r?\n/);
        return { code: Number(whole[2]), text: text.map((line) => line.slice(4)).join('\n') };
      }
      if (this.ended) return { code: 0, text: this.received };
      if (Date.now() > deadline) throw new Error(`no reply within ${REPLY_SECONDS} s; so far: ${JSON.stringify(this.received)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** A line, and the reply to it. */
  say(line: string): Promise<Reply> {
    this.send(`${line}\r\n`);
    return this.reply();
  }

  async startTls(): Promise<Reply> {
    const reply = await this.say('STARTTLS');
    if (reply.code === 220) await this.secure();
    return reply;
  }

  /** The certificate that the server showed, in PEM; only inside TLS. */
  certificate(): string {
    const der = (this.socket as TLSSocket).getPeerCertificate().raw;
    return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
  }

  /** One whole mail on a fresh connection: the first refusal, else what was said to the text. */
  async deliver(letter: Letter): Promise<Reply> {
    const greeting = await this.reply();
    return greeting.code === 220 ? this.greeted(letter) : greeting;
  }

  /** The same after the greeting was read. */
  async greeted(letter: Letter): Promise<Reply> {
    const { helo = 'mail.sender.test', from = 'alice@sender.test', login } = letter;
    const steps: (() => Promise<Reply>)[] = [() => this.say(`EHLO ${helo}`)];
    if (letter.startTls)
      steps.push(
        () => this.startTls(),
        () => this.say(`EHLO ${helo}`),
      );
    if (login) {
      const secret = Buffer.from(`\0${login.user}\0${login.password}`).toString('base64');
      steps.push(() => this.say(`AUTH PLAIN ${secret}`));
    }
    steps.push(() => this.say(`MAIL FROM:<${from}>${letter.parameters ? ` ${letter.parameters}` : ''}`));
    for (const to of [letter.to].flat()) steps.push(() => this.say(`RCPT TO:<${to}>`));
    steps.push(() => this.say('DATA'));
    steps.push(() => {
      this.send(letter.data ?? message('a word'));
      return this.reply();
    });
    let last: Reply = { code: 0, text: '' };
    for (const step of steps) {
      last = await step();
      if (last.code === 0 || last.code >= 400) break;
    }
    this.close();
    return last;
  }

  /** Ends the connection when all that was sent is on its way, without a look at the answer. */
  closeBehindText(): void {
    this.socket.end();
    this.socket.unref();
  }

  close(): void {
    if (!this.ended) this.socket.end('QUIT\r\n');
  }
}
