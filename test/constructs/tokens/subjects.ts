import { type TerraformStack, TerraformVariable } from 'cdktf';
import type * as z from 'zod/mini';
import {
  DataMailserverDns,
  Ec2Host,
  type Ec2HostProps,
  Ec2Network,
  ExistingHost,
  ExternalDns,
  MailServer,
  MailserverAddress,
  MailserverDelegation,
  MailserverDnsAgreement,
  MailserverProvider,
  MailserverReverseName,
  MailserverRole,
  Route53Dns,
  SesRelay,
} from '../../../lib';
import { ec2HostSettings } from '../../../lib/constructs/aws/ec2-host-settings';
import { defaultVpcSettings, newVpcSettings, subnetSettings } from '../../../lib/constructs/aws/networks';
import { route53Settings } from '../../../lib/constructs/aws/route53-settings';
import { sesRelaySettings } from '../../../lib/constructs/aws/ses-relay-settings';
import { externalDnsSettings } from '../../../lib/constructs/dns/external-dns';
import { existingHostSettings } from '../../../lib/constructs/host/existing-host';
import { mailServerSettings } from '../../../lib/constructs/mail-server/mail-server-settings';
import { domainPolicy } from '../../../lib/dns';
import { connectionSettings } from '../../../lib/host/connection-settings';
import { addressSettings } from '../../../lib/provider/aws/address-settings';
import { reverseNameSettings } from '../../../lib/provider/aws/reverse-name-settings';
import { agreementSettings, delegationSettings, dnsSettings, resolverSettings } from '../../../lib/provider/dns/settings';
import { resourceSettings } from '../../../lib/provider/role/resource-settings';
import { roleSettings } from '../../../lib/role/settings';
import { fixedPublicKey } from '../../support/keys';

/** A public construct: what it may be given, and how it is made with one property changed. */
export interface Subject {
  readonly name: string;
  readonly schemas: readonly Schema[];
  readonly base: (stack: TerraformStack) => object;
  readonly make: (stack: TerraformStack, props: never) => unknown;
}

interface Schema {
  readonly schema: z.core.$ZodType;
  /** Where it stands among the properties. */
  readonly at?: readonly string[];
  /** Properties that are described by another schema, or are no properties of this construct. */
  readonly without?: readonly string[];
}

const machine = (stack: TerraformStack) => new ExistingHost(stack, 'machine', { publicIpv4: '198.51.100.25' });
const names = (stack: TerraformStack) => new Route53Dns(stack, 'names', { zones: { 'example.com': { zoneId: 'Z1' } } });
const ec2 = { sshPublicKey: fixedPublicKey, adminCidrs: ['198.51.100.1/32'] };
const mail = (stack: TerraformStack) => ({
  heloName: 'mail.example.com',
  host: machine(stack),
  dns: names(stack),
  domains: { 'example.com': {} },
  publicDns: false as const,
});
const secret = (stack: TerraformStack) => new TerraformVariable(stack, 'secret', { sensitive: true }).stringValue;
const hostless = ['host'];
const fromHost = ['bindIpv4', 'proxyAddresses', 'stateVolume'];

/** What a host needs next to a prefix of its own. */
function ownPrefix(stack: TerraformStack, props: object): Partial<Ec2HostProps> {
  if (!('ipv6CidrBlock' in props)) return {};
  const zones = { '0.0.5.2.0.0.8.b.d.0.1.0.0.2.ip6.arpa': 'create' } as const;
  return { publicIpv6: '2001:db8:25::25', reverseDns: new Route53Dns(stack, 'reverse', { zones }) };
}

/** A host in use, so that what is asked of it later is asked, too. */
function used<T extends Ec2Host | ExistingHost>(stack: TerraformStack, host: T): T {
  new MailServer(stack, 'mail', { ...mail(stack), host });
  return host;
}

export const subjects: readonly Subject[] = [
  {
    name: 'MailServer',
    schemas: [
      { schema: mailServerSettings },
      { schema: roleSettings, without: fromHost },
      { schema: domainPolicy, without: ['txt'] },
      { schema: domainPolicy, at: ['domainRecords', 'example.com'] },
    ],
    base: mail,
    make: (stack, props) => new MailServer(stack, 'it', props),
  },
  {
    name: 'MailserverRole',
    schemas: [
      { schema: roleSettings },
      { schema: resourceSettings, without: ['ssh'] },
      { schema: connectionSettings, at: ['connection'] },
    ],
    base: () => ({ heloName: 'mail.example.com', connection: { host: '198.51.100.25' } }),
    make: (stack, props) => new MailserverRole(stack, 'it', props),
  },
  {
    name: 'Ec2Host',
    schemas: [{ schema: ec2HostSettings }, { schema: connectionSettings, at: ['connection'], without: hostless }],
    base: () => ec2,
    make: (stack, props) => used(stack, new Ec2Host(stack, 'it', props)),
  },
  ...(
    [
      ['newVpc', newVpcSettings, (props: never) => Ec2Network.newVpc(props)],
      ['defaultVpc', defaultVpcSettings, (props: never) => Ec2Network.defaultVpc(props)],
      ['subnetId', subnetSettings, ({ subnetId }: { subnetId: never }) => Ec2Network.subnetId(subnetId)],
    ] as const
  ).map(
    ([name, schema, network]): Subject => ({
      name: `Ec2Network.${name}`,
      schemas: [{ schema }],
      base: () => ({}),
      make: (stack, props) =>
        used(stack, new Ec2Host(stack, 'it', { ...ec2, ...ownPrefix(stack, props), network: network(props) })),
    }),
  ),
  {
    name: 'ExistingHost',
    schemas: [{ schema: existingHostSettings }, { schema: connectionSettings, at: ['connection'] }],
    base: () => ({ publicIpv4: '198.51.100.25' }),
    make: (stack, props) => used(stack, new ExistingHost(stack, 'it', props)),
  },
  {
    name: 'Route53Dns',
    schemas: [{ schema: route53Settings }],
    base: () => ({ zones: { 'example.com': 'create' } }),
    make: (stack, props) =>
      new MailServer(stack, 'mail', { ...mail(stack), publicDns: {}, dns: new Route53Dns(stack, 'it', props) }),
  },
  {
    name: 'ExternalDns',
    schemas: [{ schema: externalDnsSettings }],
    base: () => ({ zones: ['example.com'] }),
    make: (stack, props) =>
      new MailServer(stack, 'mail', { ...mail(stack), publicDns: {}, dns: new ExternalDns(stack, 'it', props) }),
  },
  {
    name: 'SesRelay',
    schemas: [{ schema: sesRelaySettings }],
    base: (stack) => ({ dns: names(stack), domains: ['example.com'] }),
    make: (stack, props) => {
      const { relays } = new SesRelay(stack, 'it', props);
      const { dns } = props as { readonly dns: Route53Dns };
      const others = {
        heloName: 'mail.example.com',
        host: machine(stack),
        domains: { 'example.com': {} },
        publicDns: false as const,
      };
      return new MailServer(stack, 'mail', { ...others, dns, relay: [...relays] });
    },
  },
  {
    name: 'MailserverProvider',
    schemas: [{ schema: resolverSettings }],
    base: () => ({ alias: 'it' }),
    make: (stack, props) => new MailserverProvider(stack, 'it', props),
  },
  {
    name: 'MailserverAddress',
    schemas: [{ schema: addressSettings, without: ['aws'] }],
    base: () => ({ address: '198.51.100.25' }),
    make: (stack, props) => new MailserverAddress(stack, 'it', props),
  },
  {
    name: 'MailserverReverseName',
    schemas: [{ schema: reverseNameSettings, without: ['aws'] }],
    base: () => ({ allocationId: 'eipalloc-1', address: '198.51.100.25', name: 'mail.example.com' }),
    make: (stack, props) => new MailserverReverseName(stack, 'it', props),
  },
  {
    name: 'MailserverDelegation',
    schemas: [{ schema: delegationSettings }],
    base: () => ({ zones: { 'example.com': ['ns.example.net'] } }),
    make: (stack, props) => new MailserverDelegation(stack, 'it', props),
  },
  {
    name: 'MailserverDnsAgreement',
    schemas: [{ schema: agreementSettings }],
    base: () => ({}),
    make: (stack, props) => new MailserverDnsAgreement(stack, 'it', props),
  },
  {
    name: 'DataMailserverDns',
    schemas: [{ schema: dnsSettings }],
    base: () => ({}),
    make: (stack, props) => new DataMailserverDns(stack, 'it', props),
  },
];

/** Members that stand next to the one that is tried, where it cannot be there alone. */
export function siblings(stack: TerraformStack, path: readonly (string | number)[]): object {
  const [first, second] = path.map(String);
  if (first === 'submissionUsers' && second !== undefined) return { submissionUsers: { [second]: { password: secret(stack) } } };
  if (first === 'pace' || (first === 'login' && second !== undefined))
    return { login: { user: 'AKIAABCDEFGHIJKLMNOP', password: secret(stack) } };
  if (first === 'claims' && second !== undefined) return { claims: { [second]: { address: 'aws_route53_record.a', id: 'a' } } };
  if (first === 'connection' && second === 'bastion' && path.length > 2)
    return { connection: { bastion: { host: '198.51.100.26' } } };
  if (first === 'stateVolume' && second !== undefined) return { stateVolume: { mountPoint: '/srv/mail', volumeId: 'vol-1' } };
  if (first === 'ipv6CidrBlock') return { ipv6Pool: 'ipv6pool-ec2-0123456789abcdef0' };
  if (first === 'ipv6Pool') return { ipv6CidrBlock: '2001:db8:25::/56' };
  if (first === 'encryptedContent' || first === 'clamavTestSignatureOnly') return { antivirus: true };
  return {};
}

/** Keys that the maps of the settings take. */
export function exampleKey(path: string): string {
  const examples: Readonly<Record<string, string>> = {
    domains: 'example.com',
    zones: 'example.com',
    submissionUsers: 'app',
    accessClient: '198.51.100.9',
    accessHelo: 'example.net',
    localAliases: 'info',
    transport: 'example.net',
    mainCf: 'notify_classes',
    'spam.scores': 'BAYES_99',
    records: 'A mail.example.com',
    claims: 'A mail.example.com',
  };
  return examples[path] ?? 'info@example.com';
}
