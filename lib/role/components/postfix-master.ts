import { type Component, configFile, lines } from '../component';
import { LOGINS_SOCKET, PORTS } from '../paths';
import { SIGNER } from './dkim';
import { KNOWN_CLIENTS } from './known-clients';
import { usesPostscreen } from './postscreen';

/** What a mail passes on its way into the queue is done once: here, or after the filter. */
const CLEANUP_AFTER_FILTER = 'receive_override_options=no_address_mappings,no_header_body_checks';

/**
 * The limit is kept where mail comes in. What Postfix and the filter add to a mail of just that size, headers and the envelope in
 * the queue file, must not make it too large on its way.
 */
const UNLIMITED = 'message_size_limit=0';

/** Whatever the service users' fragments say (R14): a login on port 25 is a door for those who guess passwords. */
const NO_LOGIN = 'smtpd_sasl_auth_enable=no';

/** The class is declared here: a list of classes in main.cf is for those of the service users. */
const CLASSES = `{ smtpd_restriction_classes = ${KNOWN_CLIENTS} $main_smtpd_restriction_classes }`;

/** Dead or hung, mail is taken without it. */
const LOGINS_MILTER = `{ unix:${LOGINS_SOCKET}, connect_timeout=1s, command_timeout=3s, content_timeout=3s, default_action=accept }`;

const SUBMISSION_FILTER = `content_filter=smtp-amavis:[127.0.0.1]:${PORTS.filterSubmission}`;

/**
 * The services of master.cf. Nothing is chrooted: SASL, resolver and TLS files stay in one place, and systemd confines Postfix.
 * The gate adds one pipe transport for each service user (R20).
 */
export const postfixMaster: Component = ({ settings, capacity }) => ({
  directories: [{ path: '/etc/postfix/master.d', owner: 'root', group: 'root', mode: '0755' }],
  files: [
    configFile(
      '/etc/postfix/master.d/10_role.cf',
      lines(
        '# Written by the stack. service type private unpriv chroot wakeup maxproc command',
        '',
        '# Incoming mail (R14, R15): filtered in the dialogue, with one filter for each process.',
        ...incoming(usesPostscreen(settings), capacity.workers),
        '',
        '# Submission (R13, R16): with TLS and password, or from a known network; always spooled, filtered after the queue.',
        service('submission', 'inet', 'n', '-', 'smtpd', ['syslog_name=postfix/submission', ...SUBMISSION]),
        service('submissions', 'inet', 'n', '-', 'smtpd', [
          'syslog_name=postfix/submissions',
          'smtpd_tls_wrappermode=yes',
          ...SUBMISSION,
        ]),
        service(
          'pickup',
          'unix',
          'n',
          '1',
          'pickup',
          [SUBMISSION_FILTER, CLEANUP_AFTER_FILTER, `cleanup_service_name=${BY_SENDMAIL}`],
          '60',
        ),
        '# What sendmail hands over is held to the senders and limits of this host; the milter knows it by the name.',
        service(BY_SENDMAIL, 'unix', 'n', '0', 'cleanup', [
          UNLIMITED,
          'milter_macro_daemon_name=sendmail',
          `{ non_smtpd_milters = ${LOGINS_MILTER} }`,
        ]),
        '',
        '# To the filter and back. XFORWARD goes to the filter only.',
        service('smtp-amavis', 'unix', '-', '2', 'smtp', [
          'syslog_name=postfix/smtp-amavis',
          ...WAY_TO_THE_FILTER,
          'smtp_send_xforward_command=yes',
          'smtp_data_done_timeout=1200s',
          ...(settings.dkim ? READY_TO_BE_SIGNED : AS_IT_CAME),
          'max_use=20',
        ]),
        service(`127.0.0.1:${PORTS.reinjection}`, 'inet', 'n', '-', 'smtpd', [
          'syslog_name=postfix/reinjection',
          'content_filter=',
          ...FROM_THE_FILTER,
          ...FROM_FIELD_JUDGED,
          'receive_override_options=no_unknown_recipient_checks',
        ]),
        ...(settings.dkim ? SIGNING : []),
        '',
        '# Outgoing mail (R33): from the addresses that main.cf says.',
        service('smtp', 'unix', '-', '-', 'smtp', OUTGOING),
        service('relay', 'unix', '-', '-', 'smtp', ['syslog_name=postfix/relay', ...OUTGOING]),
        service('smtp4', 'unix', '-', '-', 'smtp', ['syslog_name=postfix/smtp4', 'inet_protocols=ipv4', HIDDEN_CLIENTS]),
        '',
        '# The machinery of Postfix.',
        machinery(settings.dkim !== undefined),
      ),
    ),
  ],
});

/** Port 25, or what postscreen hands its connections to: one process of postscreen serves all clients that wait. */
function incoming(postscreen: boolean, workers: string): string[] {
  const options = [`smtpd_proxy_filter=127.0.0.1:${PORTS.filterIncoming}`, NO_LOGIN, CLASSES];
  if (!postscreen) return [service('smtp', 'inet', 'n', workers, 'smtpd', options)];
  return [
    service('smtp', 'inet', 'n', '1', 'postscreen'),
    service('smtpd', 'pass', '-', workers, 'smtpd', options),
    service('dnsblog', 'unix', '-', '0', 'dnsblog'),
    service('tlsproxy', 'unix', '-', '0', 'tlsproxy'),
  ];
}

const BY_SENDMAIL = 'cleanup-local';

/** What main.cf says for port 25 and these ports differ in has a parameter of its own there, `submission_…`, so that fragments can set it. */
const SUBMISSION: readonly string[] = [
  'smtpd_tls_exclude_ciphers=$submission_tls_exclude_ciphers',
  'smtpd_sasl_auth_enable=yes',
  'smtpd_relay_restrictions=$submission_relay_restrictions',
  'smtpd_recipient_restrictions=$submission_recipient_restrictions',
  'smtpd_client_connection_count_limit=$submission_client_connection_count_limit',
  'smtpd_discard_ehlo_keywords=$submission_discard_ehlo_keywords',
  // Mail is taken at once (R16), also while DNS hangs: nothing here asks it.
  'smtpd_peername_lookup=no',
  // Bound to their senders.
  `{ smtpd_milters = ${LOGINS_MILTER} }`,
  SUBMISSION_FILTER,
  CLEANUP_AFTER_FILTER,
];

/** The filter is on this host and gets a mail as it is: what main.cf says of the way to other servers does not count. */
const WAY_TO_THE_FILTER: readonly string[] = [
  'smtp_tls_security_level=none',
  'smtp_tls_wrappermode=no',
  'smtp_tls_policy_maps=',
  'smtp_dns_support_level=disabled',
  'smtp_bind_address=',
  'smtp_bind_address6=',
  'smtp_sasl_auth_enable=no',
  'smtp_sender_dependent_authentication=no',
  'smtp_fallback_relay=',
  'smtp_generic_maps=',
  'smtp_header_checks=',
  'smtp_mime_header_checks=',
  'smtp_nested_header_checks=',
  'smtp_body_checks=',
  'smtp_reply_filter=',
  'smtp_discard_ehlo_keyword_address_maps=',
  'smtp_never_send_ehlo=no',
];

/** The filter must see, and hand on, lines as they came; they are cut where the mail leaves the host. */
const AS_IT_CAME: readonly string[] = ['smtp_discard_ehlo_keywords=', 'smtp_line_length_limit=0'];

/**
 * What would be done to a mail where it leaves the host is done before it is signed, or the signature would be broken there: text of 8 bits is
 * encoded, which a server without 8BITMIME asks for, and lines are cut at what SMTP allows.
 */
const READY_TO_BE_SIGNED: readonly string[] = [
  // To Postfix a server with SMTPUTF8 takes 8 bits, whatever it says.
  'smtp_discard_ehlo_keywords=8bitmime,smtputf8',
  'smtp_line_length_limit=998',
];

/** Through a connection that was open before its tables changed, OpenDKIM goes on with the old ones: with none, mail leaves unsigned. */
const ONE_MAIL_PER_CONNECTION: readonly string[] = ['smtp_connection_cache_on_demand=no', 'smtp_connection_cache_destinations='];

const FROM_THE_FILTER: readonly string[] = [
  'mynetworks=127.0.0.0/8',
  'smtpd_authorized_xforward_hosts=127.0.0.0/8',
  UNLIMITED,
  NO_LOGIN,
  'smtpd_client_connection_count_limit=0',
  'smtpd_client_event_limit_exceptions=127.0.0.0/8',
  'smtpd_discard_ehlo_keywords=silent-discard,etrn',
  'smtpd_upstream_proxy_protocol=',
  'local_header_rewrite_clients=permit_inet_interfaces',
  'smtpd_client_restrictions=',
  'smtpd_helo_restrictions=',
  'smtpd_sender_restrictions=',
  'smtpd_data_restrictions=',
  'smtpd_end_of_data_restrictions=',
  'smtpd_recipient_restrictions=permit_mynetworks,reject',
  'smtpd_relay_restrictions=permit_mynetworks,reject',
  'smtpd_tls_security_level=none',
];

/** Known networks on port 25: no milter sees the text there, but here the client still waits for an answer. */
const FROM_FIELD_JUDGED: readonly string[] = ['milter_macro_daemon_name=filtered', `{ smtpd_milters = ${LOGINS_MILTER} }`];

/** The queue's writer for mail of Postfix itself. */
const BY_POSTFIX = 'cleanup-own';

/**
 * Ways into the queue on which mail is signed. What comes from outside has no part in them: to the signer all mail is of this host, and
 * it would sign a forged one.
 */
const SIGNING: readonly string[] = [
  '',
  '# Signing (DKIM): what was submitted, after the filter; what known networks hand in on port 25, and bounces, after one more turn',
  '# through the queue.',
  service(`127.0.0.1:${PORTS.signing}`, 'inet', 'n', '-', 'smtpd', [
    'syslog_name=postfix/signing',
    'content_filter=',
    ...FROM_THE_FILTER,
    `{ smtpd_milters = ${SIGNER} }`,
    'receive_override_options=no_unknown_recipient_checks',
  ]),
  service(`127.0.0.1:${PORTS.unsigned}`, 'inet', 'n', '-', 'smtpd', [
    'syslog_name=postfix/unsigned',
    `content_filter=sign:[127.0.0.1]:${PORTS.signing}`,
    ...FROM_THE_FILTER,
    ...FROM_FIELD_JUDGED,
    'receive_override_options=no_unknown_recipient_checks,no_address_mappings,no_header_body_checks',
  ]),
  service('sign', 'unix', '-', '-', 'smtp', [
    'syslog_name=postfix/sign',
    ...WAY_TO_THE_FILTER,
    ...READY_TO_BE_SIGNED,
    ...ONE_MAIL_PER_CONNECTION,
  ]),
  service(BY_POSTFIX, 'unix', 'n', '0', 'cleanup', [
    UNLIMITED,
    // Of its own mail Postfix asks no content_filter.
    `{ header_checks = pcre:{{/^From:/ FILTER sign:[127.0.0.1]:${PORTS.signing}}} }`,
    'mime_header_checks=',
    'nested_header_checks=',
    'body_checks=',
  ]),
];

const OF_BOUNCES: readonly string[] = ['internal_mail_filter_classes=bounce', `cleanup_service_name=${BY_POSTFIX}`];

const HIDDEN_CLIENTS = 'smtp_header_checks=$outgoing_header_checks';

/** What every service that sends to others has. */
export const OUTGOING: readonly string[] = ['inet_protocols=$outgoing_inet_protocols', HIDDEN_CLIENTS];

/** A service of master.cf with its options, a line each. */
export function service(
  name: string,
  type: 'inet' | 'unix' | 'pass',
  isPrivate: string,
  maxproc: string,
  command: string,
  options: readonly string[] = [],
  wakeup = '-',
): string {
  const head = [name.padEnd(15), type, isPrivate, '-', 'n', wakeup, maxproc, command].join(' ');
  return [head, ...options.map((option) => `    -o ${option}`)].join('\n');
}

const machinery = (signs: boolean): readonly string[] => [
  service('cleanup', 'unix', 'n', '0', 'cleanup', [UNLIMITED]),
  service('qmgr', 'unix', 'n', '1', 'qmgr', [], '300'),
  service('tlsmgr', 'unix', '-', '1', 'tlsmgr', [], '1000?'),
  service('rewrite', 'unix', '-', '-', 'trivial-rewrite'),
  service('bounce', 'unix', '-', '0', 'bounce', signs ? OF_BOUNCES : []),
  service('defer', 'unix', '-', '0', 'bounce', signs ? OF_BOUNCES : []),
  service('trace', 'unix', '-', '0', 'bounce', signs ? OF_BOUNCES : []),
  service('verify', 'unix', '-', '1', 'verify'),
  service('flush', 'unix', 'n', '0', 'flush', [], '1000?'),
  service('proxymap', 'unix', '-', '-', 'proxymap'),
  service('proxywrite', 'unix', '-', '1', 'proxymap'),
  service('showq', 'unix', 'n', '-', 'showq'),
  service('error', 'unix', '-', '-', 'error'),
  service('retry', 'unix', '-', '-', 'error'),
  service('discard', 'unix', '-', '-', 'discard'),
  'local           unix - n n - - local',
  'virtual         unix - n n - - virtual',
  service('lmtp', 'unix', '-', '-', 'lmtp'),
  service('anvil', 'unix', '-', '1', 'anvil'),
  service('scache', 'unix', '-', '1', 'scache'),
  'postlog         unix-dgram n - n - 1 postlogd',
];
