import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, LocalBackend, TerraformStack } from 'cdktf';
import { ExistingHost, ExternalDns, MailServer, Route53Dns, SplitDns } from '../../../lib';

/** A mail host in zones that are full already: one in Route 53, the others somebody else's. */
const app = new App();
const stack = new TerraformStack(app, 'external');
new LocalBackend(stack, { path: '../../../state/mail.tfstate' });
new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
new MailServer(stack, 'mail', {
  heloName: 'mail.sender.test',
  host: new ExistingHost(stack, 'host', {
    publicIpv4: '198.51.100.77',
    reverseNameIsSet: true,
    connection: { privateKeyPath: process.env.MAILSERVER_SSH_PRIVATE_KEY_FILE },
  }),
  dns: new SplitDns([
    new Route53Dns(stack, 'dns', { zones: { 'cloud.test': { zoneId: process.env.E2E_ZONE_ID as string } } }),
    new ExternalDns(stack, 'external', { zones: ['sender.test', 'strict.test'], timeoutSeconds: 60 }),
  ]),
  domains: { 'cloud.test': {}, 'strict.test': {} },
});
app.synth();
