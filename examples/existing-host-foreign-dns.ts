/**
 * A Debian 13 machine that you already have, with DNS at a provider that Terraform does not manage. `npx mailserver zone` prints the
 * records to enter; the apply waits until the world sees those that the mail host cannot do without.
 */
import { App, LocalBackend, TerraformStack } from 'cdktf';
import { ExistingHost, ExternalDns, MailServer } from 'cdktf-mailserver';

const app = new App();
const stack = new TerraformStack(app, 'mail');
new LocalBackend(stack, { path: '../../../state/mail.tfstate' });

new MailServer(stack, 'mail', {
  heloName: 'mail.example.com',
  host: new ExistingHost(stack, 'host', {
    publicIpv4: '198.51.100.25',
    connection: { user: 'root', privateKeyPath: '~/.ssh/id_ed25519' },
  }),
  dns: new ExternalDns(stack, 'dns', { zones: ['example.com'] }),
  domains: { 'example.com': { relayTo: 'smtp:[10.0.0.5]:25' } },
  externalNetworks: ['10.0.0.0/24'],
});

app.synth();
