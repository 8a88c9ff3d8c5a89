import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import { App, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import {
  Ec2Host,
  ExistingHost,
  ExternalDns,
  MailServer,
  type MailServerProps,
  Route53Dns,
  type Route53DnsProps,
} from '../../lib';
import { fixedPublicKey } from '../support/keys';

/** What an app says when it is built and validated; nothing where everything is healthy. */
function said(build: (one: TerraformStack, two: TerraformStack) => void): string {
  const app = Testing.stubVersion(new App({ stackTraces: false }));
  const [one, two] = ['one', 'two'].map((id) => {
    const stack = new TerraformStack(app, id);
    new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
    return stack;
  }) as [TerraformStack, TerraformStack];
  try {
    build(one, two);
    for (const stack of [one, two]) stack.runAllValidations();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}

let addresses = 25;
const machine = (stack: TerraformStack, id: string) => new ExistingHost(stack, id, { publicIpv4: `198.51.100.${addresses++}` });
const route53 = (stack: TerraformStack, id: string, zones: Route53DnsProps['zones'] = { 'example.com': 'lookup' }) =>
  new Route53Dns(stack, id, { zones });
function server(stack: TerraformStack, id: string, props: Partial<MailServerProps> = {}): MailServer {
  return new MailServer(stack, id, {
    heloName: `${id}.example.com`,
    host: props.host ?? machine(stack, `${id}-host`),
    dns: props.dns ?? route53(stack, `${id}-dns`),
    domains: { [`${id}.test.example.com`]: {} },
    ...props,
  });
}
const text = (stack: TerraformStack, name: string) => new TerraformVariable(stack, name, { type: 'string' }).stringValue;
const a = { name: 'x.example.com', type: 'A', values: ['198.51.100.99'] } as const;

describe('two mail servers', () => {
  test.each<[string, (one: TerraformStack, two: TerraformStack) => void, string[]]>([
    [
      'of one domain',
      (one) => {
        server(one, 'a', { domains: { 'example.com': {} } });
        server(one, 'b', { domains: { 'EXAMPLE.com': {} } });
      },
      ["mail domain 'example.com' has two owners, one/a and one/b", "make the hosts of 'example.com' one MailServers"],
    ],
    [
      'of one domain, in two stacks',
      (one, two) => {
        server(one, 'a', { domains: { 'example.com': {} } });
        server(two, 'b', { domains: { 'example.com': {} } });
      },
      ['one/a and two/b'],
    ],
    [
      'of one domain, by an alias in one of them',
      (one) => {
        server(one, 'a', { domains: { 'example.com': {} } });
        server(one, 'b', { domains: {}, virtualAliases: { 'info@example.com': ['root'] } });
      },
      ["mail domain 'example.com' has two owners, one/a and one/b"],
    ],
    [
      'with one HELO name',
      (one, two) => {
        server(one, 'a', { heloName: 'mail.example.com' });
        server(two, 'b', { heloName: 'MAIL.example.com' });
      },
      ["heloName 'mail.example.com' is the HELO name of one/a", '(at two/b)', 'a name of its own'],
    ],
    [
      'with one HELO name in another script',
      (one) => {
        const zones = { 'bücher.example': 'lookup' } as const;
        server(one, 'a', { heloName: 'post.bücher.example', dns: route53(one, 'x', zones), domains: {} });
        server(one, 'b', { heloName: 'post.xn--bcher-kva.example', dns: route53(one, 'y', zones), domains: {} });
      },
      ["heloName 'post.xn--bcher-kva.example' is the HELO name of one/a", '(at one/b)'],
    ],
    [
      'on one machine',
      (one, two) => {
        const host = machine(one, 'host');
        server(one, 'a', { host });
        server(two, 'b', { host });
      },
      ['host: one/host is the machine of one/a', 'give two/b a machine of its own, or add its domains to one/a'],
    ],
    [
      'on one EC2 instance',
      (one) => {
        const host = new Ec2Host(one, 'host', { sshPublicKey: fixedPublicKey, adminCidrs: ['198.51.100.1/32'] });
        server(one, 'a', { host });
        server(one, 'b', { host });
      },
      ['host: one/host is the machine of one/a'],
    ],
    [
      'at one address',
      (one) => {
        server(one, 'a', { host: new ExistingHost(one, 'x', { publicIpv4: '198.51.100.7' }) });
        server(one, 'b', { host: new ExistingHost(one, 'y', { publicIpv4: '198.51.100.7' }) });
      },
      ['host: one/y has the address 198.51.100.7, which is that of one/a'],
    ],
    [
      'at one IPv6 address, spelled otherwise',
      (one) => {
        const host = (id: string, last: string, publicIpv6: string) =>
          new ExistingHost(one, id, { publicIpv4: `198.51.100.${last}`, publicIpv6, reverseNameIsSet: true });
        server(one, 'a', { host: host('x', '7', '2001:db8::25') });
        server(one, 'b', { host: host('y', '8', '2001:DB8:0::25') });
      },
      ['host: one/y has the address 2001:DB8:0::25, which is that of one/a'],
    ],
    [
      'where one takes mail for the name of the other',
      (one) => {
        server(one, 'a', { heloName: 'mail.example.com' });
        server(one, 'b', { domains: { 'mail.example.com': {} } });
      },
      ["TXT record 'mail.example.com' is written twice, by one/a/SPF and by one/b/mail.example.com/SPF"],
    ],
  ])('%s are refused with both paths and the fix', (_, build, parts) => {
    const message = said(build);
    for (const part of parts) expect(message).toContain(part);
  });

  test.each<[string, (one: TerraformStack, two: TerraformStack) => void]>([
    ['with names, machines and domains of their own', (one, two) => void [server(one, 'a'), server(two, 'b')]],
    [
      'in one Route53Dns',
      (one) => {
        const dns = route53(one, 'dns');
        server(one, 'a', { dns });
        server(one, 'b', { dns });
      },
    ],
    [
      'of one domain, of which one leaves the MX to the other',
      (one) => {
        server(one, 'a', { domains: { 'example.com': {} } });
        server(one, 'b', { domains: { 'example.com': {} }, mxDomains: [] });
      },
    ],
    [
      'at addresses that only the plan knows',
      (one) => {
        server(one, 'a', { host: new ExistingHost(one, 'x', { publicIpv4: text(one, 'first') }) });
        server(one, 'b', { host: new ExistingHost(one, 'y', { publicIpv4: text(one, 'second') }) });
      },
    ],
    [
      'of which the first was taken out of the tree',
      (one) => {
        server(one, 'a', { heloName: 'mail.example.com', domains: { 'example.com': {} } });
        one.node.tryRemoveChild('a');
        server(one, 'b', { heloName: 'mail.example.com', domains: { 'example.com': {} } });
      },
    ],
  ])('%s are taken', (_, build) => expect(said(build)).toBe(''));

  test('of one name in two apps know nothing of each other', () => {
    const build = (one: TerraformStack) => void server(one, 'a', { heloName: 'mail.example.com' });
    expect([said(build), said(build)]).toEqual(['', '']);
  });
});

const elastic = (stack: TerraformStack, id: string, elasticIpAllocationId: string) =>
  new Ec2Host(stack, id, { sshPublicKey: fixedPublicKey, adminCidrs: ['198.51.100.1/32'], elasticIpAllocationId });

test('one Elastic IP of two machines is refused with both paths and the fix', () => {
  const both = (first: string, second: string) => said((one, two) => void [elastic(one, 'a', first), elastic(two, 'b', second)]);
  expect(both('eipalloc-0123456789abcdef0', 'eipalloc-0123456789abcdef0')).toBe(
    "elasticIpAllocationId: 'eipalloc-0123456789abcdef0' is the address of one/a already: give another one, or leave it out for a new one (at two/b)",
  );
  expect(both('eipalloc-0123456789abcdef0', 'eipalloc-0123456789abcdef1')).toBe('');
});

describe('one record of two owners', () => {
  const twice = "A record 'x.example.com' is written twice, by one/r and by ";
  test.each<[string, (one: TerraformStack, two: TerraformStack) => void, string]>([
    [
      'in one Route53Dns',
      (one) => {
        const dns = route53(one, 'dns');
        dns.addRecord(one, 'r', a);
        dns.addRecord(one, 's', a);
      },
      `${twice}one/s`,
    ],
    [
      'with another case and a final dot',
      (one) => {
        const dns = route53(one, 'dns');
        dns.addRecord(one, 'r', a);
        dns.addRecord(one, 's', { ...a, name: 'X.Example.com.' });
      },
      `${twice}one/s`,
    ],
    [
      'in two Route53Dns of two stacks',
      (one, two) => {
        route53(one, 'dns').addRecord(one, 'r', a);
        route53(two, 'dns').addRecord(two, 's', a);
      },
      `${twice}two/s`,
    ],
    [
      'in a zone that one makes and another one looks up',
      (one, two) => {
        route53(one, 'dns', { 'example.com': 'create' }).addRecord(one, 'r', a);
        route53(two, 'dns').addRecord(two, 's', a);
      },
      `${twice}two/s`,
    ],
    [
      'in a zone that two are handed',
      (one, two) => {
        const zone = new Route53Zone(one, 'zone', { name: 'example.com' });
        route53(one, 'dns', { 'example.com': zone }).addRecord(one, 'r', a);
        route53(two, 'dns', { 'example.com': { zoneId: zone.zoneId } }).addRecord(two, 's', a);
      },
      `${twice}two/s`,
    ],
    [
      'in zones of one id',
      (one, two) => {
        route53(one, 'dns', { 'example.com': { zoneId: 'Z1' } }).addRecord(one, 'r', a);
        route53(two, 'dns', { 'example.com': { zoneId: 'Z1' } }).addRecord(two, 's', a);
      },
      `${twice}two/s`,
    ],
    [
      'in a zone that is kept by hand, too',
      (one, two) => {
        route53(one, 'dns').addRecord(one, 'r', a);
        new ExternalDns(two, 'dns', { zones: ['example.com'] }).addRecord(two, 's', a);
      },
      `${twice}two/s`,
    ],
    [
      'and an alias of the same name',
      (one) => {
        const dns = route53(one, 'dns');
        dns.addRecord(one, 'r', a);
        dns.addRecord(one, 's', { name: 'x.example.com', type: 'CNAME', values: ['y.example.com.'] });
      },
      "CNAME record 'x.example.com' of one/s and A record of one/r have one name",
    ],
    [
      'of which the author of the stack wrote one himself',
      (one) => {
        const dns = route53(one, 'dns');
        const zoneId = dns.zones.get('example.com')?.zoneId ?? '';
        new Route53Record(one, 's', { zoneId, name: 'x', type: 'A', ttl: 60, records: ['198.51.100.9'] });
        dns.addRecord(one, 'r', a);
      },
      `${twice}one/s`,
    ],
    [
      'of which the author of the stack wrote one by the id of the zone',
      (one) => {
        const dns = route53(one, 'dns', { 'example.com': { zoneId: 'Z1' } });
        dns.addRecord(one, 'r', a);
        new Route53Record(one, 's', { zoneId: 'Z1', name: 'x.example.com', type: 'A', ttl: 60, records: ['198.51.100.9'] });
      },
      `${twice}one/s`,
    ],
    [
      'of which another stack has one of its own',
      (one, two) => {
        const dns = route53(one, 'dns', { 'example.com': 'create' });
        dns.addRecord(one, 'r', a);
        const zoneId = dns.zones.get('example.com')?.zoneId ?? '';
        new Route53Record(two, 's', { zoneId, name: 'X.example.com', type: 'A', ttl: 60, records: ['198.51.100.9'] });
      },
      `${twice}two/s`,
    ],
    [
      'where the author of the stack wrote an SPF record of his own',
      (one) => {
        const dns = route53(one, 'dns');
        server(one, 'm', { dns, domains: { 'example.com': {} } });
        const zoneId = dns.zones.get('example.com')?.zoneId ?? '';
        new Route53Record(one, 's', { zoneId, name: '', type: 'TXT', ttl: 60, records: ['v=spf1 -all'] });
      },
      "TXT record 'example.com' is written twice, by one/m/example.com/SPF and by one/s, and only one of them can have it: keep one, with all texts in it; those next to SPF belong into domainRecords: { 'example.com': { txt: [ … ] } } of the mail server",
    ],
  ])('%s is refused with both paths', (_, build, message) => expect(said(build)).toContain(message));

  test.each<[string, (one: TerraformStack, two: TerraformStack) => void]>([
    [
      'another type',
      (one) => {
        const dns = route53(one, 'dns');
        dns.addRecord(one, 'r', a);
        dns.addRecord(one, 's', { name: a.name, type: 'TXT', values: ['x'] });
      },
    ],
    [
      'zones of one name with other ids',
      (one) => {
        route53(one, 'dns', { 'example.com': { zoneId: 'Z1' } }).addRecord(one, 'r', a);
        route53(one, 'inside', { 'example.com': { zoneId: 'Z2' } }).addRecord(one, 's', a);
      },
    ],
    [
      'zones whose ids only the plan knows',
      (one) => {
        route53(one, 'dns', { 'example.com': { zoneId: text(one, 'first') } }).addRecord(one, 'r', a);
        route53(one, 'inside', { 'example.com': { zoneId: text(one, 'second') } }).addRecord(one, 's', a);
      },
    ],
    [
      'zones of two accounts',
      (one) => {
        const provider = new AwsProvider(one, 'other', { alias: 'other', region: 'eu-central-1', profile: 'other' });
        route53(one, 'dns').addRecord(one, 'r', a);
        route53(one, 'there', { 'example.com': { zone: 'lookup', provider } }).addRecord(one, 's', a);
      },
    ],
    [
      'a private zone of the same name',
      (one) => {
        route53(one, 'dns').addRecord(one, 'r', a);
        const { zoneId } = new Route53Zone(one, 'zone', { name: 'example.com', vpc: [{ vpcId: 'vpc-1' }] });
        new Route53Record(one, 's', { zoneId, name: 'x', type: 'A', ttl: 60, records: ['10.0.0.9'] });
      },
    ],
    [
      'its own record of another name',
      (one) => {
        const dns = route53(one, 'dns');
        dns.addRecord(one, 'r', a);
        const zoneId = dns.zones.get('example.com')?.zoneId ?? '';
        new Route53Record(one, 's', { zoneId, name: 'www', type: 'A', ttl: 60, records: ['198.51.100.9'] });
        new Route53Record(one, 't', { zoneId, name: text(one, 'name'), type: 'A', ttl: 60, records: ['198.51.100.9'] });
      },
    ],
  ])('%s is not a clash', (_, build) => expect(said(build)).toBe(''));
});
