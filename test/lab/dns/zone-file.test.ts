import { zoneFile } from '../../../lab/dns/zone-file';

const records = [
  { name: 'a.test.', type: 'NS', ttl: 172_800, values: ['ns-1.awsdns-00.com'] },
  { name: 'a.test.', type: 'SOA', ttl: 900, values: ['ns-1.awsdns-00.com. h.example.com. 1 7200 900 1209600 86400'] },
  { name: 'b.a.test.', type: 'NS', ttl: 300, values: ['ns.b.test'] },
  { name: 'mail.a.test.', type: 'A', ttl: 300, values: ['198.51.100.25'] },
];

describe('the zone file of a zone of Route 53', () => {
  it('has Route 53’s own numbers, by which a resolver may remember a "no" for 900 seconds', () => {
    const text = zoneFile({ id: 'Z1', name: 'a.test.', records }, 7, 1);
    expect(text).toContain('a.test. 900 IN SOA ns-1.awsdns-00.com. h.example.com. 7 7200 900 1209600 86400\n');
    expect(text).toContain('a.test. 172800 IN NS ns-1.awsdns-00.com.\n');
  });

  it('has them shortened in the lab, but serves what the customer has set as it is', () => {
    expect(zoneFile({ id: 'Z1', name: 'a.test.', records }, 7, 60)).toBe(
      [
        'a.test. 15 IN SOA ns-1.awsdns-00.com. h.example.com. 7 120 15 20160 1440',
        'a.test. 2880 IN NS ns-1.awsdns-00.com.',
        'b.a.test. 300 IN NS ns.b.test.',
        'mail.a.test. 300 IN A 198.51.100.25',
        '',
      ].join('\n'),
    );
  });

  it('has everything shortened when it is somebody else’s', () => {
    expect(zoneFile({ name: 'a.test.', records }, 7, 60)).toContain('mail.a.test. 5 IN A 198.51.100.25\n');
  });
});
