import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { connectHost } from '../../host/connect';
import type { ConnectionSettings } from '../../host/connection-settings';
import type { HostConnection } from '../../host/host-connection';
import announce from '../remote/announce.sh';
import outbound from '../remote/outbound.py';
import withdraw from '../remote/withdraw.sh';
import { type ListenOptions, listen } from './listener';
import { type HostPicture, hostReport, outboundReport } from './picture';

/** Mail servers of the biggest receivers: if none of them can be reached, port 25 is blocked. */
export const defaultTargets = [
  'gmail-smtp-in.l.google.com',
  'outlook-com.olc.protection.outlook.com',
  'mx00.gmx.net',
  'mta5.am0.yahoodns.net',
] as const;

export interface LookOptions {
  /** Hosts, each maybe with a port behind a space, whose port 25 the mail host is to reach. Default: {@link defaultTargets}. */
  readonly targets?: readonly string[];
  /** Listen for a mail of the host, to hear the name that it announces. */
  readonly listen?: ListenOptions;
  readonly signal?: AbortSignal;
}

/** Seconds. The samples of the host's checks may wait for a free filter. */
const checkSeconds = 120;
const connectSeconds = 15;

/** Asks the mail host itself over SSH. Never rejects. */
export async function lookAtHost(connection: ConnectionSettings, options: LookOptions = {}): Promise<HostPicture> {
  const { host, port = 22 } = connection;
  const name = `${host}:${port}`;
  let open: HostConnection;
  try {
    open = await connectHost(connection, { timeoutSeconds: connection.timeoutSeconds ?? connectSeconds, signal: options.signal });
  } catch (error) {
    return { host: name, problem: reason(error) };
  }
  try {
    const [report, reached, heard] = await Promise.all([
      read(open, '/usr/lib/mailserver/check all --json || test $? -le 3', hostReport),
      read(open, `exec python3 - ${(options.targets ?? defaultTargets).map(quoted).join(' ')}`, outboundReport, outbound),
      options.listen && hear(open, options.listen),
    ]);
    return {
      host: name,
      ...('value' in report ? { report: report.value } : { reportProblem: report.problem }),
      ...('value' in reached ? { outbound: reached.value } : { outboundProblem: reached.problem }),
      ...(heard && { heard }),
    };
  } finally {
    await open.close();
  }
}

async function read<T>(
  connection: HostConnection,
  script: string,
  schema: z.ZodType<T>,
  input = '',
): Promise<{ value: T } | { problem: string }> {
  try {
    const { stdout, stderr, code } = await connection.exec(script, { input: Buffer.from(input), timeoutSeconds: checkSeconds });
    const text = stdout.toString();
    if (!text.trim().startsWith('{'))
      return { problem: stderr.trim().split('\n')[0] || `it ended with code ${code} and said nothing` };
    return { value: schema.parse(JSON.parse(text)) };
  } catch (error) {
    return { problem: reason(error) };
  }
}

/** Has the host send a mail to this machine, which throws it away, and tells what name it was announced by. */
async function hear(connection: HostConnection, options: ListenOptions): Promise<HostPicture['heard']> {
  const token = `helo-${randomBytes(6).toString('hex')}`;
  const { address } = options;
  try {
    const listener = await listen(options, token);
    try {
      const sent = await connection.exec(`set -- ${token} ${quoted(address)}\n${announce}`);
      if (sent.code !== 0) return { listener: address, problem: `sendmail failed: ${sent.stderr.trim().split('\n')[0]}` };
      const heard = await listener.heard;
      if (heard.helo === undefined) await connection.exec(`set -- ${token}\n${withdraw}`);
      return { listener: address, ...heard };
    } finally {
      await listener.close();
    }
  } catch (error) {
    return { listener: address, problem: reason(error) };
  }
}

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));
const quoted = (text: string) => `'${text.replace(/'/g, `'\\''`)}'`;
