/** A mail host on AWS that receives mail for one domain and sends it: address, DNS records, machine and mail role. */
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, S3Backend, TerraformStack } from 'cdktf';
import { Ec2Host, MailServer, Route53Dns } from 'cdktf-mailserver';

const app = new App();
const stack = new TerraformStack(app, 'mail');
new S3Backend(stack, { bucket: 'example-terraform-state', key: 'mail.tfstate', region: 'eu-central-1', encrypt: true });
new AwsProvider(stack, 'aws', { region: 'eu-central-1' });

new MailServer(stack, 'mail', {
  heloName: 'mail.example.com',
  host: new Ec2Host(stack, 'host', {
    sshPublicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBU2SLqt0KfSY0V6yEVTYPKjDvAwl5XJtUfoZAxSJbMs you@example.com',
    adminCidrs: ['203.0.113.7/32'],
  }),
  dns: new Route53Dns(stack, 'dns', { zones: { 'example.com': 'lookup' } }),
  domains: { 'example.com': { deliverTo: 'webapp' } },
  postmaster: ['postmaster@example.com'],
  antivirus: true,
});

app.synth();
