import type { HostConnection } from '../../host/host-connection';
import { checkOutbound, isMailBlocked } from '../../verify/checks/outbound';
import type { Finding } from '../../verify/finding';
import { defaultTargets, tryOutbound } from '../../verify/host/outbound';
import type { OutboundAttempt } from './role-logic';

/** For everything; an attempt alone ends after six. Seconds. */
const timeoutSeconds = 10;

/**
 * Whether outgoing port 25 is blocked, as AWS does until one has asked for it. Only what was turned away counts: a host that resolves no name,
 * as in a network without a way out, says nothing about its port. Never rejects.
 */
export async function blockedPort(
  connection: HostConnection,
  { targets = defaultTargets, heloName, addresses, signal }: OutboundAttempt,
): Promise<Finding | undefined> {
  if (targets.length === 0) return undefined;
  const tried = await tryOutbound(connection, targets, { timeoutSeconds, signal });
  if (!('value' in tried) || !isMailBlocked(tried.value)) return undefined;
  return checkOutbound({ host: connection.address, outbound: tried.value }, heloName, addresses)[0];
}
