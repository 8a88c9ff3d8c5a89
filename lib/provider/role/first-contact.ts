import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import type { ConnectionSettings } from '../../host/connection-settings';
import type { HostErrorKind } from '../../host/host-error';
import type { RoleSettings } from '../../role/settings';
import type { Diagnostic } from '../framework/diagnostics';
import type { PlanRequest, ResourceContext } from '../framework/resource';
import { isWhollyKnown } from '../framework/values';
import { hostErrorKind, thrownDiagnostic } from './host-diagnostics';
import { lookAt } from './live-state';
import { knownJumpHostKey } from './private-notes';
import type { RoleResourceParts } from './role-logic';
import { publicRoleValues } from './role-values';

/** How long a plan waits for a host that it has never seen, in seconds. */
const deadlineSeconds = 5;

/** What a machine that is still being made may look like. Everything else does not heal by waiting. */
const mayHeal: ReadonlySet<HostErrorKind> = new Set(['unreachable', 'authentication', 'sudo', 'connectionLost', 'timeout']);

/**
 * Looks at a host that is planned for the first time, when its address is known already, so that an unsupported system, a wrong
 * host key or a machine that is too small is an error of the plan and not of the apply. Nothing that is found becomes part of
 * the plan: between plan and apply the host may come up or go away.
 */
export async function firstContact(
  { config, privateState }: PlanRequest,
  { signal }: ResourceContext,
  parts: RoleResourceParts,
): Promise<readonly Diagnostic[]> {
  const { ssh, instance_id } = config;
  const { role, own } = publicRoleValues(config);
  if (!isWhollyKnown([ssh ?? null, instance_id ?? null, role]) || !own.ssh) return [];
  const settings = own.ssh as ConnectionSettings;
  try {
    const expectedJumpHostKey = knownJumpHostKey(privateState, settings);
    const connection = await parts.host.connectHost(settings, { expectedJumpHostKey, timeoutSeconds: deadlineSeconds, signal });
    try {
      await lookAt(connection, role as RoleSettings, parts, signal);
      return [];
    } finally {
      await connection.close();
    }
  } catch (thrown) {
    const kind = hostErrorKind(thrown);
    if (kind === 'aborted') return [];
    const waits = kind !== undefined && (mayHeal.has(kind) || (kind === 'privateKey' && !keyExists(settings)));
    if (!waits) return [thrownDiagnostic(thrown)];
    return [thrownDiagnostic(thrown, 'warning', 'The apply will keep trying until the deadline of ssh.timeout_seconds')];
  }
}

/** The key may be made by the same apply. */
function keyExists({ privateKeyPath, bastion }: ConnectionSettings): boolean {
  const paths = [privateKeyPath, bastion?.privateKeyPath].filter((path) => path !== undefined);
  return paths.every((path) => existsSync(path.replace(/^~(?=\/)/, homedir())));
}
