/**
 * Who is who on the lab's internet. All names end in `test.` and all addresses are for documentation (RFC 2606, RFC 5737):
 * nothing here can be mistaken for a real host. The cloud's own addresses begin at .25 and at .100 (see `lab/aws/rules/addresses.py`).
 */

/** Authoritative for the root alone: whoever looks for a name is sent on from here, as in the real world. */
export const rootServer = { name: 'root.world.test.', ipv4: '198.51.100.5' } as const;

/** Authoritative for everything else: forward and reverse zones, blocklists. */
export const nameServer = { name: 'ns.world.test.', ipv4: '198.51.100.2' } as const;

/** The same zones at another address: half of the cloud's name servers are here, so that one of two can be wrong. */
export const secondNameServer = { name: 'ns2.world.test.', ipv4: '198.51.100.4' } as const;

/**
 * The servers of Route 53's name servers: zones of one name are at different ones, each at two addresses. The first is also
 * everybody else's; the last has the zones of reusable delegation sets.
 */
export const cloudNameServers = [
  [nameServer, secondNameServer],
  [
    { name: 'ns3.world.test.', ipv4: '198.51.100.10' },
    { name: 'ns4.world.test.', ipv4: '198.51.100.11' },
  ],
  [
    { name: 'ns5.world.test.', ipv4: '198.51.100.12' },
    { name: 'ns6.world.test.', ipv4: '198.51.100.13' },
  ],
  [
    { name: 'ns7.world.test.', ipv4: '198.51.100.14' },
    { name: 'ns8.world.test.', ipv4: '198.51.100.15' },
  ],
] as const;

/** Recursive, starting at the lab's own root: the one that everybody's machines on the internet switch ask. */
export const resolver = { name: 'resolver.world.test.', ipv4: '198.51.100.3' } as const;

/** Public resolvers; each has a cache of its own and its own idea of how long a "no" is to be remembered (`lab/dns/resolvers.ts`). */
export const publicResolvers = [
  resolver,
  { name: 'resolver2.world.test.', ipv4: '198.51.100.6' },
  { name: 'resolver3.world.test.', ipv4: '198.51.100.7' },
] as const;

/** Amazon's resolver behind the address that every VPC has for it. */
export const vpcDns = { name: 'resolver.compute.test.', ipv4: '198.51.100.8' } as const;

/** Whom AWS asks before it gives an address a reverse name. */
export const amazonResolver = { name: 'resolver.amazon.test.', ipv4: '198.51.100.9' } as const;

/** Network of the lab's internet that IPv6 addresses are taken from, and its zone for reverse names (RFC 3849). */
export const ipv6Reverse = '8.b.d.0.1.0.0.2.ip6.arpa.';

interface Sender {
  readonly name: string;
  readonly ipv4: string;
  readonly ipv6?: string;
  /** Its addresses have reverse names. */
  readonly reverse: boolean;
  readonly listed: boolean;
}

/** The addresses of the machine `sender`, from clean to hopeless. */
export const senders = {
  /** A, AAAA, PTR and HELO agree. */
  clean: { name: 'mail.sender.test.', ipv4: '198.51.100.60', ipv6: '2001:db8:51:100::60', reverse: true, listed: false },
  /** As clean, a second one: another /24 neighbour for greylisting. */
  second: { name: 'mail2.sender.test.', ipv4: '198.51.100.61', reverse: true, listed: false },
  /** Resolves forward only. */
  noPtr: { name: 'noptr.sender.test.', ipv4: '198.51.100.62', ipv6: '2001:db8:51:100::62', reverse: false, listed: false },
  /** Clean DNS, but on every blocklist. */
  listed: { name: 'listed.sender.test.', ipv4: '198.51.100.63', reverse: true, listed: true },
} as const satisfies Record<string, Sender>;

/** A mail server of somebody else: accepts every mail to its domain and writes down who brought it. */
export const receiver = { name: 'mx.receiver.test.', ipv4: '198.51.100.70', domain: 'receiver.test' } as const;

/**
 * A mail server that has the rules of the big receivers: a reverse name that leads back to the client (FCrDNS), a HELO name that
 * is exactly that name and has that address, SPF, TLS. It is reached over IPv4 and IPv6; mail to `ipv6Only` over IPv6 only.
 */
export const strictReceiver = {
  name: 'mx.strict.test.',
  ipv4: '198.51.100.71',
  ipv6: '2001:db8:51:100::71',
  domain: 'strict.test',
  ipv6Only: { name: 'mx6.strict.test.', domain: 'six.strict.test' },
} as const;

/** DNS blocklists served here; the names of real ones, so that a mail server's default settings meet them. */
export const blocklists = ['dnsbl.world.test.', 'zen.spamhaus.org.', 'bl.spamcop.net.'] as const;

/** Test point of every blocklist: RFC 5782, 5. */
export const blocklistTestPoint = '127.0.0.2';
