import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type AwsCredentials, AwsError } from './query';
import { assumeRole, assumeRoleWithToken, type StsCall } from './roles';
import type { AwsSettings, WebIdentity } from './settings';
import { httpsAgent } from './trust';

interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly region: string;
  /** Of STS. */
  readonly endpoint: string;
  readonly call: StsCall;
}

/** A token of a web identity is small; what is larger is none. Bytes. */
const largestToken = 20_000;

/**
 * Keys by the order of Terraform's AWS provider: a web identity or profile that it is given, keys of the environment (also next to
 * AWS_PROFILE), a web identity of the environment, then profile and machine. Its roles come last, each assumed by the one before it.
 *
 * @throws AwsError
 */
export async function findCredentials(settings: AwsSettings, around: Surroundings): Promise<AwsCredentials> {
  let keys = await baseCredentials(settings, around);
  for (const role of settings.assumeRole ?? []) keys = await assumeRole(role, keys, around.call);
  return keys;
}

async function baseCredentials(settings: AwsSettings, around: Surroundings): Promise<AwsCredentials> {
  const { env } = around;
  if (settings.webIdentity) return withToken(settings.webIdentity, around);
  if (settings.profile === undefined) {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = env;
    if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
    if (env.AWS_WEB_IDENTITY_TOKEN_FILE) return withToken({}, around);
  }
  return ofProfileOrMachine(settings, around);
}

async function ofProfileOrMachine(settings: AwsSettings, { region, endpoint }: Surroundings): Promise<AwsCredentials> {
  const { profile, sharedConfigFile, sharedCredentialsFile } = settings;
  const requestHandler = new NodeHttpHandler({ httpsAgent: httpsAgent(endpoint) });
  const files = {
    ...(sharedConfigFile !== undefined && { configFilepath: sharedConfigFile }),
    ...(sharedCredentialsFile !== undefined && { filepath: sharedCredentialsFile }),
  };
  try {
    return await defaultProvider({ profile, ...files, clientConfig: { region, requestHandler } })();
  } catch (error) {
    throw new AwsError('NoCredentials', `no credentials for AWS: ${error instanceof Error ? error.message : error}`);
  }
}

/** What the settings leave out is in the environment. */
async function withToken(identity: WebIdentity, { env, call }: Surroundings): Promise<AwsCredentials> {
  const roleArn = identity.roleArn ?? env.AWS_ROLE_ARN;
  const file = identity.tokenFile ?? env.AWS_WEB_IDENTITY_TOKEN_FILE;
  if (!roleArn || !file) {
    const missing = [...(roleArn ? [] : ['AWS_ROLE_ARN']), ...(file ? [] : ['AWS_WEB_IDENTITY_TOKEN_FILE'])].join(' and ');
    throw new AwsError(
      'NoCredentials',
      `no credentials for AWS: a web identity needs a role and a file with its token: set ${missing}`,
    );
  }
  const token = await readToken(file.replace(/^~(?=\/)/, homedir()));
  const sessionName = identity.sessionName ?? (env.AWS_ROLE_SESSION_NAME || undefined);
  return assumeRoleWithToken({ ...identity, roleArn, sessionName, token }, call);
}

async function readToken(path: string): Promise<string> {
  let token: string;
  try {
    token = (await readFile(path, 'utf8')).trim();
  } catch (error) {
    const { message } = error as Error;
    throw new AwsError('NoCredentials', `no credentials for AWS: the token of the web identity cannot be read: ${message}`);
  }
  if (token !== '' && token.length <= largestToken) return token;
  throw new AwsError('NoCredentials', `no credentials for AWS: ${path} holds no token of a web identity`);
}
