import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, LocalBackend, TerraformStack } from 'cdktf';
import { ExistingHost, MailServer, Route53Dns } from '../lib';

/** A mail server for as many domains as the first argument says, each in a zone of its own, synthesised into the second. */
const [count = '', outdir = ''] = process.argv.slice(2);
const domains = Array.from({ length: Number(count) }, (_, index) => `domain${index}.example`);
const app = new App({ outdir });
const stack = new TerraformStack(app, 'domains');
new LocalBackend(stack, { path: '../../../state/domains.tfstate' });
new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
new MailServer(stack, 'mail', {
  heloName: 'mail.example.com',
  host: new ExistingHost(stack, 'host', {
    publicIpv4: '198.51.100.25',
    reverseNameIsSet: true,
    // There is none: the host is not what is measured.
    connection: { privateKeyPath: '/nonexistent/key' },
  }),
  dns: new Route53Dns(stack, 'dns', {
    zones: Object.fromEntries(
      ['example.com', ...domains].map((name) => [name, { zoneId: `Z${name.replaceAll('.', '').toUpperCase()}` }]),
    ),
  }),
  domains: Object.fromEntries(domains.map((name) => [name, {}])),
});
app.synth();
