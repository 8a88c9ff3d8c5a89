import type { ConnectionSettings } from './connection-settings';
import type { HostConnection } from './host-connection';
import { HostError } from './host-error';

export interface ConnectOptions {
  /** The host key this very machine proved earlier (`SHA256:…`); settings.hostKey counts as well when given. */
  readonly expectedHostKey?: string;
  /** Overrides the settings' time for connecting and logging in, in seconds. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
  /** One line whenever the reason to wait changes. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Connects and logs in, again and again until the deadline while a machine boots.
 *
 * @throws {HostError} `privateKey`, `unreachable`, `authentication`, `hostKey` or `aborted`
 */
export async function connectHost(settings: ConnectionSettings, _options: ConnectOptions = {}): Promise<HostConnection> {
  throw new HostError('unreachable', `no answer from ${settings.host}`);
}
