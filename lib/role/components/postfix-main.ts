import { type Component, configFile, lines, serviceFile } from '../component';
import { compiledMap, GATE_CURRENT, HELO_NAME_FILE, KNOWN_CLIENTS_SOCKET, MAIN_D, PORTS } from '../paths';
import type { RoleSettings } from '../settings';
import { KNOWN_CLIENTS } from './known-clients';
import { OWN_SENDERS } from './own-senders';
import { DIRECT_TRANSPORTS, paceParameters } from './pace';
import { parameter } from './parameter';
import { postscreenParameters, usesPostscreen } from './postscreen';
import { relayParameters, relayTransports } from './relay';
import { saslParameters } from './sasl';
import { tlsParameters } from './tls';

/** 25 MiB, what most receivers take. */
const DEFAULT_MESSAGE_SIZE_LIMIT = 25 * 1024 * 1024;

/** Bytes of the largest mail; one figure for Postfix, amavis and clamd. */
export function messageSizeLimit(settings: { readonly messageSizeLimit?: number }): number {
  return settings.messageSizeLimit ?? DEFAULT_MESSAGE_SIZE_LIMIT;
}

/**
 * The fragments of main.cf (R9 to R12, R17). The gate puts them together in the order of their names, later ones win:
 * 10 is the role's, 30 the stack's own parameters, 40 belongs to the service users, who may add more.
 */
export const postfixMain: Component = ({ settings, capacity }) => ({
  // Everybody in the group adds files; nobody takes away or renames those of others, such as the role's.
  directories: [{ path: MAIN_D, owner: 'root', group: 'service', mode: '3775' }],
  files: [
    configFile(HELO_NAME_FILE, `${settings.heloName}\n`),
    configFile('/etc/mailname', `${settings.heloName}\n`),
    configFile(
      `${MAIN_D}/10_role.cf`,
      lines(
        '# Written by the stack; change it there. Own parameters belong in 40_local.cf.',
        'compatibility_level = 3.10',
        '',
        '# Who this host is: the HELO name, the same in A record, PTR and MX.',
        `myhostname = ${HELO_NAME_FILE}`,
        'myorigin = $myhostname',
        parameter('mydestination', ['$myhostname', 'localhost']),
        parameter('proxy_interfaces', settings.proxyAddresses ?? []),
        'inet_interfaces = all',
        'inet_protocols = all',
        'smtpd_banner = $myhostname ESMTP',
        '',
        '# Who may send without a password.',
        parameter('mynetworks', ['127.0.0.0/8', '[::1]/128', `cidr:${GATE_CURRENT}/maps/external-networks`]),
        '',
        ...outgoingParameters(settings),
        '',
        ...relayParameters(settings),
        '# What is accepted, and where it goes. The maps of the service users come first.',
        '# Only in access maps does a domain stand for its subdomains: where mail is accepted each is named, or all of them as .DOMAIN,',
        '# or strangers could relay to every name below a mail domain.',
        'parent_domain_matches_subdomains = smtpd_access_maps',
        parameter('relay_domains', [compiledMap('relay-domains'), compiledMap('stack-relay-domains')]),
        parameter('transport_maps', [compiledMap('transport'), compiledMap('stack-transport'), ...relayTransports(settings)]),
        parameter('virtual_alias_maps', [compiledMap('virtual-aliases')]),
        parameter('virtual_alias_domains', ['$virtual_alias_maps', compiledMap('stack-virtual-domains')]),
        parameter('canonical_maps', [compiledMap('canonical'), `pcre:${GATE_CURRENT}/maps/canonical.pcre`]),
        parameter('alias_maps', [
          compiledMap('local-aliases'),
          compiledMap('aliases'),
          compiledMap('stack-aliases'),
          compiledMap('owners'),
        ]),
        'alias_database =',
        '# Of the accounts of this host only root and service users have a mailbox. Whoever else is to get mail has an alias, if only to himself.',
        parameter('local_recipient_maps', [compiledMap('mailboxes'), '$alias_maps']),
        '# Mail is sent on by aliases only, which are judged before they count: nothing that a ~/.forward names would be.',
        'forward_path =',
        'recipient_delimiter = +',
        'mailbox_size_limit = 0',
        'biff = no',
        '',
        '# In the dialogue. An unknown recipient and a relay attempt are refused before anything else is asked; the first decision',
        '# of the access maps counts, an OK there skips blocklists and greylisting but never permits relaying.',
        'smtpd_helo_required = yes',
        'disable_vrfy_command = yes',
        'smtpd_etrn_restrictions = reject',
        '# A stranger could have notifications of success (dsn) sent to whomever he names as the sender.',
        'smtpd_discard_ehlo_keywords = silent-discard, etrn, dsn',
        ...(settings.dkim ? ['# Text is encoded before it is signed, which addresses beyond ASCII do not allow.'] : []),
        `submission_discard_ehlo_keywords = silent-discard, etrn${settings.dkim ? ', smtputf8' : ''}`,
        'local_header_rewrite_clients = permit_mynetworks, permit_sasl_authenticated',
        '# Who sends without a password is held to senders and limits, also here. Of the map each network leads to this class; nobody else does.',
        parameter(KNOWN_CLIENTS, [
          `check_policy_service { unix:${KNOWN_CLIENTS_SOCKET}, timeout=3s, try_limit=1, default_action=DUNNO }`,
          'permit_mynetworks',
        ]),
        parameter('smtpd_relay_restrictions', [
          `check_client_access cidr:${GATE_CURRENT}/maps/known-clients`,
          'permit_mynetworks',
          'permit_sasl_authenticated',
          'reject_unauth_destination',
        ]),
        parameter('smtpd_recipient_restrictions', [
          'reject_non_fqdn_recipient',
          'reject_unlisted_recipient',
          ...ACCESS_MAPS,
          'permit_mynetworks',
          'permit_sasl_authenticated',
          'reject_non_fqdn_sender',
          `check_sender_access pcre:${GATE_CURRENT}/maps/${OWN_SENDERS}`,
          'reject_unknown_sender_domain',
          `check_recipient_access ${compiledMap('verify-recipients')}`,
          `check_recipient_access ${compiledMap('stack-verify-recipients')}`,
          `check_recipient_access ${compiledMap('verify-aliases')}`,
          ...(usesPostscreen(settings) ? [] : [policyService(PORTS.policydWeight)]),
          policyService(PORTS.postgrey),
        ]),
        parameter('submission_relay_restrictions', ['permit_mynetworks', 'permit_sasl_authenticated', 'reject']),
        parameter('submission_recipient_restrictions', [
          'reject_non_fqdn_recipient',
          'reject_unlisted_recipient',
          ...ACCESS_MAPS,
        ]),
        parameter('smtpd_data_restrictions', ['reject_unauth_pipelining']),
        'smtpd_policy_service_max_idle = 120s',
        'smtpd_policy_service_timeout = 20s',
        'smtpd_forbid_bare_newline = normalize',
        'smtpd_forbid_unauth_pipelining = yes',
        'unverified_recipient_reject_code = 550',
        '# In memory: what a next hop said of a recipient is asked again after a restart, and needs no database.',
        'address_verify_map =',
        'address_verify_poll_delay = 1s',
        'address_verify_poll_count = ${stress?{1}:{8}}',
        `smtpd_client_connection_count_limit = ${capacity.connectionsPerClient}`,
        'submission_client_connection_count_limit = 50',
        '# For the filter of port 25.',
        'smtpd_proxy_options = speed_adjust',
        'smtpd_proxy_timeout = 180s',
        `message_size_limit = ${messageSizeLimit(settings)}`,
        '',
        ...(usesPostscreen(settings) ? [...postscreenParameters(settings), ''] : []),
        tlsParameters(settings),
        '',
        saslParameters(),
      ),
    ),
    configFile(
      `${MAIN_D}/30_stack.cf`,
      lines(
        '# Parameters of the stack (`mainCf`).',
        Object.entries(settings.mainCf ?? {}).map(([name, value]) => `${name} = ${value}`),
      ),
    ),
    ...extraParameters(settings),
  ],
  seeds: [
    serviceFile(
      `${MAIN_D}/40_local.cf`,
      lines(
        '# Own parameters of main.cf. Takes effect with: sudo /etc/init.d/postfix reload',
        '# Further files NN_NAME.cf may be put next to this one; of two settings of one parameter the later file wins.',
      ),
    ),
  ],
});

/**
 * Where outgoing mail leaves from (R33). Without an IPv6 address to bind it leaves over IPv4 only: large receivers refuse IPv6 without a
 * matching PTR (R32). The gate sets `main_NAME` to what counts for NAME, for services that have a NAME of their own.
 */
function outgoingParameters({ bindIpv4 = '', bindIpv6 = '', outgoingPace = {} }: RoleSettings): string[] {
  // During a slow start and after it, the host itself writes the pause.
  const pace = outgoingPace.warmUp === undefined ? outgoingPace : { connections: outgoingPace.connections };
  return [
    '# Outgoing mail: from these addresses and no others; over IPv6 only where there is one for it.',
    `smtp_bind_address = ${bindIpv4}`.trimEnd(),
    `smtp_bind_address6 = ${bindIpv6}`.trimEnd(),
    'smtp_bind_address_enforce = yes',
    'lmtp_bind_address_enforce = yes',
    '# Other servers see nothing of who submitted a mail here.',
    parameter('outgoing_header_checks', [`pcre:${GATE_CURRENT}/maps/hidden-clients.pcre`, '$main_smtp_header_checks']),
    'outgoing_inet_protocols = ${smtp_bind_address6?{$main_inet_protocols}:{ipv4}}',
    ...DIRECT_TRANSPORTS.flatMap((transport) => paceParameters(transport, pace)),
  ];
}

/** Names that the gate lets service users set although they are the stack's (postfix-parameters.json). */
function extraParameters({ serviceUserParameters = [] }: RoleSettings) {
  return serviceUserParameters.length > 0
    ? [configFile('/etc/postfix/service-user-parameters', lines(...serviceUserParameters))]
    : [];
}

/** Checked on all ports (R8), so that a client, sender or recipient that is refused on one cannot take another. */
const ACCESS_MAPS: readonly string[] = [
  `check_client_access ${compiledMap('access-client')}`,
  `check_helo_access ${compiledMap('access-helo')}`,
  `check_sender_access ${compiledMap('access-sender')}`,
  `check_recipient_access ${compiledMap('access-recipient')}`,
];

/** A policy service whose death does not stop mail. */
function policyService(port: number): string {
  return `check_policy_service { inet:127.0.0.1:${port}, timeout=20s, default_action=DUNNO }`;
}
