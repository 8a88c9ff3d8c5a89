/** Two mail hosts on AWS for one domain, in two regions: while one is down, mail goes to the other. */
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, S3Backend, TerraformStack } from 'cdktf';
import { Ec2Host, MailServers, Route53Dns } from 'cdktf-mailserver';

const app = new App();
const stack = new TerraformStack(app, 'mail');
new S3Backend(stack, { bucket: 'example-terraform-state', key: 'mail.tfstate', region: 'eu-central-1', encrypt: true });
const frankfurt = new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
const ireland = new AwsProvider(stack, 'ireland', { region: 'eu-west-1', alias: 'ireland' });

const access = {
  sshPublicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBU2SLqt0KfSY0V6yEVTYPKjDvAwl5XJtUfoZAxSJbMs you@example.com',
  adminCidrs: ['203.0.113.7/32'],
};

new MailServers(stack, 'mail', {
  hosts: {
    'mx1.example.com': { host: new Ec2Host(stack, 'one', { ...access, provider: frankfurt }) },
    'mx2.example.com': { host: new Ec2Host(stack, 'two', { ...access, provider: ireland }), mxPreference: 20 },
  },
  dns: new Route53Dns(stack, 'dns', { zones: { 'example.com': 'lookup' }, provider: frankfurt }),
  domains: { 'example.com': { deliverTo: 'webapp' } },
  postmaster: ['postmaster@example.com'],
});

app.synth();
