import { randomBytes } from 'node:crypto';
import { ApplyLog, type ApplyResult } from './apply-log';
import type { ChangeSet } from './change-set';
import { collectFacts } from './collect-facts';
import type { DesiredState } from './desired-state';
import { diff, isEmpty } from './diff';
import { factsRequest } from './facts-request';
import type { HostConnection } from './host-connection';
import { HostError } from './host-error';
import { listDelta } from './lists/delta';
import { liveChunks } from './lists/live-chunks';
import { type ListDelta, payload } from './payload';
import cancel from './remote/cancel.sh';
import confirm from './remote/confirm.sh';
import follow from './remote/follow.sh';
import quietly from './remote/quietly.sh';
import receive from './remote/receive.sh';
import { pauses } from './retry';
import { assignLines } from './shell';
import { SteadyConnection } from './steady-connection';
import { packTar } from './tar';

export interface ApplyOptions {
  readonly connection: HostConnection;
  /** Opens a second connection, the way the first one was opened: it confirms the change, or finds it again after a loss. */
  readonly reconnect: () => Promise<HostConnection>;
  readonly desired: DesiredState;
  readonly changes: ChangeSet;
  /** Lines of progress such as `[3.2 s] packages: install postfix postgrey`. */
  readonly onProgress?: (line: string) => void;
  /** An abort before the change is confirmed makes the host put its old state back. */
  readonly signal?: AbortSignal;
  /** How long the host waits for the confirmation, in seconds. Default: 60. */
  readonly confirmationSeconds?: number;
}

/** The host keeps its own deadlines; this one only ends a connection that nobody uses any more. */
const followSeconds = 3 * 3600;

/**
 * Nothing of the change was done, for a reason that a new look cures: an earlier apply was cut off and has been undone just now,
 * another one came in between, or the connection broke while the change was sent.
 */
const mayTryAgain: ReadonlySet<ApplyResult['kind']> = new Set(['interrupted', 'outdated', 'notArrived']);
const mostAttempts = 5;

/** To confirm takes milliseconds; an attempt on a connection that went silent must leave time for another one. */
const confirmSeconds = 10;

/**
 * Brings a host to the desired state as one transaction that outlives the connection.
 *
 * @throws {HostError} `busy`, `refused`, `failed`, `rolledBack`, `unwell`, `aborted` or `connectionLost`
 */
export async function applyChanges(options: ApplyOptions): Promise<void> {
  const { desired, reconnect } = options;
  const steady = new SteadyConnection(options.connection, reconnect);
  let { changes } = options;
  try {
    for (let attempts = 1; ; attempts++) {
      const log = await new Apply({ ...options, connection: steady.current }).run(changes);
      const { kind } = log.result ?? {};
      if (kind === undefined || !mayTryAgain.has(kind) || attempts === mostAttempts) {
        return log.throwUnlessDone(steady.address);
      }
      // Also finds a new connection, where the old one is gone.
      changes = diff(await collectFacts(steady, factsRequest(desired)), desired);
      if (isEmpty(changes)) return;
    }
  } finally {
    await steady.close();
  }
}

/** One transaction: sent, followed, confirmed. */
class Apply {
  private readonly id = `${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}-${randomBytes(2).toString('hex')}`;
  private readonly log: ApplyLog;
  private confirmation: Promise<void> | undefined;
  /** The host has heard that it can be reached. */
  private confirmed = false;
  /** Nobody follows any more, so nobody may confirm either. */
  private ended = false;

  constructor(private readonly options: ApplyOptions) {
    this.log = new ApplyLog(options.onProgress);
  }

  async run(changes: ChangeSet): Promise<ApplyLog> {
    const { desired, signal, confirmationSeconds = 60 } = this.options;
    if (signal?.aborted) throw new HostError('aborted', 'stopped before anything was changed');
    const lists = await this.listDeltas(changes);
    const input = await packTar(payload(desired, changes, { id: this.id, confirmationSeconds }, lists), new Date());
    const onAbort = () => void this.cancel();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await this.start(input);
      await this.confirmation;
    } finally {
      this.ended = true;
      signal?.removeEventListener('abort', onAbort);
    }
    return this.log;
  }

  /** Of each list that changes, what the host does not have. */
  private async listDeltas(changes: ChangeSet): Promise<ListDelta[]> {
    const { connection, desired, signal } = this.options;
    const deltas: ListDelta[] = [];
    for (const list of desired.lists ?? []) {
      const action = changes.files.find(({ path }) => path === list.path)?.action;
      if (action === undefined) continue;
      const live = action === 'create' ? undefined : await liveChunks(connection, list.path, signal);
      deltas.push({ list, delta: await listDelta(list, live) });
    }
    return deltas;
  }

  private async start(input: Buffer): Promise<void> {
    const { connection } = this.options;
    let lost = await this.unlessLost(() => this.follow(connection, `${quietly}${receive}${this.followScript()}`, input));
    while (lost) lost = await this.followAgain(lost);
  }

  private async unlessLost(work: () => Promise<void>): Promise<HostError | undefined> {
    try {
      await work();
      return undefined;
    } catch (error) {
      if (error instanceof HostError && error.kind === 'connectionLost') return error;
      throw error;
    }
  }

  /** The host goes on without us; what it does is to be had over a new connection, until that one is lost. */
  private async followAgain(lost: HostError): Promise<HostError | undefined> {
    this.options.onProgress?.(`${lost.message}; connecting again`);
    const connection = await this.reconnect(lost);
    try {
      return await this.unlessLost(() => this.follow(connection, this.followScript()));
    } finally {
      await connection.close();
    }
  }

  private followScript(): string {
    return `${assignLines('ID', [this.id])}${assignLines('FROM', [String(this.log.lines + 1)])}${follow}`;
  }

  private async follow(connection: HostConnection, script: string, input?: Buffer): Promise<void> {
    const result = await connection.exec(script, {
      input,
      timeoutSeconds: followSeconds,
      onLine: (line) => {
        if (this.log.take(line) === 'waiting') this.confirmation ??= this.confirm();
      },
    });
    if (this.log.result === undefined) {
      const reason = result.stderr.trim() || `exit ${result.code}`;
      throw new HostError('failed', `the apply on ${connection.address} could not be started or followed: ${reason}`);
    }
  }

  private async reconnect(lost: HostError): Promise<HostConnection> {
    try {
      return await this.options.reconnect();
    } catch (error) {
      const outlook = this.confirmed
        ? 'the new state was confirmed, so it stays unless a last step failed: the next plan shows it'
        : 'the host goes back to its old state by itself when nobody confirms the new one';
      throw new HostError(
        'connectionLost',
        `${lost.message}, and it cannot be reached again (${(error as Error).message}); ${outlook}`,
        { cause: error },
      );
    }
  }

  /**
   * Tries until the host has heard it, has come to a result without it, or waits no more. A failure here needs no handling of
   * its own: the host tells about it when it goes back.
   */
  private async confirm(): Promise<void> {
    const { signal, confirmationSeconds = 60 } = this.options;
    const pause = pauses({ deadline: Date.now() + confirmationSeconds * 1000, signal });
    let said: string | undefined;
    do {
      if (this.ended || signal?.aborted || this.log.result !== undefined) return;
      try {
        return await this.confirmOnce();
      } catch (error) {
        const { message } = error as Error;
        if (message !== said) this.log.note(`no second connection: ${message}`);
        said = message;
      }
    } while (await pause().catch(() => false));
  }

  private async confirmOnce(): Promise<void> {
    const connection = await this.options.reconnect();
    try {
      if (this.options.signal?.aborted) return;
      const { code } = await connection.exec(`${assignLines('ID', [this.id])}${confirm}`, { timeoutSeconds: confirmSeconds });
      this.confirmed = code === 0;
    } finally {
      await connection.close();
    }
  }

  private async cancel(): Promise<void> {
    this.options.onProgress?.('stopping: the host puts its old state back');
    await this.options.connection.exec(cancel).catch(() => undefined);
  }
}
