import type { ChangeSet } from './change-set';
import type { DesiredState } from './desired-state';
import type { HostConnection } from './host-connection';
import { HostError } from './host-error';

export interface ApplyOptions {
  readonly connection: HostConnection;
  /** Opens a second connection, the way the first one was opened: it confirms the change, or finds it again after a loss. */
  readonly reconnect: () => Promise<HostConnection>;
  readonly desired: DesiredState;
  readonly changes: ChangeSet;
  /** Lines of progress such as `[3.2 s] packages: install postfix, postgrey`. */
  readonly onProgress?: (line: string) => void;
  /** An abort before the change is confirmed makes the host put its old state back. */
  readonly signal?: AbortSignal;
}

/**
 * Brings a host to the desired state as one transaction that outlives the connection.
 *
 * @throws {HostError} `busy`, `refused`, `failed`, `rolledBack`, `aborted` or `connectionLost`
 */
export async function applyChanges(options: ApplyOptions): Promise<void> {
  throw new HostError('failed', `nothing applied on ${options.connection.address}`);
}
