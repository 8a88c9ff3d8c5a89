import { TerraformStack } from 'cdktf';
import { Ec2Host, ExistingHost, ExternalDns, MailServer, MailServers, type MailServersProps, Route53Dns } from '../../../lib';
import { fixedPublicKey } from '../../support/keys';
import { all, refusal, synthesise } from '../../support/synth';

const machine = (stack: TerraformStack, id: string, number: number) =>
  new ExistingHost(stack, id, { publicIpv4: `198.51.100.${number}` });

/** Two hosts that are there, one of them a backup. */
function servers(stack: TerraformStack, props: Partial<MailServersProps> = {}): MailServers {
  return new MailServers(stack, 'mail', {
    hosts: props.hosts ?? {
      'mx1.example.com': { host: machine(stack, 'one', 25) },
      'MX2.example.com.': { host: machine(stack, 'two', 26), mxPreference: 20 },
    },
    dns: new Route53Dns(stack, 'dns', { zones: { 'example.com': { zoneId: 'Z1' } } }),
    domains: { 'example.com': { deliverTo: 'webapp' } },
    serviceUsers: ['webapp'],
    ...props,
  });
}

const records = (resource: ReturnType<typeof synthesise>['resource']) =>
  all(resource, 'aws_route53_record').map(
    ({ type, name, records: values }) => `${type} ${name} ${(values as string[]).join(', ')}`,
  );
const roleOf = (resource: ReturnType<typeof synthesise>['resource'], helo: string) => {
  const found = Object.entries(resource.mailserver_role ?? {}).find(([, block]) => block.helo_name === helo);
  if (!found) throw new Error(`no role of ${helo}`);
  return { address: `mailserver_role.${found[0]}`, block: found[1] as Record<string, unknown> & { depends_on: string[] } };
};

describe('several hosts of the same domains', () => {
  const { resource, output } = synthesise((stack) => void servers(stack));
  const one = roleOf(resource, 'mx1.example.com');
  const two = roleOf(resource, 'mx2.example.com');

  test('are named in one set of records of each type', () => {
    expect(records(resource).sort()).toEqual([
      'A mx1.example.com 198.51.100.25',
      'A mx2.example.com 198.51.100.26',
      'MX example.com 10 mx1.example.com., 20 mx2.example.com.',
      'TXT _dmarc.example.com v=DMARC1; p=none',
      'TXT example.com v=spf1 mx -all',
      'TXT mx1.example.com v=spf1 a -all',
      'TXT mx2.example.com v=spf1 a -all',
    ]);
  });

  test('get what the stack says once', () => {
    const { helo_name: _, connection: __, depends_on: ___, ...first } = one.block;
    expect(two.block).toMatchObject({ domains: first.domains, service_users: first.service_users });
  });

  test('are changed one after the other, in their order, and the MX comes after all of them', () => {
    expect(two.block.depends_on).toContain(one.address);
    expect(one.block.depends_on).not.toContain(two.address);
    const mx = all(resource, 'aws_route53_record').find(({ type }) => type === 'MX');
    expect(mx?.depends_on).toEqual(expect.arrayContaining([one.address, two.address]));
  });

  test('are changed all at once where the stack says so', () => {
    const { resource: together } = synthesise((stack) => void servers(stack, { rollout: 'together' }));
    const first = roleOf(together, 'mx1.example.com').address;
    expect(roleOf(together, 'mx2.example.com').block.depends_on).not.toContain(first);
  });

  test('have one chain, and what verify needs to know of each', () => {
    expect(Object.keys((output.mail_dns_chain as { value: object }).value)).toEqual([
      '1. A    mx1.example.com',
      '1. A    mx2.example.com',
      '1. AAAA mx1.example.com',
      '1. AAAA mx2.example.com',
      '2. PTR  25.100.51.198.in-addr.arpa (mx1.example.com) (yours to set)',
      '2. PTR  26.100.51.198.in-addr.arpa (mx2.example.com) (yours to set)',
      '3. HELO myhostname (mx1.example.com)',
      '3. HELO myhostname (mx2.example.com)',
      '4. MX   example.com',
    ]);
    const mail_exchangers = [
      { helo_name: 'mx1.example.com', preference: 10 },
      { helo_name: 'mx2.example.com', preference: 20 },
    ];
    expect(output.mail_mx1_example_com_verify).toMatchObject({
      value: { helo_name: 'mx1.example.com', addresses: ['198.51.100.25'], domains: ['example.com'], mail_exchangers },
    });
    expect(output.mail_mx2_example_com_verify).toMatchObject({
      value: { helo_name: 'mx2.example.com', addresses: ['198.51.100.26'], mail_exchangers },
    });
    expect(output.mail_records_to_set).toMatchObject({
      value: [
        { name: '25.100.51.198.in-addr.arpa', type: 'PTR', values: ['mx1.example.com.'] },
        { name: '26.100.51.198.in-addr.arpa', type: 'PTR', values: ['mx2.example.com.'] },
      ],
    });
  });

  test('sign with keys of their own, to which every domain has aliases', () => {
    const { resource: signing } = synthesise((stack) => void servers(stack, { dkim: {} }));
    expect(records(signing).filter((record) => record.startsWith('CNAME'))).toEqual([
      'CNAME mx1a._domainkey.example.com mx1a._domainkey.mx1.example.com.',
      'CNAME mx1b._domainkey.example.com mx1b._domainkey.mx1.example.com.',
      'CNAME mx2a._domainkey.example.com mx2a._domainkey.mx2.example.com.',
      'CNAME mx2b._domainkey.example.com mx2b._domainkey.mx2.example.com.',
    ]);
    expect(roleOf(signing, 'mx2.example.com').block.dkim).toMatchObject({ selectors: ['mx2a', 'mx2b'] });
  });

  test('may only send, as before they are taken away', () => {
    const { resource: leaving, output: outputs } = synthesise(
      (stack) =>
        void servers(stack, {
          hosts: {
            'mx1.example.com': { host: machine(stack, 'one', 25) },
            'mx2.example.com': { host: machine(stack, 'two', 26), mxPreference: false },
          },
        }),
    );
    expect(records(leaving)).toEqual(
      expect.arrayContaining(['MX example.com 10 mx1.example.com.', 'TXT example.com v=spf1 mx a:mx2.example.com -all']),
    );
    expect(outputs.mail_mx2_example_com_verify).toMatchObject({
      value: { mail_exchangers: [{ helo_name: 'mx1.example.com', preference: 10 }] },
    });
  });

  test('are machines that the stack makes, too, and their records may be written by hand', () => {
    const { resource: made, output: outputs } = synthesise((stack) => {
      const host = (id: string) => new Ec2Host(stack, id, { sshPublicKey: fixedPublicKey, adminCidrs: ['198.51.100.1/32'] });
      servers(stack, {
        hosts: { 'a.example.com': { host: host('a') }, 'b.example.com': { host: host('b') } },
        dns: new ExternalDns(stack, 'external', { zones: ['example.com'] }),
      });
    });
    expect(all(made, 'aws_instance')).toHaveLength(2);
    expect(JSON.stringify(outputs.mail_records_to_set)).toContain('"10 a.example.com.","10 b.example.com."');
  });

  test('with domains in further zones have each zone looked after once', () => {
    const { resource: many } = synthesise(
      (stack) =>
        void servers(stack, {
          hosts: Object.fromEntries([1, 2, 3].map((n) => [`mx${n}.example.com`, { host: machine(stack, `h${n}`, 30 + n) }])),
          dns: new Route53Dns(stack, 'more', { zones: { 'example.com': 'lookup', 'example.org': 'create' } }),
          domains: { 'example.com': {}, 'example.org': {} },
        }),
    );
    const zones = all(many, 'mailserver_delegation').flatMap((each) => Object.keys(each.zones as object));
    expect(zones.sort()).toEqual(['example.com', 'example.org']);
  });

  test('may be in stacks of their own', () => {
    expect(() =>
      synthesise((stack) => {
        const elsewhere = new TerraformStack(stack.node.root as never, 'elsewhere');
        servers(stack, {
          hosts: {
            'mx1.example.com': { host: machine(stack, 'near', 25) },
            'mx2.example.com': { host: machine(elsewhere, 'far', 26) },
          },
        });
      }),
    ).not.toThrow();
  });
});

describe('several hosts are refused', () => {
  test.each<[what: string, props: (stack: TerraformStack) => Partial<MailServersProps>, ...said: string[]]>([
    ['with none', () => ({ hosts: {} }), "hosts: there is none: add one, e.g. { 'mx1.example.com': { host } }"],
    [
      'none of which takes mail',
      (stack) => ({ hosts: { 'mx1.example.com': { host: machine(stack, 'a', 31), mxPreference: false } } }),
      'nobody takes the mail of the domains',
    ],
    ['as a list', () => ({ hosts: [] as never }), 'hosts'],
    [
      'more than SPF allows',
      (stack) => ({
        hosts: Object.fromEntries(
          Array.from({ length: 11 }, (_, n) => [`mx${n}.example.com`, { host: machine(stack, `h${n}`, 30 + n) }]),
        ),
      }),
      'there are 11',
      'RFC 7208 4.6.4',
    ],
    [
      'with one name in two spellings',
      (stack) => ({
        hosts: { 'mx.example.com': { host: machine(stack, 'a', 31) }, 'MX.example.com': { host: machine(stack, 'b', 32) } },
      }),
      "hosts: 'mx.example.com' and 'MX.example.com' are the same name",
    ],
    [
      'on one machine',
      (stack) => {
        const host = machine(stack, 'a', 31);
        return { hosts: { 'mx1.example.com': { host }, 'mx2.example.com': { host } } };
      },
      'is the machine of test/mail/mx1.example.com already',
    ],
    [
      'whose name is a mail domain',
      () => ({ mxDomains: ['example.com', 'mx2.example.com'] }),
      "'mx2.example.com' is a mail domain and a HELO name",
    ],
    [
      'in no zone',
      (stack) => ({ hosts: { 'mx1.example.net': { host: machine(stack, 'a', 31) } } }),
      "HELO name 'mx1.example.net' is in none of the zones",
    ],
    [
      'with keys of one name',
      (stack) => ({
        dkim: {},
        hosts: {
          'mail.a.example.com': { host: machine(stack, 'a', 31) },
          'mail.b.example.com': { host: machine(stack, 'b', 32) },
        },
      }),
      "hosts.mail.b.example.com.dkimSelectors: 'maila' is a selector of mail.a.example.com already",
    ],
    [
      'with selectors for all of them',
      () => ({ dkim: { selectors: ['a', 'b'] } as never }),
      'dkim.selectors: each host has its own',
    ],
    [
      'with a misspelt property of a host',
      (stack) => ({ hosts: { 'mx1.example.com': { host: machine(stack, 'a', 31), mxPreferense: 5 } as never } }),
      'did you mean mxPreference?',
    ],
    ['with another rollout', () => ({ rollout: 'quick' as never }), "'rolling'"],
  ])('%s', (_, props, ...said) => {
    const message = refusal((stack) => void servers(stack, props(stack)));
    for (const words of said) expect(message).toContain(words);
  });

  test('next to a mail server with one of their domains', () => {
    const message = refusal((stack) => {
      const dns = new Route53Dns(stack, 'other', { zones: { 'example.com': { zoneId: 'Z1' } } });
      new MailServer(stack, 'alone', {
        heloName: 'x.example.com',
        host: machine(stack, 'x', 40),
        dns,
        domains: { 'example.com': {} },
      });
      servers(stack);
    });
    expect(message).toContain("mail domain 'example.com' has two owners, test/alone and test/mail");
  });
});
