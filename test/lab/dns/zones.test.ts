import { type Registry, withAll, withEntry } from '../../../lab/dns/registry';
import { nsdFiles } from '../../../lab/dns/server-files';
import { allZones, type ServedZone } from '../../../lab/dns/zones';
import type { CloudZone } from '../../../lab/model/contracts';

/** A zone of Route 53 whose name servers are among the lab's servers the one with this number. */
const route53 = (name: string, server = 0, ...records: CloudZone['records']): CloudZone => ({
  id: `Z${server}${name}`,
  name,
  records: [
    { name, type: 'NS', ttl: 172800, values: [`ns-${8 + server}.awsdns-01.com`, `ns-${1544 + server}.awsdns-01.co.uk`] },
    { name, type: 'SOA', ttl: 900, values: ['ns-8.awsdns-01.com. hostmaster.example.com. 1 7200 900 1209600 86400'] },
    ...records,
  ],
});

const internet = (zones: readonly CloudZone[], registry: Registry = withAll(new Map(), zones)) =>
  allZones({ zones, elasticIps: [] }, registry);
const file = (zones: readonly ServedZone[], path: string) => nsdFiles(zones, 7).get(`/etc/nsd/zones/${path}`) ?? '';
const root = (zones: readonly ServedZone[]) => file(zones, 'root/root.zone');

describe('the zones of the lab', () => {
  it('gives the name servers of Route 53 addresses, two servers to each zone', () => {
    const zones = internet([route53('example.net.')]);
    expect(file(zones, 'server0/awsdns-01.com.zone')).toContain('ns-8.awsdns-01.com. 300 IN A 198.51.100.2\n');
    expect(file(zones, 'server0/awsdns-01.co.uk.zone')).toContain('ns-1544.awsdns-01.co.uk. 300 IN A 198.51.100.4\n');
    // Whoever has the addresses is asked at an address of its own.
    expect(root(zones)).toContain('awsdns-01.com. 172800 IN NS ns.world.test.\n');
  });

  it('leaves the delegation of a zone below another one to its owner', () => {
    expect(root(internet([route53('example.net.'), route53('sub.example.net.')]))).not.toContain('sub.example.net.');
  });

  it('does not hand over a domain of somebody else', () => {
    const zones = internet([route53('world.test.', 0, { name: 'ns.world.test.', type: 'A', ttl: 60, values: ['10.0.0.1'] })]);
    expect(file(zones, 'server0/world.test.zone')).toContain('ns.world.test. 300 IN A 198.51.100.2\n');
    expect(file(zones, 'server0/world.test.zone')).not.toContain('10.0.0.1');
    expect(root(zones)).toContain('world.test. 172800 IN NS ns.world.test.\n');
  });

  it('answers for an Elastic IP with its PTR, and with the generic name of EC2 without one', () => {
    const elasticIps = [{ publicIpv4: '198.51.100.25', ptr: 'mail.example.net.' }, { publicIpv4: '198.51.100.26' }];
    const zones = allZones({ zones: [], elasticIps }, new Map());
    const reverse = file(zones, 'server0/100.51.198.in-addr.arpa.zone');
    expect(reverse).toContain('25.100.51.198.in-addr.arpa. 300 IN PTR mail.example.net.\n');
    expect(reverse).toContain('26.100.51.198.in-addr.arpa. 300 IN PTR ec2-198-51-100-26.eu-central-1.compute.amazonaws.com.\n');
    expect(file(zones, 'server0/eu-central-1.compute.amazonaws.com.zone')).toContain('IN A 198.51.100.26\n');
  });

  it('has senders with and without a reverse name', () => {
    const reverse = file(internet([]), 'server0/100.51.198.in-addr.arpa.zone');
    expect(reverse).toContain('PTR mail.sender.test.');
    expect(reverse).not.toContain('noptr');
  });

  it('lists the test point and the unclean sender on every blocklist, and nobody else', () => {
    const list = file(internet([]), 'server0/zen.spamhaus.org.zone');
    expect(list.match(/ IN A /g)).toHaveLength(2);
    expect(list).toContain('2.0.0.127.zen.spamhaus.org. 300 IN A 127.0.0.2\n');
    expect(list).toContain('63.100.51.198.zen.spamhaus.org. 300 IN A 127.0.0.2\n');
  });

  it('starts each zone with one SOA that has the given serial', () => {
    for (const [path, text] of nsdFiles(internet([route53('example.net.')]), 7)) {
      if (!path.endsWith('.zone')) continue;
      expect(text.match(/ SOA /g)).toHaveLength(1);
      expect(text).toMatch(/ IN SOA \S+\. \S+\. 7 /);
    }
  });

  it('names every zone in the configuration of the name server', () => {
    const zones = internet([route53('2.0/25.100.51.198.in-addr.arpa.')]);
    const conf = [...nsdFiles(zones, 1)].flatMap(([path, text]) => (path.endsWith('.conf') ? text : [])).join('');
    // Each of the five servers has one more, which tells of its serial.
    expect(conf.match(/^zone:/gm)).toHaveLength(zones.length + 5);
    expect(conf).toContain('zonefile: "2.0_25.100.51.198.in-addr.arpa.zone"');
  });
});

describe('a zone that is made', () => {
  const zones = [route53('example.net.', 0)];

  it('is found by nobody before it is delegated, but by those who ask its own name servers', () => {
    const undelegated = internet(zones, new Map());
    expect(root(undelegated)).not.toContain('example.net.');
    expect(root(undelegated)).toContain('awsdns-01.co.uk. ');
    expect(file(undelegated, 'server0/example.net.zone')).toContain('example.net. 172800 IN NS ns-8.awsdns-01.com.\n');
  });

  it('is found when its owner has entered its name servers at the registrar', () => {
    const registry = withEntry(new Map(), zones, { zone: 'Example.net' });
    expect(root(internet(zones, registry))).toContain('example.net. 172800 IN NS ns-8.awsdns-01.com.\n');
  });

  it('is not found any more when the entry is taken away', () => {
    const registry = withEntry(withAll(new Map(), zones), zones, { zone: 'example.net', to: [] });
    expect(root(internet(zones, new Map([...registry].filter(([, hosts]) => hosts.length > 0))))).not.toContain('example.net.');
  });

  it('may be registered with the name servers of somebody else', () => {
    const registry = withEntry(new Map(), zones, { zone: 'example.net', to: ['ns.world.test'] });
    expect(root(internet(zones, registry))).toContain('example.net. 172800 IN NS ns.world.test.\n');
  });

  it('cannot be registered without name servers when there is none of that name', () => {
    expect(() => withEntry(new Map(), zones, { zone: 'example.org' })).toThrow(
      'Route 53 has no zone example.org in this lab; there are: example.net',
    );
  });
});

describe('a second zone of one name', () => {
  const mail = (address: string) => ({ name: 'mail.example.net.', type: 'A', ttl: 60, values: [address] });
  const zones = [route53('example.net.', 0, mail('198.51.100.25')), route53('example.net.', 1, mail('198.51.100.26'))];

  it('is at other servers, and its name servers at other addresses', () => {
    const served = internet(zones);
    expect(file(served, 'server0/example.net.zone')).toContain('IN A 198.51.100.25\n');
    expect(file(served, 'server1/example.net.zone')).toContain('IN A 198.51.100.26\n');
    const hosts = file(served, 'server0/awsdns-01.com.zone');
    expect(hosts).toContain('ns-8.awsdns-01.com. 300 IN A 198.51.100.2\n');
    expect(hosts).toContain('ns-9.awsdns-01.com. 300 IN A 198.51.100.10\n');
    expect(file(served, 'server0/awsdns-01.co.uk.zone')).toContain('ns-1545.awsdns-01.co.uk. 300 IN A 198.51.100.11\n');
  });

  it('is not what the world asks, until the registrar says so', () => {
    expect(root(internet(zones))).toContain('example.net. 172800 IN NS ns-8.awsdns-01.com.\n');
    const registry = withEntry(new Map(), zones, { zone: 'example.net', to: ['ns-9.awsdns-01.com'] });
    expect(root(internet(zones, registry))).toContain('example.net. 172800 IN NS ns-9.awsdns-01.com.\n');
  });

  it('differs from the first by its name servers at the registrar', () => {
    expect(() => withEntry(new Map(), zones, { zone: 'example.net' })).toThrow(
      'example.net has 2 zones; say which name servers the world should ask:\n' +
        '  Z0example.net.: ns-8.awsdns-01.com ns-1544.awsdns-01.co.uk\n' +
        '  Z1example.net.: ns-9.awsdns-01.com ns-1545.awsdns-01.co.uk',
    );
  });
});
