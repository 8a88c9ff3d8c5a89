import type { HostConnection } from './host-connection';
import { HostError } from './host-error';
import type { FactsRequest, HostFacts } from './host-facts';

/**
 * Asks a host for everything the diff needs, in one exec, and changes nothing on it.
 *
 * @throws {HostError} `unsupportedOs` when it runs something else than the request was made for
 */
export async function collectFacts(connection: HostConnection, _request: FactsRequest): Promise<HostFacts> {
  throw new HostError('failed', `no facts from ${connection.address}`);
}
