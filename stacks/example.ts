import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { LocalBackend, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { Ec2Host, Ec2Network, MailServer, Route53Dns } from '../lib';
import type { ExampleSettings } from './settings';

/** One mail host on AWS that receives mail for one domain: what the README deploys. */
export class ExampleStack extends TerraformStack {
  constructor(scope: Construct, id: string, settings: ExampleSettings) {
    super(scope, id);
    // Next to cdktf.out, from where Terraform runs: cdktf deletes folders in there, with everything in them.
    new LocalBackend(this, { path: `../../../state/${id}.tfstate` });
    new AwsProvider(this, 'aws', { region: settings.region });

    const { ownIpv6, ttlSeconds } = settings;
    const host = new Ec2Host(this, 'host', {
      sshPublicKey: settings.sshPublicKey,
      connection: { privateKeyPath: settings.sshPrivateKeyFile },
      adminCidrs: [settings.adminCidr],
      network: ownIpv6 && Ec2Network.newVpc({ ipv6CidrBlock: ownIpv6.prefix, ipv6Pool: ownIpv6.pool }),
      publicIpv6: ownIpv6?.address,
      reverseDns:
        ownIpv6 && new Route53Dns(this, 'reverse', { zones: { [ownIpv6.reverseZone]: 'create' }, ttlSeconds, protect: false }),
      protect: false, // a trial may be destroyed; a real host keeps its address and its mail
    });
    const dns = new Route53Dns(this, 'dns', {
      zones: { [settings.zone]: settings.zoneSource },
      ttlSeconds,
      protect: false, // and its zone, which would have other name servers the next time
    });

    new MailServer(this, 'mail', {
      heloName: settings.heloName,
      host,
      dns,
      domains: { [settings.mailDomain]: { deliverTo: 'webapp' } },
      postmaster: [`postmaster@${settings.mailDomain}`],
      antivirus: true,
      clamavTestSignatureOnly: settings.clamavTestSignatureOnly,
      greylistDelaySeconds: settings.greylistDelaySeconds,
    });
  }
}
