import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformResource } from 'cdktf';
import type { MailServer } from '../../../lib';
import { ExampleStack } from '../../../stacks/example';
import { settingsFromEnvironment } from '../../../stacks/settings';

/** The example, changed through its escape hatches by what the test puts into the environment. */
const app = new App();
const stack = new ExampleStack(app, 'mail', settingsFromEnvironment());
const role = (stack.node.findChild('mail') as MailServer).role;
for (const [name, value] of Object.entries(JSON.parse(process.env.E2E_ROLE_ATTRIBUTES ?? '{}'))) role.addOverride(name, value);

const { E2E_ASSUMED_ROLE: roleArn, E2E_DELEGATION_WAIT_SECONDS: waitSeconds } = process.env;
const { E2E_AGREEMENT_SECONDS: agreementSeconds } = process.env;
if (roleArn) (stack.node.findChild('aws') as AwsProvider).assumeRole = [{ roleArn, sessionName: 'e2e' }];
const resources = stack.node.findAll().filter(TerraformResource.isTerraformResource);
const ofType = (type: string) => resources.filter(({ terraformResourceType }) => terraformResourceType === type);
for (const each of waitSeconds ? ofType('mailserver_delegation') : []) each.addOverride('wait_seconds', Number(waitSeconds));
for (const each of agreementSeconds ? ofType('mailserver_dns_agreement') : [])
  each.addOverride('timeout_seconds', Number(agreementSeconds));
app.synth();
