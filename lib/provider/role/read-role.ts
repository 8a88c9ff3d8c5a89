import type { HostConnection } from '../../host/host-connection';
import type { RoleSettings } from '../../role/settings';
import type { Diagnostic } from '../framework/diagnostics';
import type { ReadRequest, ResourceContext, StateResult } from '../framework/resource';
import type { TerraformObject } from '../framework/values';
import { derivedWarnings } from './derived-warnings';
import { hostErrorKind, thrownDiagnostic } from './host-diagnostics';
import { importSyntax } from './import-id';
import { noteLook } from './list-changes';
import { type LiveHost, liveAttributes } from './live-state';
import { type LookAtRest, lookAtRest, unfinishedWarning } from './look-at-rest';
import { addressOf } from './machine-identity';
import { doubtIn, isUnseen, knownJumpHostKey, seen, withDoubt, withJumpHost, withoutDoubt } from './private-notes';
import { reporter } from './progress';
import type { RoleResourceParts } from './role-logic';
import { knownRoleValues } from './role-values';
import { keepServiceFiles, serviceFiles } from './service-files';

/** A refresh must not wait for a machine that is gone: then there is only the state to plan from. Seconds. */
const refreshDeadlineSeconds = 10;

/** Longer than an apply waits for its confirmation and then goes back, which is how one ends that lost its Terraform. */
const waiting = { seconds: 120 };

/**
 * The live host into the state. A host that cannot be reached, or that is another machine than before, is not an error here: it may
 * be terminated or replaced in this very plan, and `plan` and `destroy` must go on. The doubt is kept for the plan, which knows.
 * Only an import has nothing else to go by, and fails.
 */
export async function readRole(
  { state, privateState }: ReadRequest,
  context: ResourceContext,
  parts: RoleResourceParts,
): Promise<StateResult> {
  const { role, own } = knownRoleValues(state);
  const { ssh } = own;
  const expectedHostKey = typeof state.host_key === 'string' ? state.host_key : undefined;
  const timeoutSeconds = Math.min(refreshDeadlineSeconds, ssh.timeoutSeconds ?? refreshDeadlineSeconds);
  try {
    const expectedJumpHostKey = knownJumpHostKey(privateState, ssh);
    const options = { expectedHostKey, expectedJumpHostKey, timeoutSeconds, signal: context.signal, onProgress: reporter(ssh) };
    const connection = await parts.host.connectHost(ssh, options);
    try {
      const look = await lookWith(connection, role, parts, { ...waiting, signal: context.signal, onProgress: reporter(ssh) });
      const { live } = look;
      noteLook(parts.host, addressOf(ssh));
      return {
        state: withServiceFiles({ ...state, ...liveAttributes(live, ssh, connection.hostKey) }, live),
        privateState: withJumpHost(withoutDoubt(seen(privateState)), ssh, connection),
        diagnostics: [...unfinishedWarning(look), ...derivedWarnings(live.facts)],
      };
    } finally {
      await connection.close();
    }
  } catch (thrown) {
    if (isUnseen(privateState)) return { state, diagnostics: [importError(thrown)] };
    const doubt = { kind: hostErrorKind(thrown) ?? 'role', message: thrown instanceof Error ? thrown.message : String(thrown) };
    const repeated = doubtIn(privateState)?.message === doubt.message && doubt.kind === 'role';
    return { state, privateState: withDoubt(privateState, doubt), diagnostics: repeated ? [] : [refreshWarning(thrown)] };
  }
}

/** Of a host in no role, which has no name yet. */
const unsetHeloName = 'imported.invalid';

/** An imported state has no settings yet: it shows the host as the role's defaults would look at it, under the name that it has. */
async function lookWith(
  connection: HostConnection,
  role: Partial<RoleSettings>,
  parts: RoleResourceParts,
  options: Parameters<typeof lookAtRest>[3],
): Promise<LookAtRest> {
  const look = (heloName: string) => lookAtRest(connection, { ...role, heloName }, parts, options);
  if (role.heloName !== undefined) return look(role.heloName);
  const unnamed = await look(unsetHeloName);
  const name = parts.role.nameOnHost(unnamed.live.facts);
  return name === undefined ? unnamed : look(name);
}

function withServiceFiles(state: TerraformObject, { facts, desired }: LiveHost): TerraformObject {
  const files = keepServiceFiles(state.files ?? null, state.created_once ?? null, serviceFiles(facts, desired));
  return { ...state, files };
}

/** An import that saw nothing would leave a state without anything in it, as if the host had none of it. */
const importError = (thrown: unknown): Diagnostic =>
  thrownDiagnostic(thrown, 'error', `Nothing was imported. The whole way to the host is part of its address: ${importSyntax}`);

function refreshWarning(thrown: unknown): Diagnostic {
  const diagnostic = thrownDiagnostic(thrown, 'warning', 'This plan is made from the last known state of the host');
  return hostErrorKind(thrown) ? diagnostic : { ...diagnostic, summary: 'the mail host was not looked at' };
}
