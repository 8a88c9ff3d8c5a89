import { type DnsRecordSet, zoneEntries, zoneFile } from '../../lib/dns';

const records: DnsRecordSet[] = [
  { name: 'mail.example.com', type: 'A', values: ['198.51.100.25'] },
  { name: 'example.com', type: 'MX', values: ['10 mail.example.com.'] },
  { name: 'example.com', type: 'TXT', values: ['v=spf1 mx -all', `key=${'k'.repeat(300)}`] },
];

test('a zone file has every name with its final dot, and text in strings of 255 bytes', () => {
  expect(zoneFile(records, 60)).toBe(
    [
      '$TTL 60',
      'mail.example.com. IN A     198.51.100.25',
      'example.com.      IN MX    10 mail.example.com.',
      'example.com.      IN TXT   "v=spf1 mx -all"',
      `example.com.      IN TXT   "key=${'k'.repeat(251)}" "${'k'.repeat(49)}"`,
      '',
    ].join('\n'),
  );
});

test('every value is an entry of its own', () => {
  expect(zoneEntries(records).map(({ name, type }) => `${name} ${type}`)).toEqual([
    'mail.example.com. A',
    'example.com. MX',
    'example.com. TXT',
    'example.com. TXT',
  ]);
});
