import { setTimeout as wait } from 'node:timers/promises';
import { getProfileName, loadSharedConfigFiles } from '@smithy/core/config';
import { findCredentials } from './credentials';
import { endpointOf } from './endpoints';
import { type AwsCredentials, AwsError, type AwsService, awsCall, type Element } from './query';
import type { StsCall } from './roles';
import type { AwsSettings } from './settings';

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
    const endpoint = endpointOf('ec2', region, this.settings, this.env);
    const service = { name: 'ec2', version: '2016-11-15', endpoint, region } as const;
    return this.call(service, action, parameters, () => this.credentials());
  }

  private call(
    service: AwsService,
    action: string,
    parameters: Readonly<Record<string, string>>,
    credentials: (() => Promise<AwsCredentials>) | undefined,
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
    const region = this.settings.stsRegion ?? (await this.region());
    const endpoint = endpointOf('sts', region, this.settings, this.env);
    const service = { name: 'sts', version: '2011-06-15', endpoint, region } as const;
    const call: StsCall = (action, parameters, keys) =>
      this.call(service, action, parameters, keys ? async () => keys : undefined);
    return findCredentials(this.settings, { env: this.env, region, endpoint, call });
  }
}

function filesOf({ sharedConfigFile, sharedCredentialsFile }: AwsSettings): { configFilepath?: string; filepath?: string } {
  return {
    ...(sharedConfigFile !== undefined && { configFilepath: sharedConfigFile }),
    ...(sharedCredentialsFile !== undefined && { filepath: sharedCredentialsFile }),
  };
}
