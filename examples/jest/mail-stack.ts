import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import { ExistingHost, MailServer, Route53Dns } from 'cdktf-mailserver';
import type { Construct } from 'constructs';

/** The stack that mail-stack.test.ts tests; a program creates it in its `App`. */
export class MailStack extends TerraformStack {
  readonly mail: MailServer;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'aws', { region: 'eu-central-1' });
    this.mail = new MailServer(this, 'mail', {
      heloName: 'mail.example.com',
      host: new ExistingHost(this, 'host', { publicIpv4: '198.51.100.25' }),
      dns: new Route53Dns(this, 'dns', { zones: { 'example.com': 'lookup' } }),
      domains: { 'example.com': { deliverTo: 'webapp' } },
      messageSizeLimit: 10_000_000,
    });
  }
}
