import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { NodeSSH } from 'node-ssh';
import type { Client, ClientChannel } from 'ssh2';
import type { ExecOptions, ExecResult, HostConnection } from './host-connection';
import { HostError } from './host-error';
import { LineReader } from './line-reader';
import { MarkedStream } from './marked-stream';
import { notStarted } from './not-started';

const defaultTimeoutSeconds = 60;

/** Bytes that a command may say: the facts are a hundred files of at most 1 MiB each. */
const longestOutput = 128 * 1024 * 1024;
const longestErrors = 1024 * 1024;

/** How long the other end may take to say goodbye, in milliseconds. */
const closeMilliseconds = 1000;

/** A logged-in SSH session as a {@link HostConnection}. */
export class SshHostConnection implements HostConnection {
  readonly hostKey: string;
  readonly jumpHostKey?: string;
  readonly address: string;
  private readonly prefix: string;
  private lost: Error | undefined;

  constructor(
    private readonly session: NodeSSH,
    private readonly options: { hostKey: string; jumpHostKey?: string; address: string; user: string; onClose: () => void },
  ) {
    this.hostKey = options.hostKey;
    this.jumpHostKey = options.jumpHostKey;
    this.address = options.address;
    this.prefix = options.user === 'root' ? '' : 'sudo -n ';
    this.client.on('error', (error: Error) => {
      this.lost ??= error;
    });
  }

  /** The script goes over standard input, in front of the data: no quoting, no limit, nothing in the process list. */
  async exec(script: string, options: ExecOptions = {}): Promise<ExecResult> {
    const {
      input = Buffer.alloc(0),
      timeoutSeconds = defaultTimeoutSeconds,
      mostBytes = longestOutput,
      signal,
      onLine,
    } = options;
    if (signal?.aborted) throw this.aborted();
    const mark = `mailserver-${randomBytes(12).toString('hex')}`;
    const scriptBytes = Buffer.from(`echo ${mark}; echo ${mark} >&2\n${script}`);
    const command = `${this.prefix}sh -c 'eval "$(head -c ${scriptBytes.length})"' sh`;
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const reader = new LineReader(onLine);
    const bounds = {
      output: new Bound(mostBytes, (most) => this.saidTooMuch('its output', most)),
      errors: new Bound(longestErrors, (most) => this.saidTooMuch('its error output', most)),
    };
    let channel: ClientChannel | undefined;
    const tooMuch = new Promise<never>((_, reject) => {
      bounds.output.exceeded = bounds.errors.exceeded = (error) => {
        channel?.destroy();
        reject(error);
      };
    });
    tooMuch.catch(() => undefined);
    const output = new MarkedStream(mark, (chunk) => {
      stdout.push(chunk);
      reader.push(chunk);
    });
    const errors = new MarkedStream(mark, (chunk) => stderr.push(chunk));
    const run = this.session.execCommand(command, {
      noTrim: true,
      onStdout: (chunk) => {
        if (bounds.output.takes(chunk)) output.push(chunk);
      },
      onStderr: (chunk) => {
        if (bounds.errors.takes(chunk)) errors.push(chunk);
      },
      // A command that ends early leaves the rest of its input unread; its exit code tells why.
      onChannel: (opened) => {
        channel = opened;
        opened.on('error', () => undefined);
      },
      stdin: Readable.from([scriptBytes, input]),
    });
    const result = await this.within(Promise.race([run, tooMuch]), timeoutSeconds, signal);
    if (result.code === null) throw this.connectionLost(result.signal);
    reader.end();
    if (!output.started) {
      const { user } = this.options;
      const said = { stdout: output.before, stderr: errors.before, code: result.code };
      throw notStarted({ user, address: this.address, ...said });
    }
    return { code: result.code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
  }

  /** Says goodbye and does not wait for the answer, which is a round trip away. */
  async close(): Promise<void> {
    const client = this.session.connection;
    if (client === null) return this.options.onClose();
    const impatient = setTimeout(() => client.destroy(), closeMilliseconds);
    client.once('close', () => {
      clearTimeout(impatient);
      this.options.onClose();
    });
    this.session.dispose();
  }

  private get client(): Client {
    if (this.session.connection === null) throw this.connectionLost(null);
    return this.session.connection;
  }

  private async within<T>(run: Promise<T>, timeoutSeconds: number, signal: AbortSignal | undefined): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    let onAbort: () => void = () => {};
    const interrupted = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.timedOut(timeoutSeconds)), timeoutSeconds * 1000);
      onAbort = () => reject(this.aborted());
      signal?.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await Promise.race([run, interrupted]);
    } catch (error) {
      if (error instanceof HostError) throw error;
      this.lost ??= error as Error;
      throw this.connectionLost(null);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      run.catch(() => undefined);
    }
  }

  private aborted(): HostError {
    return new HostError('aborted', `stopped while talking to ${this.address}`);
  }

  private timedOut(seconds: number): HostError {
    return new HostError('timeout', `a command on ${this.address} did not end within ${seconds} s`);
  }

  private saidTooMuch(what: string, most: number): HostError {
    const text = `a command on ${this.address} was broken off: ${what} is larger than ${most / 1024 / 1024} MiB, and none of ours is`;
    return new HostError('failed', text);
  }

  private connectionLost(signal: string | null): HostError {
    const reason = this.lost?.message ?? (signal ? `the command was killed by SIG${signal}` : 'the other end closed it');
    return new HostError('connectionLost', `lost the connection to ${this.address}: ${reason}`, { cause: this.lost });
  }
}

/** Counts bytes up to a limit; `exceeded` is called once, when they are more. */
class Bound {
  exceeded: (error: Error) => void = () => undefined;
  private taken = 0;

  constructor(
    private readonly most: number,
    private readonly error: (most: number) => Error,
  ) {}

  takes(chunk: Buffer): boolean {
    const before = this.taken;
    this.taken += chunk.length;
    if (this.taken <= this.most) return true;
    if (before <= this.most) this.exceeded(this.error(this.most));
    return false;
  }
}
