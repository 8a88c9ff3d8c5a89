import * as z from 'zod/mini';
import { text } from '../../role/settings/checked';
import { optional, required } from '../../settings/property';

const role = z.strictObject({
  roleArn: required(text(), 'ARN of the role.'),
  sessionName: optional(text(), 'Name of the session, as logs show it. Default: mailserver.'),
  externalId: optional(text(), 'What the role requires in addition to the name.'),
});

/** Where an address is at AWS, and as whom: what the stack's AWS provider says. Never keys: this is stored in Terraform's state. */
export const awsSettings = z.strictObject({
  region: optional(text(), 'Default: AWS_REGION, AWS_DEFAULT_REGION, or that of the profile.'),
  profile: optional(text(), 'Profile of the shared files. Default: AWS_PROFILE, else `default`.'),
  sharedConfigFile: optional(text(), 'Default: AWS_CONFIG_FILE, else `~/.aws/config`.'),
  sharedCredentialsFile: optional(text(), 'Default: AWS_SHARED_CREDENTIALS_FILE, else `~/.aws/credentials`.'),
  assumeRole: optional(z.array(role), 'Roles that are assumed, each by the one before it. Default: none.'),
  ec2Endpoint: optional(text(), 'URL of EC2. Default: AWS_ENDPOINT_URL_EC2, AWS_ENDPOINT_URL, or that of the region.'),
  stsEndpoint: optional(text(), 'URL of STS. Default: AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL, or that of the region.'),
});

export type AwsSettings = z.infer<typeof awsSettings>;
