import { setTimeout as wait } from 'node:timers/promises';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { getProfileName, loadSharedConfigFiles } from '@smithy/core/config';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type AwsCredentials, AwsError, type AwsService, awsCall, type Element, textIn } from './query';
import type { AwsSettings } from './settings';
import { httpsAgent } from './trust';

/** A session is renewed when it has less left. Milliseconds. */
const renewBefore = 300_000;

/** Calls to AWS in one region, as the one whom settings and environment name; by the rules of Terraform's AWS provider. */
export class AwsSession {
  private kept: Promise<AwsCredentials> | undefined;
  private named: Promise<string> | undefined;

  constructor(
    private readonly settings: AwsSettings,
    private readonly signal: AbortSignal,
    private readonly env: NodeJS.ProcessEnv = process.env,
  ) {}

  /** @throws AwsError */
  async ec2(action: string, parameters: Readonly<Record<string, string>>): Promise<Element> {
    const region = await this.region();
    const { ec2Endpoint } = this.settings;
    const endpoint = ec2Endpoint ?? this.env.AWS_ENDPOINT_URL_EC2 ?? this.endpointOf('ec2', region);
    const service = { name: 'ec2', version: '2016-11-15', endpoint, region } as const;
    return this.call(service, action, parameters, () => this.credentials());
  }

  private call(
    service: AwsService,
    action: string,
    parameters: Readonly<Record<string, string>>,
    credentials: () => Promise<AwsCredentials>,
  ): Promise<Element> {
    const { signal } = this;
    const sleep = (milliseconds: number) => wait(milliseconds, undefined, { signal }).catch(() => undefined);
    return awsCall(service, action, parameters, credentials, { signal, sleep });
  }

  private region(): Promise<string> {
    this.named ??= this.findRegion();
    return this.named;
  }

  private async findRegion(): Promise<string> {
    const { region, profile, ...files } = this.settings;
    const known = region ?? (this.env.AWS_REGION || this.env.AWS_DEFAULT_REGION);
    if (known) return known;
    const { configFile, credentialsFile } = await loadSharedConfigFiles(filesOf(files));
    const name = getProfileName({ profile });
    const found = configFile[name]?.region ?? credentialsFile[name]?.region;
    if (found) return found;
    throw new AwsError('NoRegion', 'no region is known: give it to the AWS provider of the stack, or set AWS_REGION');
  }

  private async credentials(): Promise<AwsCredentials> {
    const kept = await this.kept?.catch(() => undefined);
    if (kept && (kept.expiration === undefined || kept.expiration.getTime() - Date.now() > renewBefore)) return kept;
    this.kept = this.findCredentials();
    return this.kept;
  }

  private async findCredentials(): Promise<AwsCredentials> {
    const region = await this.region();
    const { profile, assumeRole = [], ...files } = this.settings;
    const sts = this.settings.stsEndpoint ?? this.env.AWS_ENDPOINT_URL_STS ?? this.endpointOf('sts', region);
    const requestHandler = new NodeHttpHandler({ httpsAgent: httpsAgent(sts) });
    const chain = defaultProvider({ profile, ...filesOf(files), clientConfig: { region, requestHandler } });
    let credentials: AwsCredentials;
    try {
      credentials = await chain();
    } catch (error) {
      throw new AwsError('NoCredentials', `no credentials for AWS: ${error instanceof Error ? error.message : error}`);
    }
    for (const role of assumeRole) credentials = await this.assumed(role, credentials, { endpoint: sts, region });
    return credentials;
  }

  private async assumed(
    { roleArn, sessionName = 'mailserver', externalId }: NonNullable<AwsSettings['assumeRole']>[number],
    credentials: AwsCredentials,
    at: Pick<AwsService, 'endpoint' | 'region'>,
  ): Promise<AwsCredentials> {
    const parameters = {
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      ...(externalId !== undefined && { ExternalId: externalId }),
    };
    const service = { name: 'sts', version: '2011-06-15', ...at } as const;
    const answer = await this.call(service, 'AssumeRole', parameters, async () => credentials);
    const keys = (answer.AssumeRoleResult as Element | undefined)?.Credentials as Element | undefined;
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

  private endpointOf(service: 'ec2' | 'sts', region: string): string {
    const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
    return this.env.AWS_ENDPOINT_URL || `https://${service}.${region}.${domain}`;
  }
}

function filesOf({ sharedConfigFile, sharedCredentialsFile }: AwsSettings): { configFilepath?: string; filepath?: string } {
  return {
    ...(sharedConfigFile !== undefined && { configFilepath: sharedConfigFile }),
    ...(sharedCredentialsFile !== undefined && { filepath: sharedCredentialsFile }),
  };
}
