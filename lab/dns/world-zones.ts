import type { CloudElasticIp, CloudZone } from '../contracts';
import { blocklists, blocklistTestPoint, nameServer, receiver, resolver, senders } from '../world/addresses';
import { reverseName } from './names';

type Zone = CloudZone;
type ZoneRecord = Zone['records'][number];

/** Seconds. Long enough to be ordinary: the lab's resolver keeps nothing that long. */
const ttl = 300;
const reverseZone = '100.51.198.in-addr.arpa.';
const ec2Zone = 'eu-central-1.compute.amazonaws.com.';

export const record = (name: string, type: string, ...values: string[]): ZoneRecord => ({ name, type, ttl, values });

const ns = (zone: string) => record(zone, 'NS', nameServer.name);

/** The zones of everybody else on the lab's internet; they do not depend on what is deployed. */
export function worldZones(): Zone[] {
  return [
    {
      name: 'world.test.',
      records: [ns('world.test.'), record(nameServer.name, 'A', nameServer.ipv4), record(resolver.name, 'A', resolver.ipv4)],
    },
    {
      name: 'sender.test.',
      records: [
        ns('sender.test.'),
        record('sender.test.', 'MX', `10 ${senders.clean.name}`),
        record(
          'sender.test.',
          'TXT',
          `"v=spf1 ${Object.values(senders)
            .map(({ ipv4 }) => `ip4:${ipv4}`)
            .join(' ')} -all"`,
        ),
        ...Object.values(senders).map(({ name, ipv4 }) => record(name, 'A', ipv4)),
      ],
    },
    {
      name: `${receiver.domain}.`,
      records: [
        ns(`${receiver.domain}.`),
        record(`${receiver.domain}.`, 'MX', `10 ${receiver.name}`),
        record(`${receiver.domain}.`, 'TXT', '"v=spf1 mx -all"'),
        record(receiver.name, 'A', receiver.ipv4),
      ],
    },
    ...blocklists.map(blocklist),
  ];
}

function blocklist(name: string): Zone {
  const addresses = [blocklistTestPoint, ...Object.values(senders).flatMap(({ listed, ipv4 }) => (listed ? [ipv4] : []))];
  const entries = addresses.flatMap((address) => {
    const entry = `${address.split('.').reverse().join('.')}.${name}`;
    return [record(entry, 'A', '127.0.0.2'), record(entry, 'TXT', `"${address} is listed by ${name}"`)];
  });
  return { name, records: [ns(name), ...entries] };
}

/** The name AWS gives to a public address whose owner has set no other. */
export function ec2Name(ipv4: string): string {
  return `ec2-${ipv4.replaceAll('.', '-')}.${ec2Zone}`;
}

/** Reverse DNS of the lab's internet, and Amazon's generic names of the addresses in use. */
export function addressZones(elasticIps: readonly CloudElasticIp[]): Zone[] {
  const named = [nameServer, resolver, receiver, ...Object.values(senders).filter(({ reverse }) => reverse)];
  const fixed = named.map(({ name, ipv4 }) => record(reverseName(ipv4), 'PTR', name));
  const cloud = elasticIps.map(({ publicIpv4, ptr }) => record(reverseName(publicIpv4), 'PTR', ptr ?? ec2Name(publicIpv4)));
  return [
    { name: reverseZone, records: [ns(reverseZone), ...fixed, ...cloud] },
    {
      name: ec2Zone,
      records: [ns(ec2Zone), ...elasticIps.map(({ publicIpv4 }) => record(ec2Name(publicIpv4), 'A', publicIpv4))],
    },
  ];
}
