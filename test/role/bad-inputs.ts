/** Path of the setting (`a.b`, list indices included), the value, and the whole message. */
export type BadInput = readonly [path: string, value: unknown, message: string];

const long = 'a'.repeat(64);
const tooLong = `${Array(5).fill('a'.repeat(50)).join('.')}.example`;

const heloNames: readonly BadInput[] = [
  ['', 'the HELO name is empty: give a full name, e.g. mail.example.com'],
  ['mail', "'mail' is no HELO name: it has no dot. Give the full name, e.g. mail.example.com"],
  ['localhost', "'localhost' is no HELO name: it means something on this network only. Give a name that DNS resolves"],
  ['mail.local', "'mail.local' is no HELO name: it means something on this network only. Give a name that DNS resolves"],
  ['mail.example.com.', "'mail.example.com.' is no HELO name: leave out the final dot: 'mail.example.com'"],
  ['mail_1.example.com', "'mail_1.example.com' is no HELO name: the label 'mail_1' has an underscore, use a hyphen"],
  ['[203.0.113.25]', "'[203.0.113.25]' is no HELO name: it is an address, give a name"],
  ['203.0.113.25', "'203.0.113.25' is no HELO name: it is an address, give a name"],
  ['2001:db8::25', "'2001:db8::25' is no HELO name: it is an address, give a name"],
  ['mail..example.com', "'mail..example.com' is no HELO name: two dots in a row, or one at the start, enclose an empty label"],
  ['.example.com', "'.example.com' is no HELO name: two dots in a row, or one at the start, enclose an empty label"],
  ['-mail.example.com', "'-mail.example.com' is no HELO name: the label '-mail' begins or ends with a hyphen"],
  ['mail.example.com:25', "'mail.example.com:25' is no HELO name: it is an address, give a name"],
  ['mail example.com', "'mail example.com' is no HELO name: it has white space in it"],
  ['mail/example.com', "'mail/example.com' is no HELO name: '/' is not allowed, only letters, digits and hyphens are"],
  ['postmaster@example.com', "'postmaster@example.com' is no HELO name: it has an @, give only what follows it"],
  ['müller.example', "'müller.example' is no HELO name: DNS knows it as 'xn--mller-kva.example', write it so"],
  ['mail.example.123', "'mail.example.123' is no HELO name: its last label is a number"],
  [`${long}.example`, `'${long}.example' is no HELO name: the label '${long}' has 64 characters, DNS allows 63`],
  [tooLong, `'${tooLong}' is no HELO name: it has ${tooLong.length} characters, DNS allows 253`],
  [
    'ip-10-77-0-25.eu-central-1.compute.internal',
    "'ip-10-77-0-25.eu-central-1.compute.internal' is a name of the cloud provider: its PTR cannot be made to match. Give a name in a zone of yours, e.g. mail.example.com",
  ],
  [
    'ec2-198-51-100-25.eu-central-1.compute.amazonaws.com',
    "'ec2-198-51-100-25.eu-central-1.compute.amazonaws.com' is a name of the cloud provider: its PTR cannot be made to match. Give a name in a zone of yours, e.g. mail.example.com",
  ],
].map(([value, message]) => ['heloName', value, message ?? '']);

const addresses: readonly BadInput[] = [
  ['bindIpv4', '10.77.0', "'10.77.0' is no IPv4 address: expected four numbers, e.g. 10.0.0.25"],
  ['bindIpv4', '10.77.0.256', "'10.77.0.256' is no IPv4 address: expected four numbers, e.g. 10.0.0.25"],
  [
    'bindIpv4',
    '10.77.0.25/24',
    "'10.77.0.25/24' is no IPv4 address: expected four numbers, e.g. 10.0.0.25; leave out the prefix length if one address is meant",
  ],
  ['bindIpv4', '2001:db8::25', "'2001:db8::25' is no IPv4 address: expected four numbers, e.g. 10.0.0.25"],
  [
    'bindIpv4',
    '127.0.0.1',
    "'127.0.0.1' cannot be the source of outgoing mail: give the address of the network interface, e.g. 10.0.0.25",
  ],
  [
    'bindIpv4',
    '0.0.0.0',
    "'0.0.0.0' cannot be the source of outgoing mail: give the address of the network interface, e.g. 10.0.0.25",
  ],
  ['bindIpv6', '10.0.0.25', "'10.0.0.25' is no IPv6 address: expected e.g. 2001:db8::25"],
  ['bindIpv6', '[2001:db8::25]', "'[2001:db8::25]' is no IPv6 address: expected e.g. 2001:db8::25; leave out the brackets"],
  ['bindIpv6', 'fe80::1', "'fe80::1' cannot be the source of outgoing mail: give a global address, e.g. 2001:db8::25"],
  ['bindIpv6', '2001:db8::25%eth0', "'2001:db8::25%eth0' is no IPv6 address: expected e.g. 2001:db8::25"],
  ['proxyAddresses.0', ['mail.example.com'], "'mail.example.com' is no address: expected e.g. 203.0.113.25 or 2001:db8::25"],
  ['proxyAddresses.1', ['198.51.100.25', '198.51.100.25'], "'198.51.100.25' is in the list twice"],
  ['resolvers.0', ['dns.example'], "'dns.example' is no address: expected e.g. 203.0.113.25 or 2001:db8::25"],
];

const networks: readonly BadInput[] = [
  ['0.0.0.0/0', "'0.0.0.0/0' is the whole internet: everyone could send through this host"],
  ['::/0', "'::/0' is the whole internet: everyone could send through this host"],
  ['203.0.113.5/24', "'203.0.113.5/24' has bits set behind its prefix of 24: did you mean 203.0.113.0/24 or 203.0.113.5/32?"],
  ['2001:db8::5/48', "'2001:db8::5/48' has bits set behind its prefix of 48: did you mean 2001:db8::5/128?"],
  ['203.0.113.0/33', "'203.0.113.0/33' has the prefix length '33': expected a number from 1 to 32"],
  ['203.0.113.0/', "'203.0.113.0/' has the prefix length '': expected a number from 1 to 32"],
  [
    '203.0.113.0/255.255.255.0',
    "'203.0.113.0/255.255.255.0' has the prefix length '255.255.255.0': expected a number from 1 to 32",
  ],
  ['203.0.113', "'203.0.113' is no address or CIDR network: expected e.g. 203.0.113.0/24 or 2001:db8::/48"],
  ['office.example', "'office.example' is no address or CIDR network: expected e.g. 203.0.113.0/24 or 2001:db8::/48"],
].map(([value, message]) => ['externalNetworks.0', [value], message ?? '']);

const access = (word: string) =>
  `'${word}' is no action of access(5), and Postfix would put off every mail that matches: ` +
  'use e.g. OK, REJECT with a text, DUNNO, DISCARD, HOLD or 550 with a text';

const maps: readonly BadInput[] = [
  ['accessSender.bad@example.com', { 'bad@example.com': 'REJEKT' }, access('REJEKT')],
  ['accessClient.203.0.113.9', { '203.0.113.9': 'BLOCK spam' }, access('BLOCK')],
  ['accessClient.203.0.113.9', { '203.0.113.9': '' }, 'is empty: leave the entry out or give a value'],
  ['accessHelo.friend', { friend: '600 no' }, access('600')],
  [
    'accessRecipient.a@b.example',
    { 'a@b.example': 'REDIRECT' },
    "'REDIRECT' lacks what REDIRECT is to be done with, see access(5)",
  ],
  [
    'accessRecipient.a@b.example',
    { 'a@b.example': 'REJECT no\nc@d.example OK' },
    '"REJECT no\\nc@d.example OK" has a line break: every entry is one line of a file',
  ],
  [
    'accessClient.203.0.113.0/24',
    { '203.0.113.0/24': 'REJECT' },
    "'203.0.113.0/24' is a network with a prefix length, which access(5) does not know: name whole octets, e.g. 203.0.113",
  ],
  [
    'accessClient.*.example',
    { '*.example': 'REJECT' },
    "'*.example' has a *, which access(5) does not know: name the domain, e.g. example.com",
  ],
  ['accessClient.#x', { '#x': 'OK' }, "'#x' begins with #: Postfix would take the line for a comment"],
  ['accessSender.a b', { 'a b': 'OK' }, "'a b' has white space in it, and Postfix would take what follows for the action"],
  [
    'accessSender.SPAM.example',
    { 'spam.example': 'REJECT', 'SPAM.example': 'OK' },
    "'SPAM.example' and 'spam.example' are the same to Postfix, and only one of them can count",
  ],
  [
    'transport.example.net',
    { 'example.net': 'smtp' },
    "'smtp' has no colon: expected transport:nexthop, e.g. smtp:[10.0.0.5]:25 or user-webapp:",
  ],
  [
    'transport.example.net',
    { 'example.net': 'uucp:there' },
    "'uucp' is no transport of this host: use smtp, relay, smtp4, lmtp, error, discard or user-NAME of a service user",
  ],
  [
    'transport.example.net',
    { 'example.net': 'smtp:10.0.0.5' },
    "'smtp:10.0.0.5' has an address as next hop: put it in brackets, e.g. smtp:[10.0.0.5]:25",
  ],
  [
    'transport.example.net',
    { 'example.net': 'smtp:2001:db8::5' },
    "'smtp:2001:db8::5' has an IPv6 address as next hop: put it in brackets, e.g. smtp:[2001:db8::5]:25",
  ],
  [
    'transport.example.net',
    { 'example.net': 'smtp:[10.0.0.5:25' },
    "'smtp:[10.0.0.5:25' has a next hop whose bracket is not closed: expected e.g. smtp:[10.0.0.5]:25",
  ],
  [
    'transport.exa mple',
    { 'exa mple': 'smtp:' },
    "'exa mple' has white space in it, and Postfix would take what follows for the transport",
  ],
  [
    'transport.under_score.example',
    { 'under_score.example': 'smtp:' },
    "'under_score.example' is no domain of a transport: the label 'under_score' has an underscore, use a hyphen",
  ],
  [
    'virtualAliases.example.net',
    { 'example.net': ['a@b.example'] },
    "'example.net' looks like a domain: for every address in it write '@example.net'",
  ],
  ['virtualAliases.a@b.example.0', { 'a@b.example': ['@c.example'] }, "'@c.example' has nothing before the @"],
  [
    'virtualAliases.a@b.example.0',
    { 'a@b.example': ['c@d.example, e@f.example'] },
    "'c@d.example, e@f.example' has white space in it; quote the part before the @",
  ],
  [
    'virtualAliases.a@b.example.0',
    { 'a@b.example': ['c@d.example,e@f.example'] },
    "'c@d.example,e@f.example' has a comma: give every target an entry of its own",
  ],
  [
    'localAliases.root@example.com',
    { 'root@example.com': ['a@b.example'] },
    "'root@example.com' has an @: local aliases are names of this host, addresses belong in virtualAliases",
  ],
  [
    'localAliases.root:',
    { 'root:': ['a@b.example'] },
    "'root:' has a colon or white space in it, which ends the name of an alias",
  ],
  [
    'canonical.a@b',
    { 'a@b': 'c@d_e.example' },
    "'d_e.example' is no domain of an address: the label 'd_e' has an underscore, use a hyphen",
  ],
  [
    'canonicalPcre.0',
    ['^a@b$ c@d'],
    "'^a@b$ c@d' is no line of pcre_table(5): expected /pattern/flags, white space and the result",
  ],
  ['canonicalPcre.0', ['/^(a@b$/ c@d'], "'/^(a@b$/ c@d' has a pattern that is not balanced: Unterminated group"],
  ['relayDomains.0', ['@example.net'], "'@example.net' is no mail domain: it has an @, give only what follows it"],
  ['relayDomains.1', ['example.net', 'Example.net'], "'Example.net' is in the list twice"],
];

const others: readonly BadInput[] = [
  [
    'domains.example.com',
    { 'example.com': { deliverTo: 'webapp', relayTo: 'smtp:[10.0.0.5]' } },
    "mail goes to the service user 'webapp' or to 'smtp:[10.0.0.5]', not to both: leave out deliverTo or relayTo",
  ],
  ['domains.example', { example: {} }, "'example' is no mail domain: it has no dot. Give the full name, e.g. example.example"],
  [
    'domains.example.com.relayTo',
    { 'example.com': { relayTo: 'smtp:' } },
    "'smtp:' has no next hop, mail would come back to this host: give one, e.g. smtp:[10.0.0.5]:25",
  ],
  [
    'domains.example.com.deliverTo',
    { 'example.com': { deliverTo: 'Web App' } },
    "'Web App' is no user name: it begins with a lower-case letter and goes on with those, digits, - and _",
  ],
  ['serviceUsers.0', ['root'], "'root' is a user of the system: choose another name, e.g. webapp"],
  ['serviceUsers.0', ['postfix'], "'postfix' is a user of the system: choose another name, e.g. webapp"],
  ['serviceUsers.0', ['-x'], "'-x' is no user name: it begins with a lower-case letter and goes on with those, digits, - and _"],
  ['serviceUsers.0', ['a'.repeat(33)], `'${'a'.repeat(33)}' has 33 characters, a user name has at most 32`],
  ['mainCf.myhostname', { myhostname: 'other.example' }, "'myhostname' is not set here: set heloName"],
  [
    'mainCf.smtp_bind_address',
    { smtp_bind_address: '198.51.100.25' },
    "'smtp_bind_address' is not set here: set bindIpv4: in main.cf the way to the filter would inherit it",
  ],
  [
    'mainCf.smtpd banner',
    { 'smtpd banner': 'x' },
    "'smtpd banner' is no parameter of main.cf: a name has letters, digits, - and _, e.g. smtpd_banner",
  ],
  [
    'mainCf.smtpd_banner',
    { smtpd_banner: 'hello\nmynetworks = 0.0.0.0/0' },
    '"hello\\nmynetworks = 0.0.0.0/0" has a line break: a value is one line, use commas between its parts',
  ],
  ['smtpdTlsChainFiles.0', ['key.pem'], "'key.pem' is no path on the mail host: it must begin with /"],
  ['smtpdTlsChainFiles.0', ['/etc/../key.pem'], "'/etc/../key.pem' has a . or .. in it: give the path as it is"],
  [
    'dnsblSites.0',
    ['ix.dnsbl.manitu.net'],
    "'ix.dnsbl.manitu.net' was shut down in January 2025, and its answers mean nothing any more: leave it out",
  ],
  [
    'dnsblSites.0',
    ['zen.spamhaus.org 2'],
    "'zen.spamhaus.org 2' is no blocklist: expected zone[=replies][*weight], e.g. zen.spamhaus.org=127.0.0.[2..11]*2",
  ],
  [
    'dnsblSites.0',
    ['bl.example=127.0.2'],
    "'bl.example=127.0.2' has the reply '127.0.2': expected four octets, e.g. 127.0.0.[2..11]",
  ],
  ['dnsblSites.0', ['bl.example=127.0.0.300'], "'bl.example=127.0.0.300' has a reply with 300 in it: an octet is at most 255"],
  [
    'clamavMirrors.0',
    ['ftp://mirror.example'],
    "'ftp://mirror.example' is no URL of a mirror: expected e.g. https://mirror.example.com/clamav",
  ],
  [
    'stateVolume.mountPoint',
    { volumeId: 'vol-1', mountPoint: '/var' },
    "'/var' is a directory of the system: mount the volume on one of its own, e.g. /srv/mail",
  ],
  ['greylistDelaySeconds', 0, 'Too small: expected number to be >=1'],
  ['messageSizeLimit', 100, 'Too small: expected number to be >=65536'],
];

export const badInputs: readonly BadInput[] = [...heloNames, ...addresses, ...networks, ...maps, ...others];
