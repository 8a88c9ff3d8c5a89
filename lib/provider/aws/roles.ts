import { type AwsCredentials, AwsError, type Element, textIn } from './query';
import type { AssumedRole, SessionLimits, WebIdentity } from './settings';

/** One call of STS, signed with these keys; without keys for the one that takes none. */
export type StsCall = (action: string, parameters: Readonly<Record<string, string>>, keys?: AwsCredentials) => Promise<Element>;

/** What a session is called in AWS' logs unless somebody says otherwise. */
const defaultSession = 'mailserver';

/** Keys of a role, by keys that may assume it. @throws AwsError */
export async function assumeRole(role: AssumedRole, keys: AwsCredentials, call: StsCall): Promise<AwsCredentials> {
  const { roleArn, sessionName = defaultSession, externalId, sourceIdentity, tags = {}, transitiveTagKeys = [] } = role;
  const parameters = {
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    ...(externalId !== undefined && { ExternalId: externalId }),
    ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
    ...members(
      'Tags',
      Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    ),
    ...members('TransitiveTagKeys', transitiveTagKeys),
    ...limits(role),
  };
  return keysIn(await call('AssumeRole', parameters, keys), 'AssumeRoleResult', roleArn);
}

/** Keys of a role, by a token that somebody else has given to this machine. @throws AwsError */
export async function assumeRoleWithToken(
  identity: WebIdentity & { readonly roleArn: string; readonly token: string },
  call: StsCall,
): Promise<AwsCredentials> {
  const { roleArn, sessionName = defaultSession, token } = identity;
  const parameters = { RoleArn: roleArn, RoleSessionName: sessionName, WebIdentityToken: token, ...limits(identity) };
  return keysIn(await call('AssumeRoleWithWebIdentity', parameters), 'AssumeRoleWithWebIdentityResult', roleArn);
}

function limits({ duration, policy, policyArns = [] }: SessionLimits): Record<string, string> {
  return {
    ...(duration !== undefined && { DurationSeconds: String(secondsOf(duration)) }),
    ...(policy !== undefined && { Policy: policy }),
    ...members(
      'PolicyArns',
      policyArns.map((arn) => ({ arn })),
    ),
  };
}

/** Lists of AWS' query protocol: `Tags.member.1.Key`. */
function members(name: string, list: readonly (string | Readonly<Record<string, string>>)[]): Record<string, string> {
  const entries = list.flatMap((each, index): [string, string][] => {
    const path = `${name}.member.${index + 1}`;
    return typeof each === 'string' ? [[path, each]] : Object.entries(each).map(([key, value]) => [`${path}.${key}`, value]);
  });
  return Object.fromEntries(entries);
}

/** `1h30m` in seconds, as Go writes durations. */
export function secondsOf(duration: string): number {
  const units = { h: 3600, m: 60, s: 1 } as const;
  const parts = [...duration.matchAll(/(\d+)([hms])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units], 0);
}

function keysIn(answer: Element, result: string, roleArn: string): AwsCredentials {
  const keys = (answer[result] as Element | undefined)?.Credentials as Element | undefined;
  const [accessKeyId, secretAccessKey] = [textIn(keys, 'AccessKeyId'), textIn(keys, 'SecretAccessKey')];
  if (!accessKeyId || !secretAccessKey) throw new AwsError('NoCredentials', `AWS gives no keys for the role ${roleArn}`);
  const expiration = textIn(keys, 'Expiration');
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: textIn(keys, 'SessionToken'),
    ...(expiration !== undefined && { expiration: new Date(expiration) }),
  };
}
