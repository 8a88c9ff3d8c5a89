import { TerraformVariable, Testing } from 'cdktf';
import { ExistingHost, type ExistingHostProps, MailServer, Route53Dns } from '../../../lib';
import { existingMailServer } from '../../support/mail-stack';
import { all, newStack, only, refusal, synthesise } from '../../support/synth';

const basics: ExistingHostProps = { publicIpv4: '198.51.100.25' };

function build(props: Partial<ExistingHostProps> = {}): ExistingHost {
  let host: ExistingHost | undefined;
  newStack((stack) => {
    host = new ExistingHost(stack, 'host', { ...basics, ...props });
  });
  if (!host) throw new Error('not built');
  return host;
}

const notes = (host: ExistingHost) => host.node.metadata.map(({ data }) => String(data));

test('is reached at its public address unless said otherwise', () => {
  expect(build().connection).toEqual({ host: '198.51.100.25' });
  expect(build({ connection: { host: '10.0.0.5', user: 'root' } }).connection).toEqual({ host: '10.0.0.5', user: 'root' });
});

test('is the same machine as long as its address is the same, or as long as it is said', () => {
  expect(build().instanceId).toBe('198.51.100.25');
  expect(build({ instanceId: 'rack-7' }).instanceId).toBe('rack-7');
});

describe('its reverse name', () => {
  test('is the duty of whoever owns the address, and that is said with the very record', () => {
    const host = build();
    expect(host.setReverseName('Mail.example.com', [])).toMatchObject({
      managed: false,
      owner: '25.100.51.198.in-addr.arpa',
      expected: 'mail.example.com.',
      dependables: [],
    });
    expect(notes(host).join()).toContain('25.100.51.198.in-addr.arpa PTR mail.example.com.');
  });

  test('is not asked for once it is set', () => {
    const host = build({ reverseNameIsSet: true });
    host.setReverseName('mail.example.com', []);
    expect(notes(host)).toEqual([]);
  });

  test('is written where the reverse zone is ours', () => {
    const { resource } = synthesise((stack) => {
      const reverseDns = new Route53Dns(stack, 'reverse', { zones: { '100.51.198.in-addr.arpa': { zoneId: 'Z-REV' } } });
      new ExistingHost(stack, 'host', { ...basics, reverseDns }).setReverseName('mail.example.com', []);
    });
    expect(only(resource, 'aws_route53_record')).toMatchObject({
      zone_id: 'Z-REV',
      name: '25.100.51.198.in-addr.arpa',
      type: 'PTR',
      records: ['mail.example.com.'],
    });
  });

  test('fails to be written for an address that only Terraform knows', () => {
    const message = refusal((stack) => {
      const address = new TerraformVariable(stack, 'address', { type: 'string' });
      const reverseDns = new Route53Dns(stack, 'reverse', { zones: { '100.51.198.in-addr.arpa': { zoneId: 'Z-REV' } } });
      new ExistingHost(stack, 'host', { publicIpv4: address.stringValue, reverseDns }).setReverseName('mail.example.com', []);
    });
    expect(message).toContain('publicIpv4 is only known after apply');
  });
});

test.each<[Partial<ExistingHostProps>, string]>([
  [
    { publicIpv4: 'mail.example.com' },
    "publicIpv4: 'mail.example.com' is not an IPv4 address: expected four numbers, e.g. 198.51.100.25",
  ],
  [
    { publicIpv4: '198.51.100.25/24' },
    "publicIpv4: '198.51.100.25/24' is not an IPv4 address: expected four numbers, e.g. 198.51.100.25; leave out the prefix length",
  ],
  [{ publicIpv4: '2001:db8::25' }, "publicIpv4: '2001:db8::25' is not an IPv4 address"],
  [{ bindIpv4: '10.0.0' }, "bindIpv4: '10.0.0' is not an IPv4 address"],
  [{ connection: { timeoutSeconds: 0 } }, "connection.timeoutSeconds: '0'"],
  [{ connection: { bastion: { host: '' } } }, "connection.bastion.host: ''"],
])('fails on %j', (props, message) => {
  expect(() => build(props)).toThrow(message);
  expect(() => build(props)).toThrow('(at test/host)');
});

test.each<[string, false | undefined, string[]]>([
  ['are looked up in blocklists', undefined, ['198.51.100.25', '2001:db8::25']],
  ['are looked up nowhere when DNS cannot be asked', false, []],
])('its addresses %s', (_, publicDns, addresses) => {
  const { resource } = synthesise((stack) => {
    const zones = { 'example.com': { zoneId: 'Z1' } };
    new MailServer(stack, 'mail', {
      heloName: 'mail.example.com',
      host: new ExistingHost(stack, 'host', { ...basics, publicIpv6: '2001:db8::25' }),
      dns: new Route53Dns(stack, 'dns', { zones }),
      publicDns,
    });
  });
  const found = all(resource, 'mailserver_address');
  expect(found.map(({ address }) => address).sort()).toEqual(addresses);
  // They are nobody's to release.
  for (const each of found) expect(each).not.toHaveProperty('allocation_id');
});

test('takes an address that only Terraform knows', () => {
  const stack = newStack((scope) => {
    const address = new TerraformVariable(scope, 'address', { type: 'string' });
    const host = new ExistingHost(scope, 'host', { publicIpv4: address.stringValue });
    expect(host.setReverseName('mail.example.com', []).owner).toBe('of that address');
  });
  expect(Testing.synth(stack, true)).toContain('address');
});

describe('an IPv6 address', () => {
  const zones = {
    'example.com': { zoneId: 'Z1' },
    '100.51.198.in-addr.arpa': { zoneId: 'Z-REV4' },
    '8.b.d.0.1.0.0.2.ip6.arpa': { zoneId: 'Z-REV6' },
  };
  const both = (reverse: readonly (keyof typeof zones)[]) =>
    synthesise((stack) => {
      const dns = new Route53Dns(stack, 'dns', { zones: { 'example.com': zones['example.com'] } });
      const reverseDns = new Route53Dns(stack, 'reverse', {
        zones: Object.fromEntries(reverse.map((name) => [name, zones[name]])),
      });
      const host = new ExistingHost(stack, 'host', { ...basics, publicIpv6: '2001:db8::25', reverseDns });
      new MailServer(stack, 'mail', { heloName: 'mail.example.com', host, dns, spf: false, dmarc: false, dkim: false });
    });

  test('has records in both directions, is sent from, and the world has to agree on it', () => {
    const { resource, output } = both(['100.51.198.in-addr.arpa', '8.b.d.0.1.0.0.2.ip6.arpa']);
    expect(
      all(resource, 'aws_route53_record')
        .map(({ type, zone_id }) => `${type} ${zone_id}`)
        .sort(),
    ).toEqual(['A Z1', 'AAAA Z1', 'PTR Z-REV4', 'PTR Z-REV6']);
    expect(only(resource, 'mailserver_role')).toMatchObject({ bind_ipv6: '2001:db8::25' });
    const agreements = all(resource, 'mailserver_dns_agreement');
    const forward = agreements.find(({ records }) => records);
    const agreement = agreements.find(({ helo_name }) => helo_name);
    expect(forward).toMatchObject({
      records: { 'A mail.example.com': ['198.51.100.25'], 'AAAA mail.example.com': ['2001:db8::25'] },
    });
    expect(agreement).toMatchObject({ addresses: ['198.51.100.25', '2001:db8::25'] });
    expect(agreement?.depends_on).toHaveLength(5);
    expect(Object.keys(output.mail_dns_chain?.value as object)).toEqual([
      '1. A    mail.example.com',
      '1. AAAA mail.example.com',
      '2. PTR  25.100.51.198.in-addr.arpa',
      '2. PTR  5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa',
      '3. HELO myhostname',
    ]);
  });

  test('may have its reverse zone elsewhere', () => {
    const { resource, output } = both(['8.b.d.0.1.0.0.2.ip6.arpa']);
    expect(all(resource, 'aws_route53_record').filter(({ type }) => type === 'PTR')).toHaveLength(1);
    expect(output.mail_records_to_set?.value).toMatchObject([{ name: '25.100.51.198.in-addr.arpa', type: 'PTR' }]);
  });

  test('must be one that mail can come from', () => {
    const wrong = (publicIpv6: string) => refusal((stack) => void new ExistingHost(stack, 'host', { ...basics, publicIpv6 }));
    expect(wrong('198.51.100.25')).toContain("publicIpv6: '198.51.100.25'");
    expect(wrong('fe80::1')).toContain('cannot be the source of outgoing mail');
  });

  test('that is missing is explained in the plan', () => {
    const { output, resource } = synthesise((stack) => void existingMailServer(stack));
    expect(only(resource, 'mailserver_role')).not.toHaveProperty('bind_ipv6');
    expect(output.mail_dns_chain?.value).toMatchObject({
      '1. AAAA mail.example.com': { expected: 'none: no publicIpv6 is given, so mail is sent over IPv4 only' },
    });
  });
});
