import { DataAwsRoute53Zone } from '@cdktf/provider-aws/lib/data-aws-route53-zone';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import { TerraformVariable } from 'cdktf';
import { type MailServerProps, Route53Dns, type Route53DnsProps } from '../../../lib';
import { ec2MailServer } from '../../support/mail-stack';
import { all, only, refusal, synthesise } from '../../support/synth';

const record = (props: Route53DnsProps, name: string) =>
  only(
    synthesise(
      (stack) => void new Route53Dns(stack, 'dns', props).addRecord(stack, 'it', { name, type: 'A', values: ['198.51.100.25'] }),
    ).resource,
    'aws_route53_record',
  );

describe('zones', () => {
  test('are made, and their name servers are put out', () => {
    const { resource, output } = synthesise(
      (stack) => void new Route53Dns(stack, 'dns', { zones: { 'Example.com.': 'create' } }),
    );
    expect(only(resource, 'aws_route53_zone')).toMatchObject({ name: 'example.com' });
    expect(output.dns_name_servers?.value).toEqual({
      'example.com': expect.stringMatching(/^\$\{aws_route53_zone\..*\.name_servers\}$/),
    });
  });

  test('are found by name', () => {
    const { resource, data, output } = synthesise(
      (stack) => void new Route53Dns(stack, 'dns', { zones: { 'example.com': 'lookup' } }),
    );
    expect(resource).toEqual({});
    expect(only(data, 'aws_route53_zone')).toEqual({ name: 'example.com', private_zone: false });
    expect(output).toEqual({});
  });

  test('are handed over, and the plan compares their names', () => {
    const { resource } = synthesise((stack) => {
      const zone = new Route53Zone(stack, 'mine', { name: 'example.com' });
      new Route53Dns(stack, 'dns', { zones: { 'example.com': zone } }).addRecord(stack, 'it', {
        name: 'a.example.com',
        type: 'A',
        values: ['198.51.100.25'],
      });
    });
    expect(only(resource, 'aws_route53_record')).toMatchObject({
      zone_id: '${aws_route53_zone.mine.zone_id}',
      lifecycle: {
        precondition: [
          { condition: expect.stringContaining('endswith'), error_message: expect.stringContaining("'a.example.com'") },
        ],
      },
    });
  });

  test('may be in another account, and so are their records', () => {
    const { resource, data } = synthesise((stack) => {
      const other = new AwsProvider(stack, 'other', { region: 'eu-central-1', alias: 'dns' });
      const dns = new Route53Dns(stack, 'dns', {
        zones: { 'example.com': { zone: 'lookup', provider: other }, 'example.net': 'create' },
      });
      for (const name of ['a.example.com', 'a.example.net']) dns.addRecord(stack, name, { name, type: 'A', values: [] });
    });
    expect(only(data, 'aws_route53_zone')).toMatchObject({ name: 'example.com', provider: 'aws.dns' });
    expect(only(resource, 'aws_route53_zone')).not.toHaveProperty('provider');
    expect(all(resource, 'aws_route53_record').map(({ name, provider }) => `${name} ${provider}`)).toEqual([
      'a.example.com aws.dns',
      'a.example.net undefined',
    ]);
  });

  test('may be named in any script', () => {
    expect(
      only(
        synthesise((stack) => void new Route53Dns(stack, 'dns', { zones: { 'exämple.com': 'create' } })).resource,
        'aws_route53_zone',
      ),
    ).toMatchObject({ name: 'xn--exmple-cua.com' });
  });

  test('may be known by their id only', () => {
    expect(record({ zones: { 'example.com': { zoneId: 'Z0123' } } }, 'a.example.com')).not.toHaveProperty('lifecycle');
  });

  test.each([
    ['https://example.com', 'it is a URL, give only the name'],
    ['example..com', 'two dots in a row'],
    ['exa mple.com', 'it has white space in it'],
  ])('fails on %j: %s', (name, problem) => {
    const message = refusal((stack) => void new Route53Dns(stack, 'dns', { zones: { [name]: 'create' } }));
    expect(message).toContain(`'${name}' is not a zone: `);
    expect(message).toContain(problem);
  });
});

describe('records', () => {
  const zones = { 'example.com': { zoneId: 'Z-COM' }, 'sub.example.com': { zoneId: 'Z-SUB' } };

  test.each([
    ['mail.example.com', 'Z-COM'],
    ['example.com', 'Z-COM'],
    ['mail.sub.example.com', 'Z-SUB'],
    ['Sub.Example.com.', 'Z-SUB'],
    ['xsub.example.com', 'Z-COM'],
  ])('%s goes to %s, the zone with the longest name', (name, zoneId) =>
    expect(record({ zones }, name)).toMatchObject({ zone_id: zoneId }),
  );

  test('have the time to live of the construct, or one of their own', () => {
    const { resource } = synthesise((stack) => {
      const dns = new Route53Dns(stack, 'dns', { zones, ttlSeconds: 60 });
      dns.addRecord(stack, 'a', { name: 'a.example.com', type: 'A', values: ['198.51.100.25'] });
      dns.addRecord(stack, 'b', { name: 'b.example.com', type: 'A', values: ['198.51.100.25'], ttlSeconds: 86400 });
    });
    expect(all(resource, 'aws_route53_record').map(({ ttl }) => ttl)).toEqual([60, 86400]);
  });

  test('of text are cut into strings of 255 bytes, and quotes stay quotes', () => {
    const { resource } = synthesise((stack) => {
      const dns = new Route53Dns(stack, 'dns', { zones });
      dns.addRecord(stack, 'long', {
        name: 'long.example.com',
        type: 'TXT',
        values: ['k'.repeat(300), 'say "hi" \\', `${'ü'.repeat(127)}xü`, 'v=spf1 exists:%{i}.example.com ${all}'],
      });
    });
    expect(only(resource, 'aws_route53_record').records).toEqual([
      `${'k'.repeat(255)}""${'k'.repeat(45)}`,
      'say \\"hi\\" \\\\',
      `${'\\303\\274'.repeat(127)}x""\\303\\274`,
      'v=spf1 exists:%%{i}.example.com $${all}',
    ]);
  });

  test('fail in no zone, and the zones are named', () => {
    const build = (known: Route53DnsProps['zones']) =>
      refusal(
        (stack) =>
          void new Route53Dns(stack, 'dns', { zones: known }).addRecord(stack, 'it', {
            name: 'mail.example.org',
            type: 'A',
            values: [],
          }),
      );
    expect(build(zones)).toBe(
      "A record 'mail.example.org' is in none of the zones (example.com, sub.example.com): add its zone to zones (at test)",
    );
    expect(build({})).toContain('is in none of the zones (none)');
  });

  test('fail when only Terraform knows their name', () => {
    const message = refusal((stack) => {
      const name = new TerraformVariable(stack, 'name', { type: 'string' });
      new Route53Dns(stack, 'dns', { zones }).addRecord(stack, 'it', { name: name.stringValue, type: 'A', values: [] });
    });
    expect(message).toContain('name of the A record is only known after apply');
  });
});

test('a data source of the stack is a zone', () => {
  const { resource } = synthesise((stack) => {
    const zone = new DataAwsRoute53Zone(stack, 'mine', { zoneId: 'Z1' });
    new Route53Dns(stack, 'dns', { zones: { 'example.com': zone } }).addRecord(stack, 'it', {
      name: 'example.com',
      type: 'A',
      values: [],
    });
  });
  expect(only(resource, 'aws_route53_record')).toMatchObject({ zone_id: '${data.aws_route53_zone.mine.zone_id}' });
});

describe('the delegation', () => {
  const build = (zones: Route53DnsProps['zones'], props: Partial<Route53DnsProps> = {}, mail: Partial<MailServerProps> = {}) =>
    synthesise((stack) => void ec2MailServer(stack, { dns: new Route53Dns(stack, 'route53', { zones, ...props }), ...mail }));
  const delegations = (built: ReturnType<typeof build>) =>
    all(built.resource, 'mailserver_delegation').map(({ provider: _, ...settings }) => settings);
  const known = { zoneId: 'Z0123456789', nameServers: ['ns1.dns.test', 'ns2.dns.test'] };

  test.each<[string, Route53DnsProps['zones'], RegExp]>([
    ['made', { 'example.com': 'create' }, /^\$\{aws_route53_zone\.[^.]+\.name_servers\}$/],
    ['looked up', { 'example.com': 'lookup' }, /^\$\{data\.aws_route53_zone\.[^.]+\.name_servers\}$/],
  ])('of a zone that is %s comes before everything that costs money', (_, zones, nameServers) => {
    const built = build(zones);
    expect(delegations(built)).toEqual([{ zones: { 'example.com': expect.stringMatching(nameServers) } }]);
    const [id] = Object.keys(built.resource.mailserver_delegation ?? {});
    for (const type of ['aws_instance', 'aws_eip', 'aws_ebs_volume']) {
      expect({ type, after: only(built.resource, type).depends_on }).toEqual({
        type,
        after: expect.arrayContaining([`mailserver_delegation.${id}`]),
      });
    }
  });

  test('of a zone that is handed over is looked at where its name servers are', () => {
    expect(delegations(build({ 'example.com': known }))).toEqual([{ zones: { 'example.com': known.nameServers } }]);
    expect(delegations(build({ 'example.com': { zoneId: 'Z0123456789' } }))).toEqual([]);
  });

  test('is waited for as long as is said, or not looked at', () => {
    expect(delegations(build({ 'example.com': known }, { delegation: { waitSeconds: 3600 } }))).toMatchObject([
      { wait_seconds: 3600 },
    ]);
    expect(delegations(build({ 'example.com': known }, { delegation: false }))).toEqual([]);
    expect(delegations(build({ 'example.com': known }, {}, { publicDns: false }))).toEqual([]);
  });

  test('of the zones of further mail domains is looked at, and waited for by nothing', () => {
    const zones = { 'example.com': known, 'example.net': { zoneId: 'Z1111111111', nameServers: ['ns3.dns.test'] } };
    const built = build(zones, {}, { domains: { 'example.com': {}, 'example.net': {}, 'sub.example.net': {} } });
    expect(delegations(built)).toEqual([
      { zones: { 'example.com': known.nameServers } },
      { zones: { 'example.net': ['ns3.dns.test'] }, required: false, wait_seconds: 0 },
    ]);
    const [, second] = Object.keys(built.resource.mailserver_delegation ?? {});
    expect(JSON.stringify(built.resource)).not.toContain(`mailserver_delegation.${second}"`);
  });

  test('may be to a reusable set, whose name servers a plan knows', () => {
    const built = build({ 'example.com': 'create' }, { delegationSetId: 'N1PA6795SAMPLE' });
    expect(all(built.resource, 'aws_route53_zone')).toContainEqual(
      expect.objectContaining({ delegation_set_id: 'N1PA6795SAMPLE' }),
    );
    expect(only(built.data, 'aws_route53_delegation_set')).toMatchObject({ id: 'N1PA6795SAMPLE' });
    expect(delegations(built)).toEqual([
      { zones: { 'example.com': expect.stringMatching(/^\$\{data\.aws_route53_delegation_set\.[^.]+\.name_servers\}$/) } },
    ]);
  });
});

describe('a zone that was made', () => {
  const zone = (props: Partial<Route53DnsProps>) =>
    only(
      synthesise((stack) => void new Route53Dns(stack, 'dns', { zones: { 'example.com': 'create' }, ...props })).resource,
      'aws_route53_zone',
    );

  test('is protected unless said otherwise: one that is made again has other name servers', () => {
    expect(zone({})).toMatchObject({ lifecycle: { prevent_destroy: true } });
    expect(zone({ protect: false })).not.toHaveProperty('lifecycle');
  });
});

test.each<[object, string]>([
  [{ delegation: { waitSeconds: -1 } }, 'delegation'],
  [{ delegation: true }, "delegation: expected properties in braces, got 'true'"],
  [{ delegationSetId: 'n1' }, "'n1' is not the id of a delegation set"],
  [{ protect: 'no' }, 'protect'],
])('%j is refused', (props, words) => {
  expect(
    refusal(
      (stack) =>
        void new Route53Dns(stack, 'dns', { zones: { 'example.com': 'create' }, ...(props as Partial<Route53DnsProps>) }),
    ),
  ).toContain(words);
});
