import type { ExecOptions, ExecResult, HostConnection } from './host-connection';
import { HostError } from './host-error';

/** How often in a row a command is begun anew. */
const mostLosses = 3;

/**
 * A connection that is opened again when it breaks. For scripts that change nothing, since a script that was under way runs again.
 */
export class SteadyConnection implements HostConnection {
  private replacement: HostConnection | undefined;

  /** @param first Stays its owner's to close. */
  constructor(
    private readonly first: HostConnection,
    private readonly reconnect: () => Promise<HostConnection>,
  ) {}

  /** The open one. */
  get current(): HostConnection {
    return this.replacement ?? this.first;
  }

  get hostKey(): string {
    return this.first.hostKey;
  }

  get jumpHostKey(): string | undefined {
    return this.first.jumpHostKey;
  }

  get address(): string {
    return this.first.address;
  }

  async exec(script: string, options?: ExecOptions): Promise<ExecResult> {
    for (let losses = 1; ; losses++) {
      try {
        return await this.current.exec(script, options);
      } catch (error) {
        const lost = error instanceof HostError && error.kind === 'connectionLost';
        if (!lost || losses > mostLosses) throw error;
        await this.close();
        this.replacement = await this.reconnect();
      }
    }
  }

  /** Closes what it opened itself. */
  async close(): Promise<void> {
    const opened = this.replacement;
    this.replacement = undefined;
    await opened?.close();
  }
}
