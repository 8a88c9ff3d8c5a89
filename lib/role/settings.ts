import type * as z from 'zod/mini';
import { mailDomain, matchedDomain } from '../net/domain-name';
import { heloName } from '../net/helo-name';
import { bindableIpv4, bindableIpv6, externalNetwork, hostAddress, sameNetwork } from '../net/ip-address';
import { group } from '../settings/group';
import { hostFile, mountPoint, volumeId } from '../settings/host-path';
import { optional, required } from '../settings/property';
import { distinct, flag, keyed, list, oneOf, someOf, text } from '../settings/vocabulary';
import { whole } from '../settings/whole';
import { clientKey, heloKey, mailKey } from './settings/access-map';
import { blocklist, sameSite } from './settings/blocklist';
import { checkSettings } from './settings/checks';
import { conflicts } from './settings/conflicts';
import { dkimSettings } from './settings/dkim';
import { exemptClient } from './settings/exempt-client';
import { addressPattern, aliasName, aliasTarget, mailReader, targetAddress } from './settings/mail-address';
import { parameterName, parameterValue } from './settings/main-cf';
import { mapFiles } from './settings/map-files';
import { clamavMirror } from './settings/mirror';
import { pcreLine } from './settings/pcre-table';
import { outgoingPace, relays } from './settings/relay';
import { sendingLimits } from './settings/sending-limits';
import { serviceUser } from './settings/service-user';
import { serviceUserParameter } from './settings/service-user-parameter';
import { spamSettings } from './settings/spam';
import { sparedNetwork } from './settings/spared-network';
import { sameSenderKey, senderEntry, senderKey } from './settings/submission-senders';
import { submissionUsers } from './settings/submission-user';
import { relayTarget, sameTransportKey, transportKey, transportTarget } from './settings/transport-map';

const NOBODY = 'mail would go to nobody; leave the entry out or name a target';

/** Sizes are asked for in bytes and given in MB. */
const inBytes = (value: number) => (value >= 1 && value <= 1024 ? `${value} MiB are ${value * 1024 * 1024}` : undefined);

/**
 * The settings of the mail role. One schema gives the TypeScript type, the check at synth (tokens are skipped), the check at
 * plan on real values and the attributes of `mailserver_role`. Optional means: Debian's or the role's default applies, and for
 * a map: the file belongs to the service users.
 */
export const roleSettings = group({
  heloName: required(text(heloName), 'The HELO name: `myhostname` and banner; A record, PTR and MX target are the same name.'),
  bindIpv4: optional(
    text(bindableIpv4),
    '`smtp_bind_address` of the sending services: the private address behind 1:1 NAT. Default: the system chooses.',
  ),
  bindIpv6: optional(text(bindableIpv6), '`smtp_bind_address6` of the sending services. Default: outgoing mail uses IPv4 only.'),
  proxyAddresses: optional(
    distinct(text(hostAddress), sameNetwork),
    '`proxy_interfaces`: public addresses that arrive here through NAT, e.g. the Elastic IP. Default: none.',
  ),
  antivirus: optional(flag(), 'Scan every mail with ClamAV. Default: false, mail is scanned for spam only.'),
  encryptedContent: optional(
    oneOf(['pass', 'refuse']),
    'Mail with what nobody but its recipient can look into: encrypted archives and documents, OpenPGP, S/MIME. With `antivirus` only. `pass`, or `refuse`: treat it as mail that could not be scanned. Default: pass.',
  ),
  domains: optional(
    keyed(
      group({
        deliverTo: optional(text(serviceUser), 'Service user whose `bin/deliver` gets every mail of the domain.'),
        relayTo: optional(text(relayTarget), 'Next hop as in transport(5), e.g. `smtp:[10.0.0.5]:25`.'),
      }).check((context) => {
        const { deliverTo, relayTo } = context.value;
        if (deliverTo === undefined || relayTo === undefined) return;
        const message = `mail goes to the service user '${deliverTo}' or to '${relayTo}', not to both: leave out deliverTo or relayTo`;
        context.issues.push({ code: 'custom', message, input: context.value });
      }),
      mailDomain,
    ),
    'Mail domains that this host accepts mail for, in addition to those of `relayDomains` and `virtualAliases`. One without `deliverTo` and `relayTo` has the recipients of `virtualAliases`. Default: none.',
  ),
  serviceUsers: optional(
    distinct(text(serviceUser)),
    'Members of the group `service`, created with a home directory when absent. Each gets a pipe transport `user-NAME`. Default: those that a domain is delivered to.',
  ),
  submissionUsers: optional(
    submissionUsers,
    'Logins for submission on 587 and 465 by name, in addition to those that service users create with `sudo saslpasswd2`. One that is taken out of the stack is removed from the host. Default: none.',
  ),
  relay: optional(
    relays,
    'Smart hosts: servers of somebody else that take mail of this host and deliver it, e.g. because outgoing port 25 is blocked. Of several for the same mail the first is preferred. Mail to domains that this host accepts mail for does not leave by them, unless `recipients` says so; see docs/relay.md. Default: none, mail goes to the servers of its recipients.',
  ),
  outgoingPace: optional(
    outgoingPace,
    'How fast mail leaves, for each domain that it is for; what is too much waits in the queue. Default: 20 connections without a pause.',
  ),
  dkim: optional(
    dkimSettings,
    'Signs what leaves this host in the name of its mail domains and of the HELO name (DKIM), each as soon as the world sees the record of the key; see docs/authentication.md. Default: nothing is signed.',
  ),
  sendersElsewhere: optional(
    distinct(text(mailDomain), (domain) => domain.toLowerCase()),
    'Mail domains of this stack that other servers send for, too, such as a newsletter service or the server behind `relayTo`. Mail from strangers with an envelope sender in any other of `domains`, `relayDomains` and `virtualAliases`, or in the HELO name, is refused. Default: none; `MailServer` adds those whose SPF record names other senders.',
  ),
  postmaster: optional(
    someOf(text(mailReader), 'nobody would read what postmaster is reported; leave it out or name an address'),
    'Who reads the mail for postmaster, abuse, hostmaster, noc, security, webmaster, virusalert and abusealert of the host itself, and for root: addresses, or names of the host (RFC 2142, R7). `localAliases` and /etc/aliases overrule it for single names. Default: the mailbox of root on the host, of which the plan warns.',
  ),
  accessClient: optional(keyed(text(), clientKey), '/etc/mail/access-client: client to action, access(5).'),
  accessHelo: optional(keyed(text(), heloKey), '/etc/mail/access-helo: HELO name to action.'),
  accessRecipient: optional(keyed(text(), mailKey), '/etc/mail/access-recipient: recipient to action.'),
  accessSender: optional(keyed(text(), mailKey), '/etc/mail/access-sender: sender to action.'),
  canonical: optional(keyed(text(targetAddress), addressPattern), '/etc/mail/canonical: address to address, canonical(5).'),
  canonicalPcre: optional(list(text(pcreLine)), '/etc/mail/canonical.pcre: lines of pcre_table(5), in order.'),
  externalNetworks: optional(
    distinct(text(externalNetwork), sameNetwork),
    '/etc/mail/external-networks: addresses and CIDR networks that may submit without authentication.',
  ),
  localAliases: optional(
    keyed(someOf(text(aliasTarget), NOBODY), aliasName),
    '/etc/mail/local-aliases: name to targets, aliases(5).',
  ),
  relayDomains: optional(
    distinct(text(matchedDomain)),
    '/etc/mail/relay-domains: domains accepted for forwarding. A domain does not stand for its subdomains: name each, or all of them as `.example.com`.',
  ),
  loginLimits: optional(
    sendingLimits,
    'How much each login may send through ports 587 and 465. Above a limit mail is put off with a 450 reply. Default: 100 mails to 200 recipients a minute, 1000 to 2000 an hour, 5000 to 10000 a day, 500 new recipients a day.',
  ),
  networkLimits: optional(
    sendingLimits,
    'The same for each client of a known network, and for this host, on all ports and by `sendmail`, without a login; of IPv6 for each /64. Default: ten times as much.',
  ),
  neverShutOut: optional(
    distinct(text(sparedNetwork), sameNetwork),
    'Addresses and networks that are never shut out of ports 587 and 465 for wrong passwords, next to `adminCidrs` of the host, known networks and the addresses that the stack names. Default: none.',
  ),
  submissionSenders: optional(
    keyed(someOf(text(senderEntry), 'it could send nothing; leave the entry out or name a domain'), senderKey, sameSenderKey),
    '/etc/mail/submission-senders: login or known network to the domains and addresses that it may write as, in the envelope and in the From field; `.example.com` stands for all subdomains, `*` for anybody. A login of `submissionUsers` has its own `senders`. Default: a login writes as the mail domains of the stack and the HELO name, a known network as anybody.',
  ),
  transport: optional(
    keyed(text(transportTarget), transportKey, sameTransportKey),
    '/etc/mail/transport: address or domain to transport:nexthop, transport(5).',
  ),
  virtualAliases: optional(
    keyed(someOf(text(targetAddress), NOBODY), addressPattern),
    '/etc/mail/virtual-aliases: address to targets, virtual(5). A domain that only they name is accepted, with these recipients and no others.',
  ),
  mapFiles: optional(
    mapFiles,
    'Maps that come from files on the machine that runs the program: for lists of more than a thousand entries. The lines of a file are what Postfix reads, e.g. `info@example.com app@example.com`; plans show those that change, and only these travel. Entries are judged by the rules of the property of the same name, which is then left out. See docs/maps.md. Default: none.',
  ),
  mainCf: optional(
    keyed(text(parameterValue), parameterName),
    'Further main.cf parameters, written to /etc/postfix/main.d/30_stack.cf.',
  ),
  serviceUserParameters: optional(
    distinct(text(serviceUserParameter)),
    "Parameters of main.cf that service users may set although they are the stack's, by name, e.g. relayhost; docs/parameters.md has what each costs. Default: none.",
  ),
  greylistDelaySeconds: optional(
    whole({ unit: 'seconds', min: 1, max: 3600 }),
    'How long an unknown sender is put off, in seconds. Default: 60.',
  ),
  neverGreylisted: optional(
    distinct(text(exemptClient), (client) => client.toLowerCase()),
    "Servers that need not pass greylisting: names, which stand for what is below them, too, addresses or networks. Takes the place of Debian's list and the role's; the lists of service users count besides. `[]`: every external server passes greylisting. Default: Debian's list and 21 large senders, see docs/antispam.md.",
  ),
  messageSizeLimit: optional(
    whole({ unit: 'bytes', min: 65_536, max: 1_073_741_824, fix: inBytes }),
    '`message_size_limit` in bytes, the same for Postfix, amavis and clamd. Default: 26214400 (25 MiB).',
  ),
  smtpdTlsChainFiles: optional(
    distinct(text(hostFile), (path) => path),
    '`smtpd_tls_chain_files`: files on the host with key and certificates, key first. Default: a self-signed certificate for the HELO name.',
  ),
  antispam: optional(
    oneOf(['policyd-weight', 'postscreen']),
    'Who asks the blocklists about a client of port 25: `policyd-weight`, which weighs HELO name and DNS too, or its successor `postscreen`, a part of Postfix that also refuses clients that talk before they are greeted. Debian 13 is the last release with policyd-weight. Default: policyd-weight.',
  ),
  dnsblSites: optional(
    distinct(text(blocklist), sameSite),
    'Blocklists as in `postscreen_dnsbl_sites`: `zone[=replies][*weight]`; weight 1 adds to what is known of a client, 2 refuses it. Default: bl.spamcop.net and psbl.surriel.com.',
  ),
  spam: optional(spamSettings, "SpamAssassin's points: what they lead to, and those of single rules. Default: Debian's."),
  quarantine: optional(
    group({
      maxMib: optional(
        whole({ unit: 'MiB', min: 1, max: 1_048_576 }),
        'Size on disk above which the oldest mails go, in MiB. Default: 1024.',
      ),
      maxAgeDays: optional(whole({ unit: 'days', min: 1, max: 3650 }), 'Age above which a mail goes, in days. Default: 30.'),
    }),
    'How much submitted spam and viruses are kept in /var/lib/amavis/virusmails. The oldest also go while less than a tenth of the disk is free. Default: 1024 MiB, 30 days.',
  ),
  clamavMirrors: optional(
    distinct(text(clamavMirror)),
    '`PrivateMirror` of freshclam: URLs or hosts to fetch virus signatures from. Default: database.clamav.net.',
  ),
  clamavTestSignatureOnly: optional(
    flag(),
    'Scan with the EICAR test signature and fetch no others, for tests without network. Default: false, mail is put off until the official signatures are there.',
  ),
  resolvers: optional(
    distinct(text(hostAddress), sameNetwork),
    'Addresses of the recursive resolvers in use on the host. Default: left as the host has them.',
  ),
  checks: optional(checkSettings, 'How often the checks on the host run, and their thresholds. Default: every 5 minutes.'),
  stateVolume: optional(
    group({
      volumeId: required(
        text(volumeId),
        'Id of the volume as its cloud knows it, e.g. vol-0123456789abcdef0, or a path below /dev.',
      ),
      mountPoint: optional(text(mountPoint), 'Default: /srv/mail.'),
    }),
    'Block device for what must outlive the instance: queue, greylist, SASL and virus databases. Default: the root disk.',
  ),
  metadataRootOnly: optional(
    flag(),
    "Closes the cloud's metadata service (169.254.169.254, fd00:ec2::254) to everybody on the host but root, since it hands out credentials. Default: false.",
  ),
}).check((context) => {
  for (const { path, message } of conflicts(context.value)) {
    context.issues.push({ code: 'custom', message, input: context.value, path: [...path] });
  }
});

export type RoleSettings = z.infer<typeof roleSettings>;
