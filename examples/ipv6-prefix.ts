/**
 * IPv6 on AWS, with your own prefix (BYOIP). Amazon's own IPv6 addresses cannot have a reverse name, and large receivers refuse mail
 * from an address without one.
 */
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, S3Backend, TerraformStack } from 'cdktf';
import { Ec2Host, Ec2Network, MailServer, Route53Dns } from 'cdktf-mailserver';

const app = new App();
const stack = new TerraformStack(app, 'mail');
new S3Backend(stack, { bucket: 'example-terraform-state', key: 'mail.tfstate', region: 'eu-central-1', encrypt: true });
new AwsProvider(stack, 'aws', { region: 'eu-central-1' });

new MailServer(stack, 'mail', {
  heloName: 'mail.example.com',
  host: new Ec2Host(stack, 'host', {
    sshPublicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBU2SLqt0KfSY0V6yEVTYPKjDvAwl5XJtUfoZAxSJbMs you@example.com',
    adminCidrs: ['203.0.113.7/32'],
    network: Ec2Network.newVpc({ ipv6CidrBlock: '2001:db8:25::/56', ipv6Pool: 'ipv6pool-ec2-0123456789abcdef0' }),
    publicIpv6: '2001:db8:25::25',
    reverseDns: new Route53Dns(stack, 'reverse', { zones: { '0.0.5.2.0.0.8.b.d.0.1.0.0.2.ip6.arpa': 'lookup' } }),
  }),
  dns: new Route53Dns(stack, 'dns', { zones: { 'example.com': 'lookup' } }),
  domains: { 'example.com': { deliverTo: 'webapp' } },
});

app.synth();
