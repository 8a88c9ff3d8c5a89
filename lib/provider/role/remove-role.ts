import type { DeleteRequest, ResourceContext, StateResult } from '../framework/resource';
import { hostErrorKind, thrownDiagnostic } from './host-diagnostics';
import { addressOf } from './machine-identity';
import { knownJumpHostKey } from './private-notes';
import { reporter } from './progress';
import type { RoleResourceParts } from './role-logic';
import { knownRoleValues } from './role-values';

/** Forgets the host, or takes the role off it first: `on_destroy` decides. */
export async function removeRole(
  { prior, privateState }: DeleteRequest,
  { signal }: ResourceContext,
  parts: RoleResourceParts,
): Promise<StateResult> {
  const { ssh, onDestroy } = knownRoleValues(prior).own;
  if (onDestroy !== 'remove') {
    return {
      state: null,
      diagnostics: [
        {
          severity: 'warning',
          summary: 'the mail role is no longer managed, the host was left as it is',
          detail: `Nothing was changed on ${addressOf(ssh)}: as long as the machine exists it goes on to receive and send mail. With on_destroy = "remove", its services are stopped and its managed files removed.`,
        },
      ],
    };
  }
  const onProgress = reporter(ssh);
  const expectedHostKey = typeof prior.host_key === 'string' ? prior.host_key : undefined;
  try {
    const expectedJumpHostKey = knownJumpHostKey(privateState, ssh);
    const connection = await parts.host.connectHost(ssh, { expectedHostKey, expectedJumpHostKey, signal, onProgress });
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
    return { state: prior, diagnostics: [thrownDiagnostic(thrown, 'error', wayOut)] };
  }
}
