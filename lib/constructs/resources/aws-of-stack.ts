import type {
  AwsProvider,
  AwsProviderAssumeRole,
  AwsProviderAssumeRoleWithWebIdentity,
  AwsProviderEndpoints,
} from '@cdktf/provider-aws/lib/provider';
import { TerraformProvider, TerraformStack, Token } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { AwsSettings } from '../../provider/aws/settings';
import { MailServerInputError } from '../synth/errors';

/** Properties of the AWS provider that cannot be used as they are, with what to do instead. */
const unusable = {
  accessKey: keysInState('accessKey'),
  secretKey: keysInState('secretKey'),
  token: keysInState('token'),
  customCaBundle: instead('customCaBundle', 'set AWS_CA_BUNDLE, which both know'),
  httpProxy: instead('httpProxy', 'set HTTPS_PROXY, which both know'),
  httpsProxy: instead('httpsProxy', 'set HTTPS_PROXY, which both know'),
  noProxy: instead('noProxy', 'set NO_PROXY, which both know'),
  ec2MetadataServiceEndpoint: instead('ec2MetadataServiceEndpoint', 'set AWS_EC2_METADATA_SERVICE_ENDPOINT, which both know'),
  ec2MetadataServiceEndpointMode: instead(
    'ec2MetadataServiceEndpointMode',
    'set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, which both know',
  ),
} as const;

function keysInState(property: string): string {
  return `${property} of the AWS provider would get into Terraform's state, where the reverse name is destroyed from: leave it out and set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, or a profile`;
}

function instead(property: string, fix: string): string {
  return `${property} of the AWS provider is not known to the provider of the reverse name, which asks AWS, too: leave it out and ${fix}`;
}

/**
 * What our provider has to know to call AWS as the stack's AWS provider does. Asked for when the stack is synthesised: that provider may
 * be written below what uses it.
 *
 * @throws MailServerInputError when it is given keys, which would get into Terraform's state, or what our provider cannot do as well
 */
export function awsOf(scope: IConstruct, given?: TerraformProvider): AwsSettings | undefined {
  const provider = (given ?? defaultAwsProvider(scope)) as AwsProvider | undefined;
  if (!provider) return undefined;
  for (const [property, problem] of Object.entries(unusable)) {
    if (provider[property as keyof typeof unusable] !== undefined) throw refused(provider, problem);
  }
  if (provider.insecure !== undefined && provider.insecure !== false) {
    throw refused(
      provider,
      'insecure: our calls to AWS always look at its certificates: leave it out, and set AWS_CA_BUNDLE for one of your own',
    );
  }
  const settings: AwsSettings = {
    region: provider.region,
    profile: provider.profile,
    sharedConfigFile: onlyFile(provider, 'sharedConfigFiles'),
    sharedCredentialsFile: onlyFile(provider, 'sharedCredentialsFiles'),
    webIdentity: webIdentityOf(provider),
    assumeRole: rolesOf(provider),
    ec2Endpoint: endpointOf(provider, 'ec2'),
    stsEndpoint: endpointOf(provider, 'sts'),
    stsRegion: provider.stsRegion,
    useFipsEndpoint: provider.useFipsEndpoint as boolean | undefined,
    useDualstackEndpoint: provider.useDualstackEndpoint as boolean | undefined,
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

function rolesOf(provider: AwsProvider): AwsSettings['assumeRole'] {
  const roles = blocks<AwsProviderAssumeRole>(provider, 'assumeRole').flatMap(({ roleArn, ...others }) =>
    roleArn === undefined ? [] : [{ ...others, roleArn }],
  );
  return roles.length === 0 ? undefined : roles;
}

function webIdentityOf(provider: AwsProvider): AwsSettings['webIdentity'] {
  const [identity] = blocks<AwsProviderAssumeRoleWithWebIdentity>(provider, 'assumeRoleWithWebIdentity');
  if (!identity) return undefined;
  const { webIdentityToken, webIdentityTokenFile: tokenFile, ...others } = identity;
  if (webIdentityToken !== undefined) {
    const problem =
      "webIdentityToken of the AWS provider would get into Terraform's state: give the file that holds it, as webIdentityTokenFile or AWS_WEB_IDENTITY_TOKEN_FILE";
    throw refused(provider, problem);
  }
  return { ...others, tokenFile };
}

function endpointOf(provider: AwsProvider, service: 'ec2' | 'sts'): string | undefined {
  return blocks<AwsProviderEndpoints>(provider, 'endpoints')
    .map((each) => each[service])
    .find((url) => url !== undefined);
}

/** Blocks as the program wrote them: of those that only Terraform knows, the role would be left out, and nobody would see it. */
function blocks<Block>(
  provider: AwsProvider,
  property: 'assumeRole' | 'assumeRoleWithWebIdentity' | 'endpoints',
): readonly Block[] {
  const list: unknown = provider[property];
  if (list === undefined) return [];
  if (Array.isArray(list) && !Token.isUnresolved(list)) return list;
  throw refused(
    provider,
    `${property} of the AWS provider must be a list in the program: the provider of the reverse name needs it as well`,
  );
}

function onlyFile(provider: AwsProvider, property: 'sharedConfigFiles' | 'sharedCredentialsFiles'): string | undefined {
  const files = provider[property];
  if (files !== undefined && (Token.isUnresolved(files) || files.length > 1)) {
    throw refused(provider, `${property} of the AWS provider must be a list of one file: our calls to AWS read one`);
  }
  return files?.[0];
}
