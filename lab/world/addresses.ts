/**
 * Who is who on the lab's internet. All names end in `test.` and all addresses are for documentation (RFC 2606, RFC 5737):
 * nothing here can be mistaken for a real host. The cloud's own addresses begin at .25 and at .100 (see `lab/aws/ec2_rules.py`).
 */

/** Authoritative for everything: root, forward and reverse zones, blocklists. */
export const nameServer = { name: 'ns.world.test.', ipv4: '198.51.100.2' } as const;

/** Recursive, starts at the lab's own root, keeps answers for a second only. */
export const resolver = { name: 'resolver.world.test.', ipv4: '198.51.100.3' } as const;

/** The addresses of the machine `sender`, from clean to hopeless. */
export const senders = {
  /** A, PTR and HELO agree. */
  clean: { name: 'mail.sender.test.', ipv4: '198.51.100.60', reverse: true, listed: false },
  /** As clean, a second one: another /24 neighbour for greylisting. */
  second: { name: 'mail2.sender.test.', ipv4: '198.51.100.61', reverse: true, listed: false },
  /** Resolves forward only. */
  noPtr: { name: 'noptr.sender.test.', ipv4: '198.51.100.62', reverse: false, listed: false },
  /** Clean DNS, but on every blocklist. */
  listed: { name: 'listed.sender.test.', ipv4: '198.51.100.63', reverse: true, listed: true },
} as const;

/** A mail server of somebody else: accepts every mail to its domain and writes down who brought it. */
export const receiver = { name: 'mx.receiver.test.', ipv4: '198.51.100.70', domain: 'receiver.test' } as const;

/** DNS blocklists served here; the names of real ones, so that a mail server's default settings meet them. */
export const blocklists = ['dnsbl.world.test.', 'zen.spamhaus.org.', 'bl.spamcop.net.'] as const;

/** Test point of every blocklist: RFC 5782, 5. */
export const blocklistTestPoint = '127.0.0.2';
