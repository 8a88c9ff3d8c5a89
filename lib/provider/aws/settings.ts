import * as z from 'zod/mini';
import { optional, required } from '../../settings/property';
import { keyed, type Problem, text } from '../../settings/vocabulary';

/** As Go writes durations, and AWS takes them: 15 minutes to 12 hours. */
const goDuration: Problem = (value) =>
  /^(\d+h)?(\d+m)?(\d+s)?$/.test(value) && value !== '' ? undefined : `'${value}' is not a duration: expected e.g. 1h30m`;

/** What makes a session less than its role; as Terraform's AWS provider has it. */
const limits = {
  duration: optional(
    text(goDuration),
    'How long a session lasts before it is renewed, e.g. `1h`. Default: what AWS has, an hour.',
  ),
  policy: optional(text(), 'Policy (JSON) that allows a session less than the role. Default: all that the role may.'),
  policyArns: optional(z.array(text()), 'ARNs of policies that allow a session less than the role. Default: none.'),
};
const sessionName = optional(text(), 'Name of the session, as logs show it. Default: mailserver.');

/** Tags that differ in case only are different. */
const asWritten: Problem = () => undefined;

const role = z.strictObject({
  roleArn: required(text(), 'ARN of the role.'),
  sessionName,
  externalId: optional(text(), 'What the role requires in addition to the name.'),
  sourceIdentity: optional(text(), 'Who is behind the session, as logs show it. Default: nobody.'),
  tags: optional(
    keyed(z.string(), asWritten, (key) => key),
    'Tags of the session. Default: none.',
  ),
  transitiveTagKeys: optional(z.array(text()), 'Names of tags that the next roles get, too. Default: none.'),
  ...limits,
});

const webIdentity = z.strictObject({
  roleArn: optional(text(), 'ARN of the role. Default: AWS_ROLE_ARN.'),
  sessionName,
  tokenFile: optional(text(), 'File with the token of the identity. Default: AWS_WEB_IDENTITY_TOKEN_FILE.'),
  ...limits,
});

/** Where an address is at AWS, and as whom: what the stack's AWS provider says. Never keys: this is stored in Terraform's state. */
export const awsSettings = z.strictObject({
  region: optional(text(), 'Default: AWS_REGION, AWS_DEFAULT_REGION, or that of the profile.'),
  profile: optional(text(), 'Profile of the shared files. Default: AWS_PROFILE, else `default`.'),
  sharedConfigFile: optional(text(), 'Default: AWS_CONFIG_FILE, else `~/.aws/config`.'),
  sharedCredentialsFile: optional(text(), 'Default: AWS_SHARED_CREDENTIALS_FILE, else `~/.aws/credentials`.'),
  webIdentity: optional(webIdentity, 'Role that is assumed by a token in a file. Default: what the environment says.'),
  assumeRole: optional(z.array(role), 'Roles that are assumed, each by the one before it. Default: none.'),
  ec2Endpoint: optional(text(), 'URL of EC2. Default: AWS_ENDPOINT_URL_EC2, AWS_ENDPOINT_URL, or that of the region.'),
  stsEndpoint: optional(text(), 'URL of STS. Default: AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL, or that of the region.'),
  stsRegion: optional(text(), 'Region of STS. Default: `region`.'),
  useFipsEndpoint: optional(z.boolean(), 'Ask the FIPS endpoints of the region. Default: AWS_USE_FIPS_ENDPOINT.'),
  useDualstackEndpoint: optional(z.boolean(), 'Ask the endpoints that have IPv6, too. Default: AWS_USE_DUALSTACK_ENDPOINT.'),
});

export type SessionLimits = { readonly duration?: string; readonly policy?: string; readonly policyArns?: readonly string[] };
export type AssumedRole = z.infer<typeof role>;
export type WebIdentity = z.infer<typeof webIdentity>;
export type AwsSettings = z.infer<typeof awsSettings>;
