import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { type TerraformStack, TerraformVariable } from 'cdktf';
import {
  Ec2Host,
  Ec2Network,
  ExistingHost,
  ExternalDns,
  MailServer,
  MailserverProvider,
  Route53Dns,
  SesRelay,
  SplitDns,
} from '../../../lib';
import type { GoodInput } from '../../role/inputs';
import { fixedPublicKey } from '../../support/keys';

/** A property with a value; `with` are other properties next to it. In a value, `{ "$NAME": argument }` is made by the maker NAME. */
export interface ConstructInput extends GoodInput {
  readonly with?: Record<string, unknown>;
}

type Maker = (stack: TerraformStack, argument: never) => unknown;

const makers: Readonly<Record<string, Maker>> = {
  text: (stack, name) => new TerraformVariable(stack, name || 'text', { type: 'string' }).stringValue,
  number: (stack) => new TerraformVariable(stack, 'number', { type: 'number' }).numberValue,
  flag: (stack) => new TerraformVariable(stack, 'flag', { type: 'bool' }).booleanValue,
  texts: (stack) => new TerraformVariable(stack, 'texts', { type: 'list(string)' }).listValue,
  newVpc: (_, props) => Ec2Network.newVpc(props),
  defaultVpc: (_, props) => Ec2Network.defaultVpc(props),
  subnetId: (_, id) => Ec2Network.subnetId(id),
  subnet: (stack) => Ec2Network.subnet(new Subnet(stack, 'subnet', { vpcId: 'vpc-1', cidrBlock: '10.9.0.0/24' })),
  givenSubnet: (_, subnet) => Ec2Network.subnet(subnet),
  bareSubnet: (stack) => new Subnet(stack, 'bare', { vpcId: 'vpc-1', cidrBlock: '10.9.0.0/24' }),
  aws: (stack) => new AwsProvider(stack, 'other', { alias: 'other', region: 'eu-west-1' }),
  secret: (stack) => new TerraformVariable(stack, 'secret', { type: 'string', sensitive: true }).stringValue,
  awsIn: (stack, region) => new AwsProvider(stack, 'elsewhere', { alias: 'elsewhere', region }),
  otherProvider: (stack) => new MailserverProvider(stack, 'otherProvider'),
  zone: (stack, name) => new Route53Zone(stack, 'zone', { name }),
  route53: (stack, zones) => new Route53Dns(stack, 'parts', { zones }),
  externalDns: (stack, zones) => new ExternalDns(stack, 'external', { zones }),
  ec2Host: (stack) => new Ec2Host(stack, 'ec2', { sshPublicKey: fixedPublicKey, adminCidrs: ['198.51.100.1/32'] }),
  existingHost: (stack, publicIpv4) => new ExistingHost(stack, 'existing', { publicIpv4 }),
  key: () => fixedPublicKey,
};

/** The value of a fixture with everything made that JSON cannot hold. */
function made(stack: TerraformStack, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => made(stack, entry));
  if (typeof value !== 'object' || value === null) return value;
  const [[key, argument] = ['', undefined], ...others] = Object.entries(value);
  const maker = others.length === 0 && key.startsWith('$') ? makers[key.slice(1)] : undefined;
  if (maker) return maker(stack, made(stack, argument) as never);
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, made(stack, entry)]));
}

/** A construct by its name, and what it cannot do without. */
const constructs: Readonly<Record<string, [needed: object, build: (stack: TerraformStack, props: never) => unknown]>> = {
  'ec2-host': [
    { sshPublicKey: { $key: '' }, adminCidrs: ['198.51.100.1/32'] },
    (stack, props) => new Ec2Host(stack, 'it', props),
  ],
  'existing-host': [{ publicIpv4: '198.51.100.25' }, (stack, props) => new ExistingHost(stack, 'it', props)],
  'external-dns': [{ zones: ['example.com'] }, (stack, props) => new ExternalDns(stack, 'it', props)],
  'mail-server': [
    {
      heloName: 'mail.example.com',
      host: { $existingHost: '198.51.100.25' },
      dns: { $route53: { 'example.com': { zoneId: 'Z1' } } },
      domains: { 'example.com': { deliverTo: 'webapp' } },
    },
    (stack, props) => new MailServer(stack, 'it', props),
  ],
  'route53-dns': [{ zones: { 'example.com': 'lookup' } }, (stack, props) => new Route53Dns(stack, 'it', props)],
  'ses-relay': [
    { dns: { $route53: { 'example.com': { zoneId: 'Z1' } } }, domains: ['example.com'] },
    (stack, props) => new SesRelay(stack, 'it', props),
  ],
  'split-dns': [{}, (_, { parts }: { readonly parts: never }) => new SplitDns(parts)],
};

/** Builds a construct as a fixture says. */
export function build(stack: TerraformStack, construct: string, { property, value, with: others }: ConstructInput): unknown {
  const [needed, make] = constructs[construct] ?? [];
  if (!make) throw new Error(`no construct is called ${construct}`);
  const absent = value === null && property in (needed ?? {});
  const props = Object.fromEntries(Object.entries({ ...needed, ...others, [property]: value }));
  if (absent) delete props[property];
  return make(stack, made(stack, props) as never);
}
