import { randomBytes } from 'node:crypto';
import { connectHost } from '../../host/connect';
import type { ConnectionSettings } from '../../host/connection-settings';
import type { HostConnection } from '../../host/host-connection';
import { shellQuote } from '../../host/shell';
import { sshCommand } from '../../host/ssh-command';
import announce from '../remote/announce.sh';
import withdraw from '../remote/withdraw.sh';
import { type ListenOptions, listen } from './listener';
import { defaultTargets, tryOutbound } from './outbound';
import { type HostPicture, hostReport } from './picture';
import { readJson } from './read';

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
    return { host: name, login: sshCommand(connection), problem: reason(error) };
  }
  try {
    const [report, reached, heard] = await Promise.all([
      readJson(open, '/usr/lib/mailserver/check all --json || test $? -le 3', hostReport, { timeoutSeconds: checkSeconds }),
      tryOutbound(open, options.targets ?? defaultTargets, { timeoutSeconds: checkSeconds }),
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

/** Has the host send a mail to this machine, which throws it away, and tells what name it was announced by. */
async function hear(connection: HostConnection, options: ListenOptions): Promise<HostPicture['heard']> {
  const token = `helo-${randomBytes(6).toString('hex')}`;
  const { address } = options;
  try {
    const listener = await listen(options, token);
    try {
      const sent = await connection.exec(`set -- ${token} ${shellQuote(address)}\n${announce}`);
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
