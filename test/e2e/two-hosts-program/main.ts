import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, LocalBackend, TerraformStack } from 'cdktf';
import { Ec2Host, MailServers, Route53Dns } from '../../../lib';
import { settingsFromEnvironment } from '../../../stacks/settings';

/** Hosts of one domain, as many and as preferred as the test says. */
const app = new App();
const { region, ttlSeconds, mailDomain, sshPublicKey, sshPrivateKeyFile, adminCidr } = settingsFromEnvironment();
const stack = new TerraformStack(app, 'hosts');
new LocalBackend(stack, { path: '../../../state/two-hosts.tfstate' });
new AwsProvider(stack, 'aws', { region });
const hosts: Record<string, object> = JSON.parse(process.env.E2E_HOSTS ?? '{}');
new MailServers(stack, 'mail', {
  hosts: Object.fromEntries(
    Object.entries(hosts).map(([label, of]) => [
      `${label}.${mailDomain}`,
      {
        host: new Ec2Host(stack, label, {
          sshPublicKey,
          connection: { privateKeyPath: sshPrivateKeyFile },
          adminCidrs: [adminCidr],
          protect: false,
        }),
        ...of,
      },
    ]),
  ),
  dns: new Route53Dns(stack, 'dns', { zones: { [mailDomain]: 'create' }, ttlSeconds, protect: false }),
  domains: { [mailDomain]: { deliverTo: 'webapp' } },
  postmaster: ['webapp'],
  accessSender: JSON.parse(process.env.E2E_ACCESS_SENDER ?? '{}'),
});
app.synth();
