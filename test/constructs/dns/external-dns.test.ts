import { ExternalDns, type MailServerProps, Route53Dns, SplitDns } from '../../../lib';
import { ec2MailServer, existingMailServer } from '../../support/mail-stack';
import { all, refusal, synthesise } from '../../support/synth';

const zones = ['example.com', '100.51.198.in-addr.arpa'];

describe('zones outside of Terraform', () => {
  const build = (props: Partial<MailServerProps> = {}) =>
    synthesise((stack) => void ec2MailServer(stack, { dns: new ExternalDns(stack, 'external', { zones }), ...props }));

  test('get no records; the apply waits for those that others depend on, in the order of the chain', () => {
    const { resource } = build();
    expect(resource).not.toHaveProperty('aws_route53_record');
    const waits = Object.entries(resource.mailserver_dns_agreement ?? {});
    const [forward] = waits.find(([, { records }]) => Object.keys(records ?? {}).includes('A mail.example.com')) ?? [];
    expect(forward).toMatch(/^mail_A_/);
    const [pointer] = all(resource, 'mailserver_reverse_name');
    expect(pointer?.depends_on).toEqual([expect.stringMatching(/^mailserver_address\./), `mailserver_dns_agreement.${forward}`]);
  });

  test('are listed with everything that is to be entered', () => {
    const { output } = build();
    expect(output.mail_records_to_set?.value).toEqual([
      { name: 'mail.example.com', type: 'A', values: [expect.stringMatching(/mailserver_address.*address/)] },
      { name: 'mta1._domainkey.mail.example.com', type: 'TXT', values: [expect.stringContaining('dkim_records["mta1"]')] },
      { name: 'mta2._domainkey.mail.example.com', type: 'TXT', values: [expect.stringContaining('dkim_records["mta2"]')] },
      { name: 'example.com', type: 'MX', values: ['10 mail.example.com.'] },
      { name: 'example.com', type: 'TXT', values: ['v=spf1 mx -all'] },
      { name: '_dmarc.example.com', type: 'TXT', values: ['v=DMARC1; p=none'] },
      { name: 'mta1._domainkey.example.com', type: 'CNAME', values: ['mta1._domainkey.mail.example.com.'] },
      { name: 'mta2._domainkey.example.com', type: 'CNAME', values: ['mta2._domainkey.mail.example.com.'] },
      { name: 'mail.example.com', type: 'TXT', values: ['v=spf1 a -all'] },
    ]);
    expect(output.mail_dns_chain?.value).toMatchObject({
      '4. MX   example.com (yours to set)': { expected: '10 mail.example.com.' },
    });
  });

  test('are verified like records of our own', () => {
    const { data } = build();
    expect(Object.values(data.mailserver_dns ?? {})).toMatchObject([
      { records: { 'MX example.com': ['10 mail.example.com.'], 'TXT example.com': ['v=spf1 mx -all'] } },
    ]);
  });

  test('refuse names that lie in none of them', () => {
    const message = refusal(
      (stack) => void existingMailServer(stack, { dns: new ExternalDns(stack, 'e', { zones: ['example.net'] }) }),
    );
    expect(message).toContain("HELO name 'mail.example.com' is in none of the zones (example.net)");
    expect(refusal((stack) => void new ExternalDns(stack, 'e', { zones: ['a b'] }))).toContain("'a b' is not a zone");
  });
});

test('every record goes to the name service that has its zone', () => {
  const { resource, output } = synthesise(
    (stack) =>
      void existingMailServer(stack, {
        dns: new SplitDns([
          new Route53Dns(stack, 'route53', { zones: { 'example.com': { zoneId: 'Z1' } } }),
          new ExternalDns(stack, 'external', { zones: ['example.org', 'sub.example.com'] }),
        ]),
        domains: { 'example.com': {}, 'example.org': {}, 'sub.example.com': {} },
        spf: false,
        dmarc: false,
      }),
  );
  expect(all(resource, 'aws_route53_record').map(({ name, type }) => `${name} ${type}`)).toEqual([
    'mail.example.com A',
    'mta1._domainkey.mail.example.com TXT',
    'mta2._domainkey.mail.example.com TXT',
    'mta1._domainkey.example.com CNAME',
    'mta2._domainkey.example.com CNAME',
    'example.com MX',
  ]);
  const toSet = output.mail_records_to_set?.value as { name: string; type: string }[];
  expect(toSet.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'example.org MX',
    'mta1._domainkey.example.org CNAME',
    'mta2._domainkey.example.org CNAME',
    'sub.example.com MX',
    'mta1._domainkey.sub.example.com CNAME',
    'mta2._domainkey.sub.example.com CNAME',
    '25.100.51.198.in-addr.arpa PTR',
  ]);
});
