import { recordsOf } from '../../../lib/cli/zone/records';
import { recordsInOutputs } from '../../../lib/cli/zone/records-in-outputs';
import { zoneEntries } from '../../../lib/dns';

const lines = (records: Parameters<typeof zoneEntries>[0]) =>
  zoneEntries(records).map(({ name, type, value }) => `${name} ${type} ${value}`);

describe('records of names and addresses', () => {
  test('are those that a stack would write, in both directions', () => {
    expect(
      lines(recordsOf({ helo: 'Mail.Example.com', addresses: ['198.51.100.25', '2001:db8::25'], domains: ['bücher.example'] })),
    ).toEqual([
      'mail.example.com. A 198.51.100.25',
      'mail.example.com. AAAA 2001:db8::25',
      '25.100.51.198.in-addr.arpa. PTR mail.example.com.',
      '5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. PTR mail.example.com.',
      'mail.example.com. TXT "v=spf1 a -all"',
      'xn--bcher-kva.example. MX 10 mail.example.com.',
      'xn--bcher-kva.example. TXT "v=spf1 mx -all"',
      '_dmarc.xn--bcher-kva.example. TXT "v=DMARC1; p=none"',
    ]);
  });

  test('of wrong names and addresses are refused, all at once', () => {
    const wrong = () => recordsOf({ helo: 'mail', addresses: ['198.51.100'], domains: ['a b'] });
    expect(wrong).toThrow("'mail' is not a HELO name");
    expect(wrong).toThrow("'198.51.100' is not an address");
    expect(wrong).toThrow("'a b' is not a mail domain");
  });
});

describe('an address that the world cannot reach', () => {
  const given = (address: string) => () => recordsOf({ helo: 'mail.example.com', addresses: [address], domains: [] });

  test.each([
    '10.0.0.5',
    '172.31.255.1',
    '192.168.1.1',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '198.18.0.1',
    '224.0.0.1',
    '0.0.0.0',
    '255.255.255.255',
    'fd00::25',
    'fe80::1',
    '::1',
    '::',
    'ff02::1',
    '::ffff:10.0.0.5',
    'fec0::1',
  ])('gets no records, and shows the fix: %s', (address) => {
    expect(given(address)).toThrow(
      `--address '${address}' is not reachable from the internet (RFC 6890): give the public address that mail is sent from`,
    );
  });

  test.each(['198.51.100.25', '9.255.255.255', '11.0.0.1', '172.32.0.1', '2001:db8::25', '3fff::1'])('is not %s', (address) => {
    expect(given(address)).not.toThrow();
  });
});

describe('records of a deployed stack', () => {
  const mx = { name: 'example.org', type: 'MX', values: ['10 mail.example.com.'] };

  test('are those that are yours to set, of every mail server in it', () => {
    const outputs = { mail_dns_chain: { value: {} }, mail_records_to_set: { value: [mx] }, records_to_set: { value: [mx] } };
    expect(recordsInOutputs(outputs)).toEqual({ records: [mx, mx], hasMailServer: true });
    expect(recordsInOutputs({ mail_dns_chain: { value: {} } })).toEqual({ records: [], hasMailServer: true });
    expect(recordsInOutputs({})).toEqual({ records: [], hasMailServer: false });
  });
});
