import type { DesiredState } from '../../host/desired-state';
import type { HostConnection } from '../../host/host-connection';
import type { Diagnostic } from '../framework/diagnostics';
import { isObject, type TerraformObject, UNKNOWN } from '../framework/values';
import type { RoleLogic, RoleResourceParts } from './role-logic';

/**
 * Whoever answers at the address of a new host may be somebody else: nothing proves a key that is seen for the first time. Such a host
 * gets its configuration and no secret. The next apply expects the same key, and brings the secrets.
 */
export function isTrusted(config: TerraformObject, expectedHostKey: unknown): boolean {
  if (expectedHostKey !== undefined && expectedHostKey !== null && expectedHostKey !== UNKNOWN) return true;
  if (!isObject(config.ssh)) return false;
  return (config.ssh.host_key ?? null) !== null || config.ssh.trust_first_contact === true;
}

/** The state without what is built from secrets. */
export function withoutSecrets(desired: DesiredState): DesiredState {
  const { derived, secrets = [] } = desired;
  if (secrets.length === 0) return desired;
  const held = new Set(secrets.map((secret) => secret.derived));
  return { ...desired, derived: derived.filter(({ name }) => !held.has(name)), secrets: [] };
}

/** The parts of an apply that brings no secrets to a host that is not trusted, nor what a plan was made without. */
export function holdingBack(
  parts: RoleResourceParts,
  planned: TerraformObject,
  trusted: boolean,
): { readonly parts: RoleResourceParts; readonly held: () => boolean } {
  let held = false;
  const renderRole: RoleLogic['renderRole'] = (...settings) => {
    const desired = parts.role.renderRole(...settings);
    if ((desired.secrets ?? []).length === 0 || (trusted && !isLeftOut(planned, desired))) return desired;
    held = true;
    return withoutSecrets(desired);
  };
  return { parts: { ...parts, role: { ...parts.role, renderRole } }, held: () => held };
}

function isLeftOut(planned: TerraformObject, { secrets = [] }: DesiredState): boolean {
  const { derived } = planned;
  return isObject(derived) && secrets.some((secret) => !Object.hasOwn(derived, secret.derived));
}

/** What to do about it. */
export function heldBackWarning({ address, hostKey }: HostConnection, config: TerraformObject): Diagnostic {
  return {
    severity: 'warning',
    summary: `the passwords of ${withPasswords(config).join(' and ')} are not on the mail host yet`,
    detail:
      `${address} was contacted for the first time, and nothing proves yet that its host key is the right one: ${hostKey}. ` +
      `Compare it with ${wayToCompare(config.instance_id)}. Then apply again: the key is expected from now on, and the passwords are sent. ` +
      'To have them sent by the first apply, pin hostKey in the connection, or set trustFirstContact: true there',
    attribute: [{ attribute_name: withPasswords(config)[0] === 'relay' ? 'relay' : 'submission_users' }],
  };
}

/** The properties that have any. */
function withPasswords({ submission_users: users, relay }: TerraformObject): readonly string[] {
  const hasLogin = Array.isArray(relay) && relay.some((each) => isObject(each) && isObject(each.login));
  return [...(isObject(users) || !hasLogin ? ['submissionUsers'] : []), ...(hasLogin ? ['relay'] : [])];
}

function wayToCompare(instanceId: unknown): string {
  if (typeof instanceId === 'string' && instanceId.startsWith('i-')) {
    return `what the instance said at its first boot: aws ec2 get-console-output --instance-id ${instanceId} --latest --output text | grep SHA256`;
  }
  return 'what the host itself says, at its console: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub';
}
