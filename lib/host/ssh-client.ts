import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { NodeSSH } from 'node-ssh';
import type { Client } from 'ssh2';
import type { ExecOptions, ExecResult, HostConnection } from './host-connection';
import { HostError } from './host-error';
import { LineReader } from './line-reader';
import { MarkedStream } from './marked-stream';
import { notStarted } from './not-started';

const defaultTimeoutSeconds = 60;

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
    const { input = Buffer.alloc(0), timeoutSeconds = defaultTimeoutSeconds, signal, onLine } = options;
    if (signal?.aborted) throw this.aborted();
    const mark = `mailserver-${randomBytes(12).toString('hex')}`;
    const scriptBytes = Buffer.from(`echo ${mark}; echo ${mark} >&2\n${script}`);
    const command = `${this.prefix}sh -c 'eval "$(head -c ${scriptBytes.length})"' sh`;
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const reader = new LineReader(onLine);
    const output = new MarkedStream(mark, (chunk) => {
      stdout.push(chunk);
      reader.push(chunk);
    });
    const errors = new MarkedStream(mark, (chunk) => stderr.push(chunk));
    const run = this.session.execCommand(command, {
      noTrim: true,
      onStdout: (chunk) => output.push(chunk),
      onStderr: (chunk) => errors.push(chunk),
      // A command that ends early leaves the rest of its input unread; its exit code tells why.
      onChannel: (channel) => channel.on('error', () => undefined),
      stdin: Readable.from([scriptBytes, input]),
    });
    const result = await this.within(run, timeoutSeconds, signal);
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

  private connectionLost(signal: string | null): HostError {
    const reason = this.lost?.message ?? (signal ? `the command was killed by SIG${signal}` : 'the other end closed it');
    return new HostError('connectionLost', `lost the connection to ${this.address}: ${reason}`, { cause: this.lost });
  }
}
