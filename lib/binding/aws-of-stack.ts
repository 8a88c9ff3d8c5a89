import type { AwsProvider, AwsProviderAssumeRole, AwsProviderEndpoints } from '@cdktf/provider-aws/lib/provider';
import { TerraformProvider, TerraformStack, Token } from 'cdktf';
import type { IConstruct } from 'constructs';
import { MailServerInputError } from '../errors';
import type { AwsSettings } from '../provider/aws/settings';

/**
 * What our provider has to know to call AWS as the stack's AWS provider does. Asked for when the stack is synthesised: that provider may
 * be written below what uses it.
 *
 * @throws MailServerInputError when it is given keys, which would get into Terraform's state
 */
export function awsOf(scope: IConstruct, given?: TerraformProvider): AwsSettings | undefined {
  const provider = (given ?? defaultAwsProvider(scope)) as AwsProvider | undefined;
  if (!provider) return undefined;
  const secret = (['accessKey', 'secretKey', 'token'] as const).find((property) => provider[property] !== undefined);
  if (secret) {
    throw refused(
      provider,
      `${secret} of the AWS provider would get into Terraform's state, where the reverse name is destroyed from: leave it out and set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, or a profile`,
    );
  }
  if (provider.assumeRoleWithWebIdentity !== undefined) {
    throw refused(
      provider,
      'assumeRoleWithWebIdentity of the AWS provider is not known to the provider of the reverse name: set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE instead',
    );
  }
  const ec2 = endpointOf(provider, 'ec2');
  const sts = endpointOf(provider, 'sts');
  const settings: AwsSettings = {
    region: provider.region,
    profile: provider.profile,
    sharedConfigFile: provider.sharedConfigFiles?.[0],
    sharedCredentialsFile: provider.sharedCredentialsFiles?.[0],
    assumeRole: rolesOf(provider),
    ec2Endpoint: ec2,
    stsEndpoint: sts,
  };
  return Object.values(settings).some((value) => value !== undefined) ? settings : undefined;
}

const refused = (provider: IConstruct, message: string) => new MailServerInputError(provider, message);

/** The AWS provider of a scope's stack that has no alias. */
export function defaultAwsProvider(scope: IConstruct): TerraformProvider | undefined {
  return TerraformStack.of(scope)
    .node.findAll()
    .find(
      (node): node is TerraformProvider =>
        TerraformProvider.isTerraformProvider(node) && node.terraformResourceType === 'aws' && node.alias === undefined,
    );
}

function rolesOf({ assumeRole }: AwsProvider): AwsSettings['assumeRole'] {
  if (!Array.isArray(assumeRole) || Token.isUnresolved(assumeRole)) return undefined;
  return (assumeRole as readonly AwsProviderAssumeRole[]).flatMap(({ roleArn, sessionName, externalId }) =>
    roleArn === undefined ? [] : [{ roleArn, sessionName, externalId }],
  );
}

function endpointOf({ endpoints }: AwsProvider, service: 'ec2' | 'sts'): string | undefined {
  if (!Array.isArray(endpoints) || Token.isUnresolved(endpoints)) return undefined;
  return (endpoints as readonly AwsProviderEndpoints[]).map((each) => each[service]).find((url) => url !== undefined);
}
