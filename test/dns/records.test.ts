import { addressRecord, type DnsRecordSet, domainRecords, nameProblems, pointerRecord, recordProblems } from '../../lib/dns';

describe('records of a mail host', () => {
  test('one HELO name gives owner, pointer and MX target', () => {
    expect(addressRecord('Mail.Example.com', '198.51.100.25')).toEqual({
      name: 'mail.example.com',
      type: 'A',
      values: ['198.51.100.25'],
    });
    expect(pointerRecord('Mail.Example.com', '198.51.100.25')).toEqual({
      name: '25.100.51.198.in-addr.arpa',
      type: 'PTR',
      values: ['mail.example.com.'],
    });
    expect(domainRecords({ domain: 'Example.com.', hosts: [{ heloName: 'mail.example.com', mxPreference: 20 }] })[0]).toEqual({
      id: 'MX',
      name: 'example.com',
      type: 'MX',
      values: ['20 mail.example.com.'],
    });
  });
});

const zones = ['example.com', 'example.org'];

describe('names', () => {
  test.each<[string, string[], string[]]>([
    ['mail.example.com', ['example.com', 'example.org'], []],
    ['example.com', ['example.com'], []],
    [
      'mail.example.net',
      ['example.com'],
      ["HELO name 'mail.example.net' is in none of the zones (example.com, example.org): add its zone, e.g. 'example.net'"],
    ],
    ['mail.example.com', ['example.net'], ["mail domain 'example.net' is in none of the zones"]],
    ['mail.example.com', ['info@example.com'], ["'info@example.com' is not a mail domain: it has an @"]],
    ['mail.example.com', ['example.com', 'Example.com'], ["mail domain 'Example.com' is listed twice"]],
    ['mail.example.net', ['nowhere'], ["HELO name 'mail.example.net' is in", "'nowhere' is not a mail domain: it has no dot"]],
  ])('HELO %s and domains %j: %j', (heloName, mailDomains, expected) => {
    expect(nameProblems({ heloName, mailDomains, zones })).toEqual(expected.map((text) => expect.stringContaining(text)));
  });

  test('of two thousand zones only some are listed, and all are searched in no time', () => {
    const many = Array.from({ length: 2000 }, (_, index) => `domain${index}.example`);
    const begin = performance.now();
    const problems = nameProblems({ heloName: 'mail.example.net', mailDomains: many, zones: many });
    expect(problems).toEqual([expect.stringMatching(/\(domain0\.example, .* and 1990 more\)/)]);
    expect(performance.now() - begin).toBeLessThan(500);
  });

  test('say that there are no zones at all', () => {
    expect(nameProblems({ heloName: 'mail.example.net', mailDomains: [], zones: [] })[0]).toContain('(there are none)');
  });
});

describe('records', () => {
  const mx = (value: string): DnsRecordSet => ({ name: 'example.com', type: 'MX', values: [value] });
  const alias: DnsRecordSet = { name: 'MAIL.example.com', type: 'CNAME', values: ['host.example.net.'] };

  test.each<[string, DnsRecordSet[], string[]]>([
    ['a sound set', [mx('10 mail.example.com.'), addressRecord('mail.example.com', '198.51.100.25')], []],
    ['an MX to an address', [mx('10 198.51.100.25')], ["MX '10 198.51.100.25' of 'example.com' points to an address"]],
    ['an MX to an address with a dot', [mx('10 198.51.100.25.')], ['points to an address']],
    ['an MX to an IPv6 address', [mx('10 2001:db8::25')], ['points to an address']],
    ['an MX without preference', [mx('mail.example.com.')], ['the MX target is empty']],
    ['an MX to an alias', [mx('10 mail.example.com.'), alias], ["points to an alias (CNAME): name 'host.example.net.' itself"]],
    [
      'an alias next to an address',
      [alias, addressRecord('mail.example.com', '198.51.100.25')],
      ["CNAME 'MAIL.example.com' stands next to A of the same name"],
    ],
    [
      'two names for one address',
      [{ name: '25.100.51.198.in-addr.arpa', type: 'PTR', values: ['mail.example.com.', 'www.example.com.'] }],
      ['has 2 names (mail.example.com., www.example.com.): keep exactly one'],
    ],
  ])('%s', (_, records, expected) =>
    expect(recordProblems(records)).toEqual(expected.map((text) => expect.stringContaining(text))),
  );
});
