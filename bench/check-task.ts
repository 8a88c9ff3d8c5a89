import type { ConnectionSettings } from '../lib/host/connection-settings';
import type { DesiredState } from '../lib/host/desired-state';

/** What `no-op-check` reads from the file it is given. */
export interface CheckTask {
  readonly connection: ConnectionSettings;
  readonly desired: DesiredState;
  /** Only a part of what the host has is asked for. */
  readonly partial?: boolean;
}
