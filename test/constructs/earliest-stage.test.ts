import type { TerraformStack } from 'cdktf';
import { Ec2Host, type Ec2HostProps, ExistingHost, type ExistingHostProps, type MailServerProps, Route53Dns } from '../../lib';
import { fixedPublicKey } from '../support/keys';
import { existingMailServer } from '../support/mail-stack';
import { refusal } from '../support/synth';

/**
 * Mistakes that are found before anything else happens: nothing is planned, no machine is asked. What only a machine can tell
 * (it does not answer, has another key, runs another system) is found by the plan; see the tests of the resource.
 */
type Mistake = readonly [what: string, build: (stack: TerraformStack) => unknown, message: string];

const mail = (props: Partial<MailServerProps>) => (stack: TerraformStack) => existingMailServer(stack, props);
const zones = (names: readonly string[]) => (stack: TerraformStack) =>
  existingMailServer(stack, {
    dns: new Route53Dns(stack, 'zones', { zones: Object.fromEntries(names.map((name) => [name, 'create'])) }),
  });
const host = (props: Partial<ExistingHostProps>) => (stack: TerraformStack) =>
  new ExistingHost(stack, 'machine', { publicIpv4: '198.51.100.25', ...props });
const instance = (props: Partial<Ec2HostProps>) => (stack: TerraformStack) =>
  new Ec2Host(stack, 'machine', { sshPublicKey: fixedPublicKey, adminCidrs: ['198.51.100.1/32'], ...props });

const helo = (value: string, why: string): Mistake => [
  value,
  mail({ heloName: value }),
  `heloName: '${value}' is not a HELO name: ${why}`,
];

describe.each<readonly [string, readonly Mistake[]]>([
  [
    'a wrong HELO name',
    [
      helo('mail', 'it has no dot. Give the full name, e.g. mail.example.com'),
      helo('my_mail.example.com', "the label 'my_mail' has an underscore, use a hyphen"),
      helo('mail.example.com.', "leave out the final dot: 'mail.example.com'"),
      helo('198.51.100.25', 'it is an address, give a name'),
      helo('https://mail.example.com', "it is a URL, give only the name: 'mail.example.com'"),
      helo('localhost.localdomain', 'it means something on this network only. Give a name that DNS resolves'),
      [
        'of the cloud',
        mail({ heloName: 'ec2-198-51-100-25.compute-1.amazonaws.com' }),
        "'ec2-198-51-100-25.compute-1.amazonaws.com' is a name of the cloud provider: its PTR cannot be made to match",
      ],
    ],
  ],
  [
    'a wrong zone',
    [
      [
        'that does not hold the HELO name',
        mail({ heloName: 'mail.example.org' }),
        "HELO name 'mail.example.org' is in none of the zones (example.com): add its zone, e.g. 'example.org'",
      ],
      [
        'that does not hold a mail domain',
        mail({ domains: { 'example.org': { deliverTo: 'webapp' } } }),
        "mail domain 'example.org' is in none of the zones (example.com): add its zone, e.g. 'example.org', or leave it out of mxDomains",
      ],
      ['that is not a name', zones(['exa mple.com']), "zones: 'exa mple.com' is not a zone: it has white space in it"],
      ['where there is none', zones([]), 'is in none of the zones (there are none)'],
    ],
  ],
  [
    'a wrong address',
    [
      [
        'that is none',
        host({ publicIpv4: '198.51.100.256' }),
        "publicIpv4: '198.51.100.256' is not an IPv4 address: expected four numbers",
      ],
      ['of the other family', host({ publicIpv4: '2001:db8::25' }), "publicIpv4: '2001:db8::25' is not an IPv4 address"],
      [
        'of a private network',
        host({ publicIpv4: '10.0.0.25' }),
        "publicIpv4: '10.0.0.25' is an address of a private network, which the world cannot reach: give the public one, and this one as bindIpv4",
      ],
      [
        'of the loopback',
        host({ publicIpv4: '127.0.0.1' }),
        "'127.0.0.1' is not an address of a machine that the world could reach",
      ],
      ['to bind', host({ bindIpv4: '127.0.0.1' }), "bindIpv4: '127.0.0.1' cannot be the source of outgoing mail"],
      [
        'without its prefix length',
        instance({ adminCidrs: ['198.51.100.1'] }),
        "adminCidrs.0: '198.51.100.1': its prefix length is missing; write 198.51.100.1/32 for one address",
      ],
      [
        'with a wrong port',
        host({ connection: { port: 99_999 } }),
        "connection.port: '99999' is out of range: expected 1 to 65535",
      ],
    ],
  ],
  [
    'a wrong key',
    [
      [
        'in the place of its path',
        host({ connection: { privateKeyPath: '-----BEGIN OPENSSH PRIVATE KEY-----' } }),
        'give the path of the file',
      ],
      [
        'that is private and must be public',
        instance({ sshPublicKey: '-----BEGIN OPENSSH PRIVATE KEY-----\nabc' }),
        'it is a private key, which must stay where it is',
      ],
      [
        'that is a path',
        instance({ sshPublicKey: '~/.ssh/id_ed25519.pub' }),
        'it looks like a path; read the file and pass its content',
      ],
      ['that is cut off', instance({ sshPublicKey: 'ssh-ed25519 AAA' }), 'it may be cut off'],
      [
        'of the host',
        host({ connection: { hostKey: 'SHA256:abc' } }),
        "connection.hostKey: must be `SHA256:…` or a public key like `ssh-ed25519 AAAA…`, got 'SHA256:abc': `ssh-keyscan HOST` prints it",
      ],
      [
        'of the jump host',
        host({ connection: { bastion: { host: 'jump.example.com', hostKey: 'ssh-ed25519 AAAAshort' } } }),
        'connection.bastion.hostKey: must be `SHA256:…`',
      ],
    ],
  ],
])('%s', (_, mistakes) => {
  test.each(mistakes)('%s is refused by synth', (_what, build, message) => {
    expect(refusal(build as (stack: TerraformStack) => void)).toContain(message);
  });
});
