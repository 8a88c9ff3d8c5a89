import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, LocalBackend, TerraformStack } from 'cdktf';
import { Ec2Host, ExternalDns, MailServer, Route53Dns, SplitDns } from '../../../lib';
import { settingsFromEnvironment } from '../../../stacks/settings';

/** The example in three stacks, as teams have it that own network, DNS and mail apart; and a domain whose zone is elsewhere. */
const app = new App();
const { region, ttlSeconds, heloName, mailDomain, sshPublicKey, sshPrivateKeyFile, adminCidr } = settingsFromEnvironment();

function stackOf(id: string): TerraformStack {
  const stack = new TerraformStack(app, id);
  new LocalBackend(stack, { path: `../../../state/apart-${id}.tfstate` });
  new AwsProvider(stack, 'aws', { region });
  return stack;
}

const [hosts, names, mail] = ['host', 'dns', 'mail'].map(stackOf) as [TerraformStack, TerraformStack, TerraformStack];
const host = new Ec2Host(hosts, 'host', {
  sshPublicKey,
  connection: { privateKeyPath: sshPrivateKeyFile },
  adminCidrs: [adminCidr],
  protect: false,
});
const dns = new SplitDns([
  new Route53Dns(names, 'dns', { zones: { [mailDomain]: 'create' }, ttlSeconds, protect: false }),
  new ExternalDns(names, 'external', { zones: ['guests.test'] }),
]);
new MailServer(mail, 'mail', {
  heloName,
  host,
  dns,
  domains: { [mailDomain]: { deliverTo: 'webapp' }, 'guests.test': { deliverTo: 'webapp' } },
  postmaster: [`postmaster@${mailDomain}`],
});
app.synth();
