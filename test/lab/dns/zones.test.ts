import type { CloudZone } from '../../../lab/contracts';
import { nsdFiles } from '../../../lab/dns/server-files';
import { allZones } from '../../../lab/dns/zones';

const route53 = (name: string, ...records: CloudZone['records']): CloudZone => ({
  name,
  records: [
    { name, type: 'NS', ttl: 172800, values: ['ns-2048.awsdns-64.com', 'ns-2051.awsdns-67.co.uk'] },
    { name, type: 'SOA', ttl: 900, values: ['ns-2048.awsdns-64.com. hostmaster.example.com. 1 7200 900 1209600 86400'] },
    ...records,
  ],
});

const file = (zones: readonly CloudZone[], path: string) => nsdFiles(zones, 7).get(`/etc/nsd/zones/${path}`) ?? '';

describe('the zones of the lab', () => {
  it('delegates a hosted zone from the root to the name servers that Route 53 names', () => {
    const root = file(allZones({ zones: [route53('example.net.')], elasticIps: [] }), 'root.zone');
    expect(root).toContain('example.net. 300 IN NS ns-2048.awsdns-64.com.\n');
    expect(root).toContain('example.net. 300 IN NS ns-2051.awsdns-67.co.uk.\n');
  });

  it('gives the name servers of Route 53 addresses, with glue in the root', () => {
    const zones = allZones({ zones: [route53('example.net.')], elasticIps: [] });
    expect(file(zones, 'awsdns-64.com.zone')).toContain('ns-2048.awsdns-64.com. 300 IN A 198.51.100.2\n');
    expect(file(zones, 'root.zone')).toContain('ns-2051.awsdns-67.co.uk. 300 IN A 198.51.100.4\n');
  });

  it('leaves the delegation of a zone below another one to its owner', () => {
    const root = file(allZones({ zones: [route53('example.net.'), route53('sub.example.net.')], elasticIps: [] }), 'root.zone');
    expect(root).not.toContain('sub.example.net.');
  });

  it('does not hand over a domain of somebody else', () => {
    const zones = allZones({
      zones: [route53('world.test.', { name: 'ns.world.test.', type: 'A', ttl: 60, values: ['10.0.0.1'] })],
      elasticIps: [],
    });
    expect(file(zones, 'world.test.zone')).toContain('ns.world.test. 300 IN A 198.51.100.2\n');
    expect(file(zones, 'world.test.zone')).not.toContain('10.0.0.1');
  });

  it('answers for an Elastic IP with its PTR, and with the generic name of EC2 without one', () => {
    const elasticIps = [{ publicIpv4: '198.51.100.25', ptr: 'mail.example.net.' }, { publicIpv4: '198.51.100.26' }];
    const zones = allZones({ zones: [], elasticIps });
    const reverse = file(zones, '100.51.198.in-addr.arpa.zone');
    expect(reverse).toContain('25.100.51.198.in-addr.arpa. 300 IN PTR mail.example.net.\n');
    expect(reverse).toContain('26.100.51.198.in-addr.arpa. 300 IN PTR ec2-198-51-100-26.eu-central-1.compute.amazonaws.com.\n');
    expect(file(zones, 'eu-central-1.compute.amazonaws.com.zone')).toContain('IN A 198.51.100.26\n');
  });

  it('has senders with and without a reverse name', () => {
    const reverse = file(allZones({ zones: [], elasticIps: [] }), '100.51.198.in-addr.arpa.zone');
    expect(reverse).toContain('PTR mail.sender.test.');
    expect(reverse).not.toContain('noptr');
  });

  it('lists the test point and the unclean sender on every blocklist, and nobody else', () => {
    const list = file(allZones({ zones: [], elasticIps: [] }), 'zen.spamhaus.org.zone');
    expect(list.match(/ IN A /g)).toHaveLength(2);
    expect(list).toContain('2.0.0.127.zen.spamhaus.org. 300 IN A 127.0.0.2\n');
    expect(list).toContain('63.100.51.198.zen.spamhaus.org. 300 IN A 127.0.0.2\n');
  });

  it('starts each zone with one SOA that has the given serial', () => {
    for (const [path, text] of nsdFiles(allZones({ zones: [route53('example.net.')], elasticIps: [] }), 7)) {
      if (!path.endsWith('.zone')) continue;
      expect(text.match(/ SOA /g)).toHaveLength(1);
      expect(text).toMatch(/ IN SOA \S+\. \S+\. 7 /);
    }
  });

  it('names every zone in the configuration of the name server', () => {
    const zones = allZones({ zones: [route53('2.0/25.100.51.198.in-addr.arpa.')], elasticIps: [] });
    const conf = [...nsdFiles(zones, 1)].flatMap(([path, text]) => (path.endsWith('.conf') ? text : [])).join('');
    expect(conf.match(/^zone:/gm)).toHaveLength(zones.length);
    expect(conf).toContain('zonefile: "2.0_25.100.51.198.in-addr.arpa.zone"');
  });
});
