import { addressRecord, type DnsRecordSet, mailDomainRecords, nameProblems, pointerRecord, recordProblems } from '../../lib/dns';

describe('records of a mail host', () => {
  test('one HELO name gives owner, pointer and MX target', () => {
    expect(addressRecord('Mail.Example.com.', '198.51.100.25')).toEqual({ name: 'mail.example.com', type: 'A', values: ['198.51.100.25'] });
    expect(pointerRecord('Mail.Example.com', '198.51.100.25')).toEqual({
      name: '25.100.51.198.in-addr.arpa',
      type: 'PTR',
      values: ['mail.example.com.'],
    });
    expect(mailDomainRecords('Example.com.', 'mail.example.com', 20)).toEqual([
      { name: 'example.com', type: 'MX', values: ['20 mail.example.com.'] },
    ]);
  });
});

const zones = ['example.com', 'example.org'];

describe('names', () => {
  test.each<[string, string[], string[]]>([
    ['mail.example.com', ['example.com', 'example.org'], []],
    ['example.com', ['example.com'], []],
    ['mail', ['example.com'], ['HELO name "mail": it has no domain']],
    ['mail.example.net', ['example.com'], ['HELO name "mail.example.net": it lies in none of the zones (zones are: example.com, example.org)']],
    ['mail.example.com', ['example.net'], ['mail domain "example.net": it lies in none of the zones']],
    ['mail.example.com', ['info@example.com'], ['mail domain "info@example.com": it is a mail address']],
    ['mail.example.com', ['example.com', 'Example.com.'], ['mail domain "Example.com.": it is listed twice']],
    ['198.51.100.25', ['nowhere'], ['HELO name "198.51.100.25": it is an address', 'mail domain "nowhere": it has no domain']],
  ])('HELO %s and domains %j: %j', (heloName, mailDomains, expected) => {
    const found = nameProblems({ heloName, mailDomains, zones }).map(({ subject, problem }) => `${subject}: ${problem}`);
    expect(found).toEqual(expected.map((text) => expect.stringContaining(text)));
  });

  test('proposes the zone that is missing', () => {
    expect(nameProblems({ heloName: 'mail.example.net', mailDomains: [], zones: [] })[0]).toEqual({
      subject: 'HELO name "mail.example.net"',
      problem: 'it lies in none of the zones (there are no zones)',
      fix: 'add its zone, e.g. "example.net"',
    });
  });
});

describe('records', () => {
  const mx = (value: string): DnsRecordSet => ({ name: 'example.com', type: 'MX', values: [value] });
  const alias: DnsRecordSet = { name: 'MAIL.example.com', type: 'CNAME', values: ['host.example.net.'] };

  test.each<[string, DnsRecordSet[], string[]]>([
    ['a sound set', [mx('10 mail.example.com.'), addressRecord('mail.example.com', '198.51.100.25')], []],
    ['an MX to an address', [mx('10 198.51.100.25')], ['its target is an address']],
    ['an MX to an address with a dot', [mx('10 198.51.100.25.')], ['its target is an address']],
    ['an MX to an IPv6 address', [mx('10 2001:db8::25')], ['its target is an address']],
    ['an MX without preference', [mx('mail.example.com.')], ['its target "" is no host name: it is empty']],
    ['an MX to an alias', [mx('10 mail.example.com.'), alias], ['its target is an alias (CNAME)']],
    [
      'an alias beside an address',
      [alias, addressRecord('mail.example.com', '198.51.100.25')],
      ['an alias stands beside other records of the same name: A'],
    ],
    [
      'two names for one address',
      [{ name: '25.100.51.198.in-addr.arpa', type: 'PTR', values: ['mail.example.com.', 'www.example.com.'] }],
      ['the address has 2 names: mail.example.com., www.example.com.'],
    ],
  ])('%s', (_, records, expected) => expect(recordProblems(records).map(({ problem }) => problem)).toEqual(expected));
});
