import type { DeleteRequest, ResourceContext, StateResult } from '../framework/resource';
import type { TerraformObject } from '../framework/values';
import { hostErrorKind, thrownDiagnostic } from './host-diagnostics';
import { addressOf } from './machine-identity';
import { creationIn, knownJumpHostKey } from './private-notes';
import { reporter } from './progress';
import { isReplaced } from './replacement';
import type { ResourceSettings } from './resource-settings';
import type { RoleResourceParts } from './role-logic';
import { knownRoleValues } from './role-values';

/** A machine that is about to go is not waited for: one that does not answer sends no mail either. Seconds. */
const goneAfterSeconds = 15;

/** Forgets the host, stops its services first, or takes the role off it: `on_destroy` decides. A role that is replaced on its machine stays. */
export async function removeRole(
  request: DeleteRequest,
  context: ResourceContext,
  parts: RoleResourceParts,
): Promise<StateResult> {
  const { ssh, onDestroy } = knownRoleValues(request.prior).own;
  if (isReplaced(request.prior, creationIn(request.privateState))) return { state: null, diagnostics: [] };
  if (onDestroy === 'remove') return takeOff(request, ssh, context, parts);
  if (onDestroy === 'stop') return stop(request, ssh, context, parts);
  const detail =
    `Nothing was changed on ${addressOf(ssh)}: as long as the machine exists it goes on to receive and send mail. With ` +
    'on_destroy = "remove", its services are stopped and its managed files removed.';
  return {
    state: null,
    diagnostics: [{ severity: 'warning', summary: 'the mail role is no longer managed, the host was left as it is', detail }],
  };
}

async function takeOff(
  request: DeleteRequest,
  ssh: ResourceSettings['ssh'],
  { signal }: ResourceContext,
  parts: RoleResourceParts,
): Promise<StateResult> {
  const onProgress = reporter(ssh);
  try {
    const connection = await parts.host.connectHost(ssh, { ...knownKeys(request, ssh), signal, onProgress });
    try {
      await parts.host.removeRole(connection, onProgress);
    } finally {
      await connection.close();
    }
    return { state: null, diagnostics: [] };
  } catch (thrown) {
    const gone = hostErrorKind(thrown) === 'unreachable' || hostErrorKind(thrown) === 'hostKey';
    const wayOut = gone
      ? 'If the machine does not exist any more, take the role out of the state: terraform state rm ADDRESS'
      : '';
    return { state: request.prior, diagnostics: [thrownDiagnostic(thrown, 'error', wayOut)] };
  }
}

/**
 * What the queue sends in its last seconds would go out under a name that does not resolve any more, and be refused for good. The
 * machine goes whatever it says, so that it cannot be reached is no reason to stay.
 */
async function stop(
  request: DeleteRequest,
  ssh: ResourceSettings['ssh'],
  { signal }: ResourceContext,
  parts: RoleResourceParts,
): Promise<StateResult> {
  const onProgress = reporter(ssh);
  const timeoutSeconds = Math.min(goneAfterSeconds, ssh.timeoutSeconds ?? goneAfterSeconds);
  try {
    const connection = await parts.host.connectHost(ssh, { ...knownKeys(request, ssh), timeoutSeconds, signal, onProgress });
    try {
      await parts.host.stopRole(connection, onProgress);
    } finally {
      await connection.close();
    }
    return { state: null, diagnostics: [] };
  } catch (thrown) {
    if (signal.aborted || hostErrorKind(thrown) === 'busy') {
      return { state: request.prior, diagnostics: [thrownDiagnostic(thrown)] };
    }
    const addition =
      'Its services were not stopped: should it go on to run, it sends mail under a name that is not its own any more';
    return { state: null, diagnostics: [thrownDiagnostic(thrown, 'warning', addition)] };
  }
}

function knownKeys({ prior, privateState }: DeleteRequest, ssh: ResourceSettings['ssh']) {
  return { expectedHostKey: hostKeyOf(prior), expectedJumpHostKey: knownJumpHostKey(privateState, ssh) };
}

const hostKeyOf = ({ host_key: key }: TerraformObject) => (typeof key === 'string' ? key : undefined);
