import { TerraformVariable } from 'cdktf';
import { Ec2Host, type Ec2HostProps, type IMailDns, type IMailHost, type MailServerProps, Route53Dns } from '../../../lib';
import { fixedPublicKey } from '../../support/keys';
import { ec2MailServer, existingMailServer } from '../../support/mail-stack';
import { all, only, refusal, synthesise } from '../../support/synth';

const role = (props: Partial<MailServerProps> = {}) =>
  only(synthesise((stack) => void ec2MailServer(stack, props)).resource, 'mailserver_role');
const refused = (props: Partial<MailServerProps>) => refusal((stack) => void existingMailServer(stack, props));

describe('one HELO name', () => {
  const { resource } = synthesise((stack) => void ec2MailServer(stack, { heloName: 'Mail.Example.com' }));
  const records = all(resource, 'aws_route53_record');

  test('owns the A record', () => {
    expect(records).toContainEqual(expect.objectContaining({ type: 'A', name: 'mail.example.com' }));
  });
  test('is what the address answers with', () => {
    expect(only(resource, 'mailserver_reverse_name')).toMatchObject({ name: 'mail.example.com' });
  });
  test('is the name that the host is given', () => {
    expect(only(resource, 'mailserver_role')).toMatchObject({ helo_name: 'mail.example.com' });
  });
  test('is what the mail domains point to', () => {
    expect(records).toContainEqual(
      expect.objectContaining({ type: 'MX', name: 'example.com', records: ['10 mail.example.com.'] }),
    );
  });
});

describe('the order', () => {
  const { resource } = synthesise((stack) => void ec2MailServer(stack));
  const dependencies = (block: Record<string, unknown>) => (block.depends_on as string[]).map((address) => address.split('.')[0]);

  const agreementOn = (key: string) =>
    Object.entries(resource.mailserver_dns_agreement ?? {}).find(([, { records }]) => Object.keys(records ?? {}).includes(key));

  test('the A record comes after a look at the past of its address, and the reverse name after the world has seen it', () => {
    const [checked] = Object.keys(resource.mailserver_address ?? {});
    const [a] = all(resource, 'aws_route53_record').filter(({ type }) => type === 'A');
    expect(a).toMatchObject({ records: [`\${mailserver_address.${checked}.address}`] });
    const [forward, agreement] = agreementOn('A mail.example.com') ?? [];
    expect(agreement).toMatchObject({ records: { 'A mail.example.com': [`\${mailserver_address.${checked}.address}`] } });
    expect(dependencies(agreement ?? {})).toEqual(['aws_route53_record']);
    const address = expect.stringMatching(/^aws_route53_record\.\w+$/);
    const id = expect.stringMatching(/^\$\{aws_route53_record\.\w+\.id\}$/);
    expect(agreement?.claims).toEqual({ 'A mail.example.com': { address, id } });
    expect(only(resource, 'mailserver_reverse_name').depends_on).toEqual(
      expect.arrayContaining([`mailserver_dns_agreement.${forward}`, `mailserver_address.${checked}`]),
    );
  });

  test('the role comes after both, and after all that makes the host reachable', () => {
    expect(new Set(dependencies(only(resource, 'mailserver_role')))).toEqual(
      new Set([
        'aws_eip_association',
        'aws_route',
        'aws_route_table_association',
        'aws_route53_record',
        'aws_volume_attachment',
        'aws_vpc_security_group_egress_rule',
        'aws_vpc_security_group_ingress_rule',
        'mailserver_dns_agreement',
        'mailserver_reverse_name',
      ]),
    );
  });

  test('the world has to agree on name and address before the host is given the name', () => {
    const [id, chain] = Object.entries(resource.mailserver_dns_agreement ?? {}).find(([, { helo_name }]) => helo_name) ?? [];
    expect(only(resource, 'mailserver_role').depends_on).toContain(`mailserver_dns_agreement.${id}`);
    expect(chain).toMatchObject({
      helo_name: 'mail.example.com',
      addresses: [expect.stringMatching(/^\$\{mailserver_address\..*\.address\}$/)],
    });
    expect(dependencies(chain ?? {})).toEqual(['aws_route53_record', 'mailserver_dns_agreement', 'mailserver_reverse_name']);
  });

  test('the records of the domains are looked for last, and a name that was given up is kept as long as caches have it', () => {
    const [, published] = agreementOn('MX example.com') ?? [];
    expect(published).toMatchObject({
      own_servers_only: true,
      required: false,
      keep_former_seconds: 300,
      records: {
        'MX example.com': ['10 mail.example.com.'],
        'TXT example.com': ['v=spf1 mx -all'],
        'TXT _dmarc.example.com': ['v=DMARC1; p=none'],
        'TXT mail.example.com': ['v=spf1 a -all'],
      },
    });
    expect(dependencies(published ?? {})).toContain('mailserver_role');
  });

  test('MX records come after the role', () => {
    const mx = all(resource, 'aws_route53_record').filter(({ type }) => type === 'MX');
    expect(mx.map(dependencies)).toEqual([['mailserver_role']]);
  });

  test('a renamed host gets its new name before it loses the old one', () => {
    const forward = all(resource, 'aws_route53_record').find(({ type }) => type === 'A');
    expect(forward).toMatchObject({ lifecycle: { create_before_destroy: true } });
  });

  test('the machine is never replaced in that order: a second one could have neither address nor volume', () => {
    const resources = Object.entries(resource).flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([id, block]) => [`${type}.${id}`, block] as const),
    );
    const below = (address: string, known = new Set<string>()): Set<string> => {
      const text = JSON.stringify(resources.find(([name]) => name === address)?.[1]);
      for (const [other] of resources.filter(([name]) => name !== address && !known.has(name) && text.includes(name))) {
        known.add(other);
        below(other, known);
      }
      return known;
    };
    const first = resources.filter(
      ([, { lifecycle }]) => (lifecycle as { create_before_destroy?: boolean } | undefined)?.create_before_destroy,
    );
    expect(first.map(([, { type }]) => type).sort()).toEqual(['A', 'TXT']);
    for (const [address] of first) {
      expect([...below(address)].map((name) => name.split('.')[0]).sort()).not.toContain('aws_instance');
    }
  });

  test('a machine that goes with the stack is stopped before its names go', () => {
    expect(only(resource, 'mailserver_role')).toMatchObject({ on_destroy: 'stop' });
    const kept = synthesise((stack) => void ec2MailServer(stack, { onDestroy: 'keep' }));
    expect(only(kept.resource, 'mailserver_role')).toMatchObject({ on_destroy: 'keep' });
    const existing = synthesise((stack) => void existingMailServer(stack));
    expect(only(existing.resource, 'mailserver_role')).not.toHaveProperty('on_destroy');
  });
});

describe('what the world sees', () => {
  test('is looked at in every plan, once there is nothing to wait for, and a difference is a warning', () => {
    const { data, check } = synthesise((stack) => void existingMailServer(stack));
    expect(only(data, 'mailserver_dns')).toMatchObject({
      helo_name: 'mail.example.com',
      addresses: ['198.51.100.25'],
      after: [expect.stringMatching(/mail_Agreement_.*\.id/), expect.stringMatching(/Published_.*\.id/)],
    });
    expect(only(data, 'mailserver_dns')).not.toHaveProperty('depends_on');
    expect(Object.values(check)).toMatchObject([
      { assert: [{ condition: expect.stringMatching(/^\$\{data\.mailserver_dns\..*\.agreed\}$/) }] },
    ]);
  });

  test('is not asked for where Terraform cannot ask DNS', () => {
    const { data, resource, check, output } = synthesise((stack) => void existingMailServer(stack, { publicDns: false }));
    expect(data).not.toHaveProperty('mailserver_dns');
    expect(resource).not.toHaveProperty('mailserver_dns_agreement');
    expect(check).toEqual({});
    expect(output.mail_dns_chain?.value).toMatchObject({ '3. HELO myhostname': { expected: 'mail.example.com' } });
  });

  test('of many domains is looked at for the first fifty', () => {
    const domains = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`d${index}.example.com`, {}]));
    const { data } = synthesise((stack) => void existingMailServer(stack, { domains }));
    expect(Object.keys(only(data, 'mailserver_dns').records as object)).toHaveLength(150);
  });
});

describe('settings that follow from the machine', () => {
  test.each<[what: string, networks: Partial<Ec2HostProps>, own: readonly string[] | undefined, spared: unknown]>([
    ['its administrators', { adminCidrs: ['198.51.100.1/32'] }, undefined, ['198.51.100.1/32']],
    [
      'those and whom the program names',
      { adminCidrs: ['198.51.100.1/32'] },
      ['203.0.113.0/24'],
      ['203.0.113.0/24', '198.51.100.1/32'],
    ],
    ['not the whole world', { adminCidrs: ['0.0.0.0/0', '192.0.2.0/24'], openSshToWorld: true }, undefined, ['192.0.2.0/24']],
  ])('never shuts out %s', (_, networks, neverShutOut, spared) => {
    const { resource } = synthesise((stack) => {
      const host = new Ec2Host(stack, 'office', { sshPublicKey: fixedPublicKey, adminCidrs: [], ...networks });
      existingMailServer(stack, { host, ...(neverShutOut && { neverShutOut }) });
    });
    expect(only(resource, 'mailserver_role')).toMatchObject({ never_shut_out: spared });
  });

  test('behind 1:1 NAT mail leaves from the private address, and the public one is known as ours', () => {
    expect(role()).toMatchObject({
      bind_ipv4: expect.stringContaining('private_ip'),
      proxy_addresses: [expect.stringMatching(/mailserver_address.*address/)],
      state_volume: { volume_id: expect.stringContaining('aws_ebs_volume') },
      instance_id: expect.stringContaining('aws_instance'),
      machine_type: expect.stringMatching(/aws_instance\..*\.instance_type/),
    });
  });

  test('a machine with one address chooses by itself', () => {
    const { resource } = synthesise((stack) => void existingMailServer(stack));
    const settings = only(resource, 'mailserver_role');
    expect(settings).not.toHaveProperty('bind_ipv4');
    expect(settings).not.toHaveProperty('proxy_addresses');
    expect(settings).not.toHaveProperty('state_volume');
  });
});

test('a user that mail is delivered to is made, also when nobody lists it', () => {
  const users = (props: Partial<MailServerProps>) => role({ serviceUsers: undefined, ...props }).service_users;
  expect(users({ domains: { 'example.com': { deliverTo: 'webapp' }, 'a.example.com': { deliverTo: 'webapp' } } })).toEqual([
    'webapp',
  ]);
  expect(users({ serviceUsers: ['shop'], domains: { 'example.com': { deliverTo: 'webapp' } } })).toEqual(['shop', 'webapp']);
  expect(users({ domains: { 'example.com': {} } })).toBeUndefined();
});

describe('mail domains', () => {
  const exchangers = (props: Partial<MailServerProps>) =>
    all(synthesise((stack) => void existingMailServer(stack, props)).resource, 'aws_route53_record')
      .filter(({ type }) => type === 'MX')
      .map(({ name, records }) => `${name} ${records}`);

  test('are all that the host accepts mail for', () => {
    expect(
      exchangers({
        domains: { 'example.com': { deliverTo: 'webapp' } },
        relayDomains: ['relay.example.com'],
        virtualAliases: {
          'info@alias.example.com': ['a@example.com'],
          'root@mail.example.com': ['b@example.com'],
          postmaster: ['c@example.com'],
        },
        mxPreference: 20,
      }),
    ).toEqual([
      'alias.example.com 20 mail.example.com.',
      'example.com 20 mail.example.com.',
      'relay.example.com 20 mail.example.com.',
    ]);
  });

  test('can be left to their owners, and the chain says which', () => {
    const { output, resource } = synthesise(
      (stack) =>
        void existingMailServer(stack, { domains: { 'example.com': {}, 'example.org': {} }, mxDomains: ['example.com'] }),
    );
    expect(all(resource, 'aws_route53_record').filter(({ type }) => type === 'MX')).toHaveLength(1);
    expect(output.mail_dns_chain?.value).toMatchObject({
      '4. MX   example.org (yours to set)': { expected: '10 mail.example.com.', live: expect.stringContaining('MX example.org') },
    });
    expect(output.mail_records_to_set?.value).toMatchObject([
      { type: 'PTR' },
      { name: 'example.org', type: 'MX', values: ['10 mail.example.com.'] },
      { name: 'example.org', type: 'TXT', values: ['v=spf1 mx -all'] },
      { name: '_dmarc.example.org', type: 'TXT', values: ['v=DMARC1; p=none'] },
    ]);
  });
});

describe('signing (DKIM)', () => {
  const records = (props: Partial<MailServerProps>) => {
    const { resource } = synthesise((stack) => void existingMailServer(stack, { dkim: {}, ...props }));
    const placed = all(resource, 'aws_route53_record').filter(({ name }) => String(name).includes('._domainkey.'));
    return { role: only(resource, 'mailserver_role'), placed };
  };
  const told = (props: Partial<MailServerProps>) => records(props).placed.map(({ name, type }) => `${name} ${type}`);

  test('has two keys next to the HELO name, and aliases of them in each mail domain', () => {
    const { role, placed } = records({ domains: { 'example.com': {}, 'sub.example.com': {} } });
    expect(role.dkim).toEqual({});
    expect(placed.map(({ name, type, records: values }) => `${name} ${type} ${values}`)).toEqual([
      expect.stringMatching(/^mta1\._domainkey\.mail\.example\.com TXT \$\{replace\(mailserver_role.*dkim_records\["mta1"\], /),
      expect.stringMatching(/^mta2\._domainkey\.mail\.example\.com TXT \$\{replace\(mailserver_role.*dkim_records\["mta2"\], /),
      'mta1._domainkey.example.com CNAME mta1._domainkey.mail.example.com.',
      'mta2._domainkey.example.com CNAME mta2._domainkey.mail.example.com.',
      'mta1._domainkey.sub.example.com CNAME mta1._domainkey.mail.example.com.',
      'mta2._domainkey.sub.example.com CNAME mta2._domainkey.mail.example.com.',
    ]);
  });

  test('publishes a key after the role has made it, and an alias after the key', () => {
    const { placed } = records({});
    const [key, , alias] = placed;
    expect(key?.depends_on).toEqual([expect.stringMatching(/^mailserver_role\./)]);
    expect(alias?.depends_on).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^aws_route53_record\.mail_DKIM-mta1_/),
        expect.stringMatching(/^aws_route53_record\.mail_DKIM-mta2_/),
      ]),
    );
  });

  test('is off unless the stack asks for it, and can be off for one domain', () => {
    for (const dkim of [undefined, false] as const) {
      const off = records({ dkim });
      expect([off.role.dkim, off.placed]).toEqual([undefined, []]);
    }
    expect(told({ domains: { 'example.com': {} }, domainRecords: { 'example.com': { dkim: false } } })).toEqual([
      'mta1._domainkey.mail.example.com TXT',
      'mta2._domainkey.mail.example.com TXT',
    ]);
  });

  test('is in the chain, and in what "mailserver verify" reads', () => {
    const { output } = synthesise((stack) => void existingMailServer(stack, { dkim: {} }));
    expect(Object.keys(output.mail_dns_chain?.value as object).slice(-2)).toEqual([
      '5. TXT  mta1._domainkey.mail.example.com',
      '5. TXT  mta2._domainkey.mail.example.com',
    ]);
    expect(output.mail_verify?.value).toMatchObject({
      dkim: {
        mta1: expect.stringMatching(/^\$\{mailserver_role\..*dkim_records\["mta1"\]\}$/),
        mta2: expect.stringMatching(/^\$\{mailserver_role\..*dkim_records\["mta2"\]\}$/),
      },
    });
  });

  test('of many domains is looked at for the first ten', () => {
    const domains = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`d${index}.example.com`, {}]));
    const { data } = synthesise((stack) => void existingMailServer(stack, { domains, dkim: {} }));
    expect(Object.keys(only(data, 'mailserver_dns').records as object)).toHaveLength(150 + 20);
  });

  test('has the selectors of the stack', () => {
    expect(told({ dkim: { selectors: ['a', 'b'] } })).toEqual([
      'a._domainkey.mail.example.com TXT',
      'b._domainkey.mail.example.com TXT',
      'a._domainkey.example.com CNAME',
      'b._domainkey.example.com CNAME',
    ]);
  });
});

describe('what mail domains say of mail in their name', () => {
  const texts = (props: Partial<MailServerProps>) =>
    all(synthesise((stack) => void existingMailServer(stack, props)).resource, 'aws_route53_record')
      .filter(({ type }) => type === 'TXT')
      .map(({ name, records }) => `${name} ${(records as string[]).join(' | ')}`)
      .sort();

  test('this host sends it and nobody else; nothing is asked of receivers', () => {
    expect(texts({})).toEqual([
      '_dmarc.example.com v=DMARC1; p=none',
      'example.com v=spf1 mx -all',
      'mail.example.com v=spf1 a -all',
    ]);
  });

  test('smart hosts that send for a domain may, by the SPF record that names their addresses', () => {
    const relay = [
      { host: 'a.example.net', spf: '_spf.example.net' },
      { host: 'b.example.net', spf: 'spf.example.org', senders: ['news.example.com'] },
    ];
    expect(texts({ domains: { 'example.com': {}, 'news.example.com': {} }, dmarc: false, relay })).toEqual([
      'example.com v=spf1 mx include:_spf.example.net -all',
      'mail.example.com v=spf1 a -all',
      'news.example.com v=spf1 mx include:_spf.example.net include:spf.example.org -all',
    ]);
    expect(texts({ dmarc: false, spf: false, relay })).toEqual([]);
  });

  test('"mailserver verify" learns the names of the keys of smart hosts, and the host does not', () => {
    const dkim = ['s1._domainkey.example.com'];
    const { output, resource } = synthesise(
      (stack) => void existingMailServer(stack, { relay: [{ host: 'a.example.net', dkim }] }),
    );
    expect(output.mail_verify?.value).toMatchObject({ smart_hosts: [{ dkim }] });
    expect(JSON.stringify(resource)).not.toContain('s1._domainkey');
  });

  test.each([
    ['s1.example.com', "'s1.example.com' is not the name of a DKIM record"],
    ['_domainkey.example.com', "'_domainkey.example.com' is not the name of a DKIM record"],
    ['s1._domainkey', "'s1._domainkey'"],
    ['s1._domainkey.exa mple.com', "'s1._domainkey.exa mple.com'"],
  ])('%s is not taken for the name of a key', (name, problem) => {
    expect(() => texts({ relay: [{ host: 'a.example.net', dkim: [name] }] })).toThrow(problem);
  });

  test('the common policy, and that of a single domain, which may have other texts next to SPF', () => {
    expect(
      texts({
        domains: { 'example.com': {}, 'news.example.com': {} },
        spf: { others: 'softfail' },
        dmarc: false,
        domainRecords: {
          'News.Example.com': {
            spf: { include: ['_spf.example.net'], addresses: ['198.51.100.0/28', '2001:db8::25'] },
            dmarc: { policy: 'reject', reportsTo: ['dmarc@example.com', 'news@reports.example.org'] },
            txt: ['site-verification=1'],
          },
        },
      }),
    ).toEqual([
      '_dmarc.news.example.com v=DMARC1; p=reject; rua=mailto:dmarc@example.com,mailto:news@reports.example.org',
      'example.com v=spf1 mx ~all',
      'mail.example.com v=spf1 a -all',
      'news.example.com v=spf1 mx ip4:198.51.100.0/28 ip6:2001:db8::25 include:_spf.example.net -all | site-verification=1',
    ]);
  });

  test('an SPF record of the author, in place of ours', () => {
    expect(
      texts({
        spf: false,
        dmarc: false,
        domainRecords: { 'example.com': { txt: ['v=spf1 exists:%{i}.spf.example.net -all', 'a'] } },
      }),
    ).toEqual(['example.com v=spf1 exists:%%{i}.spf.example.net -all | a']);
    const own = { 'example.com': { spf: false as const, txt: ['V=SPF1 -all'] } };
    expect(texts({ dmarc: false, domainRecords: own })).toContain('example.com V=SPF1 -all');
  });

  test.each<[string, string]>([
    ['%{ir}.%{v}.%{d}.spf.example.net', '%%{ir}.%%{v}.%%{d}.spf.example.net'],
    ['%{d2}', '%%{d2}'],
    ['_spf.%{o}', '_spf.%%{o}'],
    ['%{l-}._spf.example.net', '%%{l-}._spf.example.net'],
    ['%%.example.net', '%%.example.net'],
  ])('macros that a service asks for: %s', (include, written) => {
    expect(texts({ spf: { include: [include] }, dmarc: false })).toContain(`example.com v=spf1 mx include:${written} -all`);
  });

  test('nothing where nothing is wanted', () => expect(texts({ spf: false, dmarc: false })).toEqual([]));

  test('SPF follows the MX that it permits', () => {
    const { resource } = synthesise((stack) => void existingMailServer(stack));
    const spf = all(resource, 'aws_route53_record').find(({ records }) => String(records).includes(' mx '));
    expect(spf?.depends_on).toEqual([expect.stringMatching(/^aws_route53_record\..*MX/)]);
  });
});

test('names in other scripts are written as DNS knows them, in records and on the host', () => {
  const { resource } = synthesise(
    (stack) =>
      void existingMailServer(stack, {
        heloName: 'post.bücher.example',
        dns: new Route53Dns(stack, 'idn', { zones: { 'Bücher.example': { zoneId: 'Z2' } } }),
        domains: { 'bücher.example': {} },
        virtualAliases: { 'info@bücher.example': ['a@example.com'] },
      }),
  );
  const records = all(resource, 'aws_route53_record').map(({ name, type }) => `${name} ${type}`);
  expect(records.sort()).toEqual([
    '_dmarc.xn--bcher-kva.example TXT',
    'post.xn--bcher-kva.example A',
    'post.xn--bcher-kva.example TXT',
    'xn--bcher-kva.example MX',
    'xn--bcher-kva.example TXT',
  ]);
  expect(only(resource, 'mailserver_role')).toMatchObject({
    helo_name: 'post.xn--bcher-kva.example',
    domains: { 'xn--bcher-kva.example': {} },
    virtual_aliases: { 'info@xn--bcher-kva.example': ['a@example.com'] },
  });
});

describe('outputs', () => {
  test('show the chain in its order, on one screen', () => {
    const { output } = synthesise((stack) => void ec2MailServer(stack));
    expect(Object.keys(output.mail_dns_chain?.value as object)).toEqual([
      '1. A    mail.example.com',
      '1. AAAA mail.example.com',
      '2. PTR  of that address',
      '3. HELO myhostname',
      '4. MX   example.com',
    ]);
    expect(output.mail_dns_chain?.value).toMatchObject({
      '1. AAAA mail.example.com': { expected: expect.stringContaining('Amazon gives its own IPv6 addresses no reverse name') },
    });
  });

  test('show ten of many domains, and how many more there are', () => {
    const domains = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`d${index}.example.com`, {}]));
    const { output } = synthesise((stack) => void existingMailServer(stack, { domains }));
    const rows = Object.keys(output.mail_dns_chain?.value as object).filter((row) => row.startsWith('4.'));
    expect(rows).toHaveLength(11);
    expect(rows).toContain('4. MX   … of 2 more domains');
  });

  test('name what is left to the user', () => {
    const { output } = synthesise((stack) => void existingMailServer(stack));
    expect(output.mail_dns_chain?.value).toMatchObject({
      '2. PTR  25.100.51.198.in-addr.arpa (yours to set)': { expected: 'mail.example.com.' },
    });
    expect(output.mail_address?.value).toBe('198.51.100.25');
    expect(output.mail_ssh?.value).toBe('ssh admin@198.51.100.25');
  });

  test('carry no hash', () => {
    const { output } = synthesise((stack) => void existingMailServer(stack));
    expect(Object.keys(output).sort()).toEqual([
      'mail_address',
      'mail_dns_chain',
      'mail_host_key',
      'mail_records_to_set',
      'mail_ssh',
      'mail_verify',
    ]);
  });

  test('tell "mailserver verify" what to look at, and how to log in', () => {
    const { output } = synthesise((stack) => void existingMailServer(stack, { domains: { 'Example.com': {} } }));
    const hostKey = expect.stringMatching(/^\$\{mailserver_role\..*host_key\}$/);
    expect(output.mail_verify?.value).toEqual({
      helo_name: 'mail.example.com',
      addresses: ['198.51.100.25'],
      domains: ['example.com'],
      ssh: { host: '198.51.100.25', host_key: hostKey },
    });
  });
});

test('another cloud and another name service plug in', () => {
  const records: string[] = [];
  const { resource } = synthesise((stack) => {
    const dns: IMailDns = {
      zoneNames: ['example.com'],
      addRecord: (scope, id, { name, type, values, dependsOn = [] }) => {
        records.push(`${scope.node.path}/${id}: ${name} ${type} ${values} after ${dependsOn.length}`);
        return { dependables: [{ fqn: `elsewhere_record.${type}` }], valuesText: values.join(), managed: true };
      },
    };
    const host: IMailHost = {
      publicIpv4: '198.51.100.25',
      bindIpv4: '10.0.0.25',
      instanceId: 'machine-7',
      connection: { host: '198.51.100.25', user: 'root' },
      reachableAfter: [{ fqn: 'elsewhere_firewall.it' }],
      setReverseName: (name, after) => ({
        managed: true,
        owner: 'of that address',
        expected: `${name}.`,
        actual: '${elsewhere_address.it.ptr}',
        dependables: [{ fqn: `elsewhere_ptr.after_${after.length}` }],
        remedy: 'set it again in the console',
      }),
    };
    existingMailServer(stack, { dns, host });
  });
  expect(records).toEqual([
    'test/mail/A: mail.example.com A 198.51.100.25 after 0',
    'test/mail/example.com/MX: example.com MX 10 mail.example.com. after 1',
    'test/mail/example.com/SPF: example.com TXT v=spf1 mx -all after 1',
    'test/mail/example.com/DMARC: _dmarc.example.com TXT v=DMARC1; p=none after 1',
    'test/mail/SPF: mail.example.com TXT v=spf1 a -all after 1',
  ]);
  expect(only(resource, 'mailserver_role')).toMatchObject({
    bind_ipv4: '10.0.0.25',
    proxy_addresses: ['198.51.100.25'],
    depends_on: [
      'elsewhere_record.A',
      expect.stringMatching(/^mailserver_dns_agreement\.mail_Forward_/),
      'elsewhere_ptr.after_2',
      expect.stringMatching(/^mailserver_dns_agreement\.mail_Agreement_/),
      'elsewhere_firewall.it',
    ],
    lifecycle: {
      precondition: [
        {
          condition: expect.stringMatching(/lower\(.*elsewhere_address\.it\.ptr.*\).* == "mail\.example\.com\."/),
          error_message: expect.stringMatching(/the HELO name is 'mail\.example\.com\.'.*set it again in the console/),
        },
      ],
    },
  });
});

describe('input errors at synth', () => {
  test.each<[string, Partial<MailServerProps>, string]>([
    ['a HELO name without a domain', { heloName: 'mail' }, "heloName: 'mail' is not a HELO name: it has no dot"],
    [
      'a HELO name that is an address',
      { heloName: '198.51.100.25' },
      "heloName: '198.51.100.25' is not a HELO name: it is an address",
    ],
    [
      'a HELO name in no zone',
      { heloName: 'mail.example.org' },
      "HELO name 'mail.example.org' is in none of the zones (example.com)",
    ],
    ['a mail domain in no zone', { domains: { 'example.org': {} } }, "mail domain 'example.org' is in none of the zones"],
    ['a mail domain that is listed twice', { mxDomains: ['example.com', 'EXAMPLE.com'] }, 'is listed twice'],
    ['a setting of the wrong type', { antivirus: 'yes' as never }, "antivirus: expected true or false, got the string 'yes'"],
    ['an unknown setting', { greylisting: true } as never, 'greylisting'],
    [
      'an SPF policy that looks up too much',
      { spf: { include: Array.from({ length: 10 }, (_, i) => `s${i}.example.net`) } },
      'SPF allows 10',
    ],
    ['a sender that is not an address', { spf: { addresses: ['relay.example.net'] } }, "'relay.example.net' is not an address"],
    ['a report to no address', { dmarc: { reportsTo: ['example.com'] } }, "'example.com' is not a mail address"],
    [
      'a second SPF record',
      { domainRecords: { 'example.com': { txt: ['v=spf1 -all'] } } },
      'a second SPF record makes both void',
    ],
    [
      'a second SPF record of the author',
      { spf: false, domainRecords: { 'example.com': { txt: ['v=spf1 -all', 'a', 'v=spf1 ~all'] } } },
      "domainRecords.example.com.txt.2: 'v=spf1 ~all': a second SPF record makes both void: leave one out",
    ],
    [
      'an SPF record that receivers cannot read',
      { domainRecords: { 'example.com': { spf: false, txt: ['v=spf1 ip4:198.51.100 -all'] } } },
      "domainRecords.example.com.txt.0: 'v=spf1 ip4:198.51.100 -all': receivers refuse the whole SPF record: ",
    ],
    [
      'a macro that is none',
      { spf: { include: ['%{x}.example.net'] } },
      "'%{x}.example.net' is not a domain to include: a macro is",
    ],
    ['a macro of explanations', { spf: { include: ['%{c}.example.net'] } }, "'%{c}.example.net' is not a domain to include"],
    ['a bare percent sign', { spf: { include: ['a%b.example.net'] } }, "'a%b.example.net' is not a domain to include"],
    [
      'a policy for a strange domain',
      { domainRecords: { 'example.org': {} } },
      "'example.org' is not a mail domain of this host",
    ],
    ['a value out of range', { greylistDelaySeconds: 0 }, "greylistDelaySeconds: '0'"],
  ])('fails on %s', (_, props, message) => {
    expect(refused(props)).toContain(message);
    expect(refused(props)).toContain('(at test/mail)');
  });

  test('all of them are said at once', () => {
    const message = refused({ heloName: 'mail', domains: { 'a b.example.com': {} } });
    expect(message).toContain("heloName: 'mail'");
    expect(message).toContain("'a b.example.com' is not a mail domain");
    const names = refused({ heloName: 'mail.example.net', mxDomains: ['example.org', 'info@example.com'] });
    expect(names).toContain("HELO name 'mail.example.net'");
    expect(names).toContain("mail domain 'example.org'");
    expect(names).toContain("'info@example.com' is not a mail domain");
  });

  test('what only Terraform knows is left to the plan', () => {
    const { resource } = synthesise((stack) => {
      const limit = new TerraformVariable(stack, 'limit', { type: 'number' });
      const networks = new TerraformVariable(stack, 'networks', { type: 'list(string)' });
      existingMailServer(stack, {
        messageSizeLimit: limit.numberValue,
        externalNetworks: networks.listValue,
        relayDomains: networks.listValue,
        mxDomains: ['example.com'],
      });
    });
    expect(only(resource, 'mailserver_role')).toMatchObject({
      message_size_limit: '${var.limit}',
      external_networks: '${var.networks}',
    });
  });
});
