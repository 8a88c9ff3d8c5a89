import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, LocalBackend, TerraformStack } from 'cdktf';
import { ExistingHost, MailServer, Route53Dns } from '../lib';

/** A machine that is there already becomes a mail host; its zone is in Route 53, its reverse name is set by its owner. */
const app = new App();
const stack = new TerraformStack(app, 'existing-host');
new LocalBackend(stack, { path: '../../../state/existing-host.tfstate' });
new AwsProvider(stack, 'aws', { region: process.env.AWS_REGION ?? 'eu-central-1' });

new MailServer(stack, 'mail', {
  heloName: 'mail.example.com',
  host: new ExistingHost(stack, 'host', { publicIpv4: '198.51.100.25', connection: { user: 'root' } }),
  dns: new Route53Dns(stack, 'dns', { zones: { 'example.com': 'lookup' } }),
  domains: { 'example.com': { deliverTo: 'webapp' } },
});
app.synth();
