import { proxyConfiguration, proxyRedirection } from '../../../lab/dns/fault-proxy';
import { type DnsFaults, withRecordFaults } from '../../../lab/dns/faults';
import { allZones } from '../../../lab/dns/zones';

const cloud = {
  id: 'Z1',
  name: 'example.net.',
  records: [
    { name: 'example.net.', type: 'NS', ttl: 60, values: ['ns-8.awsdns-01.com'] },
    { name: 'mail.example.net.', type: 'A', ttl: 60, values: ['198.51.100.25'] },
  ],
};
const snapshot = { zones: [cloud], elasticIps: [{ publicIpv4: '198.51.100.25', ptr: 'mail.example.net.' }] };
const registry = new Map([['example.net.', ['ns-8.awsdns-01.com.']]]);
const zones = allZones(snapshot, registry).map(({ zone }) => zone);

const served = (faults: DnsFaults, zone: string) =>
  withRecordFaults(zones, faults).find(({ name }) => name === zone)?.records ?? [];
const values = (faults: DnsFaults, zone: string, name: string, type: string) =>
  served(faults, zone)
    .filter((record) => record.name === name && record.type === type)
    .flatMap((record) => record.values);

describe('records that are wrong', () => {
  it('are served in place of the right ones', () => {
    const name = '25.100.51.198.in-addr.arpa.';
    const faults = { records: [{ name, type: 'PTR', values: ['a.example.net.', 'b.example.net.'] }] };
    expect(values(faults, '100.51.198.in-addr.arpa.', name, 'PTR')).toEqual(['a.example.net.', 'b.example.net.']);
  });

  it('are missing when they have no value, and leave other types alone', () => {
    const faults = { records: [{ name: 'mail.example.net', type: 'A', values: [] }] };
    expect(served(faults, 'example.net.').map(({ type }) => type)).toEqual(['NS']);
  });

  it('are those of the parent when that is asked for', () => {
    const faults = { records: [{ name: 'example.net', type: 'NS', values: ['ns.nobody.test.'], zone: '.' }] };
    expect(values(faults, '.', 'example.net.', 'NS')).toEqual(['ns.nobody.test.']);
    expect(values(faults, 'example.net.', 'example.net.', 'NS')).toEqual(['ns-8.awsdns-01.com']);
  });

  it('must be in a zone that there is', () => {
    expect(() => withRecordFaults(zones, { records: [{ name: 'mail.example.org', type: 'A', values: [] }] })).toThrow(
      'no zone of the lab answers for "mail.example.org."',
    );
    expect(() => withRecordFaults(zones, { blocklists: { 'bl.example.org': 'lists nothing' } })).toThrow(
      'the lab has no zone "bl.example.org."',
    );
  });
});

describe('a blocklist that lies', () => {
  it.each([
    ['lists everything', ['127.0.0.2']],
    ['lists nothing', []],
    ['answers with error codes', ['127.255.255.254']],
  ] as const)('%s', (fault, expected) => {
    const records = served({ blocklists: { 'zen.spamhaus.org': fault } }, 'zen.spamhaus.org.');
    expect(records.find(({ type }) => type === 'NS')).toBeDefined();
    expect(records.filter(({ type }) => type === 'A').flatMap((record) => record.values)).toEqual(expected);
  });
});

describe('servers that are wrong', () => {
  it('need no proxy when only records are wrong', () => {
    expect(proxyConfiguration({ records: [{ name: 'mail.example.net', type: 'A', values: [] }] })).toBeUndefined();
  });

  it('fail for what is in the zone, on both authoritative servers', () => {
    const text = proxyConfiguration({ servers: [{ zone: 'example.net', fault: 'servfail' }] }) ?? '';
    expect(text.match(/SuffixMatchNodeRule\(\{'example\.net\.'\}, true\)\}, RCodeAction\(DNSRCode\.SERVFAIL\)/g)).toHaveLength(2);
  });

  it('are silent for one type on one of them', () => {
    const text = proxyConfiguration({ servers: [{ zone: '.', fault: 'silent', server: 'second', type: 'MX' }] }) ?? '';
    expect(
      text.match(/^addAction\(AndRule\{DSTPortRule\(5304\), .*QTypeRule\(DNSQType\.MX\)\}, DropAction\(\)\)$/gm),
    ).toHaveLength(1);
  });

  it('serve names as they were written, for the name server keeps lower case only', () => {
    const text = proxyConfiguration({ records: [{ name: 'example.net', type: 'MX', values: ['10 Mail.example.net.'] }] }) ?? '';
    expect(text).toContain(String.raw`SpoofRawAction({'\000\010\004\077\097\105\108\007`);
  });

  it('are reached past the proxy by the proxy alone', () => {
    expect(proxyRedirection(true)).toMatch(/chain output \{\n.*\n {4}ip saddr 127\.0\.0\.53 return\n {4}ip daddr/);
    expect(proxyRedirection(false)).not.toContain('dnat');
    expect(proxyRedirection(false)).toMatch(/ip daddr \{ .* \} udp dport 53 notrack\n/);
  });
});
