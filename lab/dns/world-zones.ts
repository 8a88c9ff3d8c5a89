import type { CloudElasticIp, CloudZone } from '../model/contracts';
import {
  blocklists,
  blocklistTestPoint,
  ipv6Reverse,
  nameServer,
  receiver,
  resolver,
  rootServer,
  secondNameServer,
  senders,
  strictReceiver,
} from '../model/world-addresses';
import { isWithin, reverseName } from './names';

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
      records: [
        ns('world.test.'),
        ...[nameServer, secondNameServer, rootServer, resolver].map(({ name, ipv4 }) => record(name, 'A', ipv4)),
      ],
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
            .flatMap(addressesOf)
            .map((address) => `${address.includes(':') ? 'ip6' : 'ip4'}:${address}`)
            .join(' ')} -all"`,
        ),
        ...Object.values(senders).flatMap(addressRecords),
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
    {
      name: `${strictReceiver.domain}.`,
      records: [
        ns(`${strictReceiver.domain}.`),
        record(`${strictReceiver.domain}.`, 'MX', `10 ${strictReceiver.name}`),
        record(`${strictReceiver.domain}.`, 'TXT', '"v=spf1 mx -all"'),
        ...addressRecords(strictReceiver),
        record(`${strictReceiver.ipv6Only.domain}.`, 'MX', `10 ${strictReceiver.ipv6Only.name}`),
        record(strictReceiver.ipv6Only.name, 'AAAA', strictReceiver.ipv6),
      ],
    },
    ...blocklists.map(blocklist),
  ];
}

interface Named {
  readonly name: string;
  readonly ipv4: string;
  readonly ipv6?: string;
}

const addressesOf = ({ ipv4, ipv6 }: Named) => (ipv6 ? [ipv4, ipv6] : [ipv4]);

const addressRecords = ({ name, ipv4, ipv6 }: Named) => [record(name, 'A', ipv4), ...(ipv6 ? [record(name, 'AAAA', ipv6)] : [])];

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

/** Reverse DNS of the lab's internet (Amazon's own IPv6 addresses have none), and Amazon's generic names of the addresses in use. */
export function addressZones(elasticIps: readonly CloudElasticIp[]): Zone[] {
  const servers = [nameServer, secondNameServer, rootServer, resolver, receiver, strictReceiver];
  const named: Named[] = [...servers, ...Object.values(senders).filter(({ reverse }) => reverse)];
  const pointers = named.flatMap((one) => addressesOf(one).map((address) => record(reverseName(address), 'PTR', one.name)));
  const within = (zone: string) => pointers.filter(({ name }) => isWithin(name, zone));
  const cloud = elasticIps.map(({ publicIpv4, ptr }) => record(reverseName(publicIpv4), 'PTR', ptr ?? ec2Name(publicIpv4)));
  return [
    { name: reverseZone, records: [ns(reverseZone), ...within(reverseZone), ...cloud] },
    { name: ipv6Reverse, records: [ns(ipv6Reverse), ...within(ipv6Reverse)] },
    {
      name: ec2Zone,
      records: [ns(ec2Zone), ...elasticIps.map(({ publicIpv4 }) => record(ec2Name(publicIpv4), 'A', publicIpv4))],
    },
  ];
}
