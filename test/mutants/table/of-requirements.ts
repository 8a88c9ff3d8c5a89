import type { HostMutant, Killer } from '../mutant';

const ROLE = '/etc/postfix/main.d/10_role.cf';
const MASTER = '/etc/postfix/master.d/10_role.cf';
const AMAVIS = '/etc/amavis/conf.d/50-user';
const POSTGREY = '/etc/default/postgrey';
const SUDOERS = '/etc/sudoers.d/mailserver';
const PROGRAMS = '/usr/lib/mailserver';
const GATE = `${PROGRAMS}/postfix-gate`;

const by =
  (name: string) =>
  (title: string, row?: string): Killer => ({ file: `test/e2e/requirements/${name}.ts`, title, row });
const changes = by('changes');
const configured = by('configured');
const delivery = by('delivery');
const filters = by('filters');
const incoming = by('incoming');
const maps = by('maps');
const outgoing = by('outgoing');
const policy = by('policy');
const recipients = by('recipients');
const scanning = by('scanning');
const smuggling = by('smuggling');
const submission = by('submission');
const sudo = by('sudo');

const GRAPH = `${PROGRAMS}/postfix-rules/recipient_graph.py`;
const NOBODY = 'R23: nobody has %s, and it is refused at RCPT: %s';
const NOTHING_COMES_BACK = recipients('R23: what was taken never comes back to whomever a stranger named as the sender');
const GREYLISTS = policy('R35: the lists of the service users count, and those that are shipped');

const TAKEN_AT_ONCE = submission(
  'R16: ports 587 and 465 take mail in less than a second while filters, policy services and DNS are %s',
  'are hung',
);

/** One alteration of one file. */
const change = (file: string, from: string, to: string) => ({ alterations: [{ file, from, to }] });

/** Killed by the tests of test/e2e/requirements.test.ts. */
export const mutantsOfRequirements: readonly HostMutant[] = [
  // Components.
  {
    of: ['R1', '2021/r016'],
    what: 'mail that was put off goes back at once',
    ...change(ROLE, 'biff = no', 'biff = no\nmaximal_queue_lifetime = 0'),
    killedBy: [outgoing('R1: a temporary refusal of the next server is tried again and never becomes a bounce')],
  },
  {
    of: ['R1', '2015/r035'],
    what: 'smtp4 uses IPv6, too',
    ...change(MASTER, '    -o inet_protocols=ipv4\n', ''),
    killedBy: [configured('R1: the transport smtp4 uses IPv4, and nothing else where there is none')],
  },
  {
    of: ['R1', '2012/r022'],
    what: 'other servers are sent XFORWARD',
    ...change(
      MASTER,
      'smtp            unix - - n - - smtp\n',
      'smtp            unix - - n - - smtp\n    -o smtp_send_xforward_command=yes\n',
    ),
    killedBy: [
      outgoing(
        'R1, R30: mail leaves with the HELO name, from the address of the host, and tells other servers nothing of its clients',
      ),
    ],
  },
  {
    of: ['R30', '2026/r003'],
    what: 'another name is sent in HELO',
    ...change(
      MASTER,
      'smtp            unix - - n - - smtp\n',
      'smtp            unix - - n - - smtp\n    -o smtp_helo_name=localhost.test\n',
    ),
    killedBy: [
      outgoing(
        'R1, R30: mail leaves with the HELO name, from the address of the host, and tells other servers nothing of its clients',
      ),
    ],
  },
  {
    of: ['R1'],
    what: 'a permanent refusal counts as one for the moment',
    ...change(ROLE, 'biff = no', 'biff = no\nsoft_bounce = yes'),
    killedBy: [outgoing('R1: a permanent refusal of the next server is reported to the sender')],
  },
  {
    of: ['R1'],
    what: 'other servers see who submitted a mail',
    ...change(MASTER, '    -o smtp_header_checks=$outgoing_header_checks\n', ''),
    killedBy: [
      outgoing('R1: other servers see nothing of who submitted a mail on port %i, and who is here sees all'),
      outgoing('R1: other servers see nothing of the user and the program that sent a mail on the host'),
      configured('R1, R19: other servers see nothing of a known network, and all of a stranger whose mail is forwarded'),
    ],
  },
  {
    of: ['R2', '2024/r004'],
    what: 'a bare line feed ends a line of SMTP',
    ...change(ROLE, 'smtpd_forbid_bare_newline = normalize', 'smtpd_forbid_bare_newline = no'),
    killedBy: [smuggling('R2: nothing is smuggled into port 25 behind %s', 'LF . CR LF')],
  },
  {
    of: ['R2'],
    what: 'clients may talk before it is their turn',
    ...change(ROLE, 'smtpd_forbid_unauth_pipelining = yes', 'smtpd_forbid_unauth_pipelining = no'),
    killedBy: [smuggling('R2: a client that talks before it is asked is hung up on')],
  },
  {
    of: ['R2'],
    what: 'anybody may ask who is there',
    ...change(ROLE, 'disable_vrfy_command = yes', 'disable_vrfy_command = no'),
    killedBy: [incoming('R2: port 25 refuses %s', 'VRFY')],
  },
  {
    of: ['R2', '2014/r058'],
    what: 'strangers may name the way of their mail',
    ...change(ROLE, 'biff = no', 'biff = no\nallow_untrusted_routing = yes'),
    killedBy: [incoming('R2: port 25 is not an open relay for %s', 'somebody%receiver.test@example.test')],
  },
  {
    of: ['R2', '2013/r008'],
    what: 'a map that is gone stays away',
    alterations: [{ unmanaged: '/etc/mail/transport' }],
    killedBy: [changes('R2: an installation of which half is gone is made whole by the next apply')],
  },
  {
    of: ['R3'],
    what: 'whatever a list answers counts',
    ...change('/etc/policyd-weight.conf', '(grep { $_ =~ $replies{$list} } @answers)', '@answers'),
    killedBy: [policy('R3: a client on a blocklist is refused, one that the list does not want to judge is not')],
  },
  {
    of: ['R4'],
    what: 'mail waits for a dead postgrey',
    ...change(ROLE, '127.0.0.1:10023, timeout=20s, default_action=DUNNO', '127.0.0.1:10023, timeout=20s, default_action=DEFER'),
    killedBy: [policy('R3, R4: mail flows while both policy services are dead')],
  },
  {
    of: ['R5', '2012/r007 One client'],
    what: 'one client gets every process',
    ...change(ROLE, 'smtpd_client_connection_count_limit = 8', 'smtpd_client_connection_count_limit = 16'),
    killedBy: [
      incoming('R5: one client gets half of the workers, sends through all of them at once, and leaves the others to the rest'),
    ],
  },
  {
    of: ['R5', '2012/r039'],
    what: 'one client gets three processes',
    ...change(ROLE, 'smtpd_client_connection_count_limit = 8', 'smtpd_client_connection_count_limit = 3'),
    killedBy: [
      incoming('R5: one client gets half of the workers, sends through all of them at once, and leaves the others to the rest'),
    ],
  },
  {
    of: ['R5', '2012/r005 The number'],
    what: 'there are two filters on every machine',
    ...change(AMAVIS, '$max_servers = 16;', '$max_servers = 2;'),
    killedBy: [incoming('R5: has one filter for each smtpd of port 25')],
  },
  {
    of: ['R5', '2019/r020'],
    what: 'the way back from the filter takes TLS',
    ...change(
      MASTER,
      '    -o smtpd_tls_security_level=none\n    -o milter_macro_daemon_name=filtered\n',
      '    -o smtpd_tls_security_level=may\n    -o milter_macro_daemon_name=filtered\n',
    ),
    killedBy: [filters('R5: the way back from the filter takes no TLS and no stranger')],
  },
  {
    of: ['R5', '2020/r004'],
    what: 'attachments are judged by their names',
    alterations: [
      { file: AMAVIS, from: '@bypass_banned_checks_maps = (1);', to: '@bypass_banned_checks_maps = ();' },
      { file: AMAVIS, from: '@banned_filename_maps = ();', to: "@banned_filename_maps = (new_RE(qr'[.](exe|docm)$'i));" },
      { file: AMAVIS, from: '$final_banned_destiny = D_PASS;', to: '$final_banned_destiny = D_REJECT;' },
    ],
    killedBy: [filters('R5: an office document with macros and a program pass, names and types are not judged')],
  },
  {
    of: ['R5', '2015/r028'],
    what: 'mail of port 25 comes back by the way of submission',
    alterations: [
      {
        file: AMAVIS,
        from: "$forward_method = 'smtp:[127.0.0.1]:10025';\n$notify_method = 'smtp:[127.0.0.1]:10025';",
        to: "$forward_method = 'smtp:[127.0.0.1]:587';\n$notify_method = 'smtp:[127.0.0.1]:10025';",
      },
      { file: AMAVIS, from: '  originating => 1,', to: "  originating => 1, forward_method => 'smtp:[127.0.0.1]:10025'," },
    ],
    killedBy: [configured('R5: a mail is scanned once, however many people a list of the host sends it on to')],
  },
  {
    of: ['R5', '2015/r002'],
    what: 'amavis is restarted with the scanner',
    ...change(
      '/etc/systemd/system/amavis.service.d/mailserver.conf',
      '[Service]',
      '[Unit]\nPartOf=clamav-daemon.service\n[Service]',
    ),
    killedBy: [changes('R5: a restart of scanner and policy services leaves amavis and Postfix alone, and refuses no mail')],
  },
  {
    of: ['R5'],
    what: 'the filter changes subjects',
    ...change(
      AMAVIS,
      '%subject_tag_maps_by_ccat = ();',
      "$sa_spam_subject_tag = '***SPAM*** '; @spam_subject_tag_maps = ('[seen] '); %subject_tag_maps_by_ccat = (CC_CLEAN, ['[seen] '], CC_UNCHECKED, ['[seen] '], CC_CATCHALL, ['[seen] ']);",
    ),
    killedBy: [scanning('R5: a mail is not changed on its way, but for header fields that the host puts before it')],
  },
  {
    of: ['R6'],
    what: 'spam passes',
    ...change(AMAVIS, '$final_spam_destiny = D_REJECT;', '$final_spam_destiny = D_PASS;'),
    killedBy: [filters('R6: spam is refused in the dialogue for all recipients at once, and nobody gets a bounce')],
  },
  {
    of: ['R6', '2015/r024'],
    what: 'rules are updated once in this century',
    ...change('/etc/systemd/system/mailserver-rules.timer', 'OnCalendar=*-*-* 6:00', 'OnCalendar=2099-01-01 6:00'),
    killedBy: [filters('R6: rules are updated daily, by a timer that survives a reboot; no daemon of SpamAssassin runs')],
  },

  // Configuration.
  {
    of: ['R7'],
    what: 'the aliases of the stack overrule those of the service users',
    ...change(
      ROLE,
      'alias_maps =\n    cdb:/var/lib/mailserver/postfix/current/maps/local-aliases,\n    cdb:/var/lib/mailserver/postfix/current/maps/aliases,\n    cdb:/var/lib/mailserver/postfix/current/maps/stack-aliases',
      'alias_maps =\n    cdb:/var/lib/mailserver/postfix/current/maps/stack-aliases,\n    cdb:/var/lib/mailserver/postfix/current/maps/aliases,\n    cdb:/var/lib/mailserver/postfix/current/maps/local-aliases',
    ),
    killedBy: [configured('R7: local-aliases overrules the aliases of the system, and what points to them follows')],
  },
  {
    of: ['R7', 'R8'],
    what: 'aliases may go round in a circle',
    ...change(GRAPH, 'self.add(nodes, f"{what}: {way}")', 'pass'),
    killedBy: [
      recipients(
        'R7, R8: what goes round in a circle, is too much or leads nowhere is refused with its place, and the state stays',
      ),
    ],
  },
  {
    of: ['R7', 'R8'],
    what: 'aliases may lead nowhere',
    ...change(GRAPH, 'if why is None:\n            return', 'return'),
    killedBy: [
      recipients(
        'R7, R8: what goes round in a circle, is too much or leads nowhere is refused with its place, and the state stays',
      ),
    ],
  },
  {
    of: ['R8', '2012/r033'],
    what: 'submission does not obey the map of senders',
    ...change(
      ROLE,
      'submission_recipient_restrictions =\n    reject_non_fqdn_recipient,\n    reject_unlisted_recipient,\n    check_client_access cdb:/var/lib/mailserver/postfix/current/maps/access-client,\n    check_helo_access cdb:/var/lib/mailserver/postfix/current/maps/access-helo,\n    check_sender_access cdb:/var/lib/mailserver/postfix/current/maps/access-sender,',
      'submission_recipient_restrictions =\n    reject_non_fqdn_recipient,\n    reject_unlisted_recipient,\n    check_client_access cdb:/var/lib/mailserver/postfix/current/maps/access-client,\n    check_helo_access cdb:/var/lib/mailserver/postfix/current/maps/access-helo,',
    ),
    killedBy: [configured('R8: a REJECT in the access maps counts on ports 25, 587 and 465')],
  },
  {
    of: ['R8', '2014/r058'],
    what: 'an OK in a map of the service users opens a relay',
    ...change(
      ROLE,
      '    permit_mynetworks,\n    permit_sasl_authenticated,\n    reject_unauth_destination\nsmtpd_recipient_restrictions =',
      '    permit_mynetworks,\n    check_client_access cdb:/var/lib/mailserver/postfix/current/maps/access-client,\n    permit_sasl_authenticated,\n    reject_unauth_destination\nsmtpd_recipient_restrictions =',
    ),
    killedBy: [configured('R8: an OK in the access maps never opens a relay')],
  },
  {
    of: ['R8', '2013/r012'],
    what: 'nobody can let a client in',
    ...change(
      ROLE,
      'smtpd_recipient_restrictions =\n    reject_non_fqdn_recipient,\n    reject_unlisted_recipient,\n    check_client_access cdb:/var/lib/mailserver/postfix/current/maps/access-client,',
      'smtpd_recipient_restrictions =\n    reject_non_fqdn_recipient,\n    reject_unlisted_recipient,',
    ),
    killedBy: [configured('R8: an OK in access-client spares a client blocklists, DNS and greylisting')],
  },
  {
    of: ['R8', '2013/r012'],
    what: 'whoever was let in has to have a domain that DNS knows',
    ...change(
      ROLE,
      'smtpd_recipient_restrictions =\n    reject_non_fqdn_recipient,',
      'smtpd_recipient_restrictions =\n    reject_unknown_sender_domain,\n    reject_non_fqdn_recipient,',
    ),
    killedBy: [configured('R8: an OK in access-client spares a client blocklists, DNS and greylisting')],
  },
  {
    of: ['R8'],
    what: 'canonical.pcre is not read',
    ...change(ROLE, ',\n    pcre:/var/lib/mailserver/postfix/current/maps/canonical.pcre', ''),
    killedBy: [
      configured('R8: addresses are rewritten by canonical and canonical.pcre'),
      maps('R8: all eleven maps are there and compiled from the first moment on'),
    ],
  },
  {
    of: ['R9'],
    what: 'the banner is that of the stack for ever',
    ...change(ROLE, 'smtpd_banner = $myhostname ESMTP', 'smtpd_banner = mail.example.test ESMTP'),
    killedBy: [
      maps('R9: the name in /etc/postfix/myhostname is what banner, HELO, filter, mailname, certificate and checks say'),
    ],
  },
  {
    of: ['R11', '2013/r001'],
    what: 'the role has the last word on port 25',
    ...change(
      MASTER,
      '    -o smtpd_proxy_filter=127.0.0.1:10024\n',
      '    -o smtpd_proxy_filter=127.0.0.1:10024\n    -o { smtpd_banner = $myhostname ESMTP }\n',
    ),
    killedBy: [configured('R11: a parameter in 40_local.cf counts over the role')],
  },
  {
    of: ['R11'],
    what: 'a reload says nothing of services with a value of their own',
    ...change(`${PROGRAMS}/postfix-fragments`, '        note(f"{candidate.place(each)}: {text}")\n', '        pass\n'),
    killedBy: [configured('R11: a reload says where a parameter does not count, and why')],
  },
  {
    of: ['R11'],
    what: 'outgoing mail knows no table of the service users',
    ...change(
      MASTER,
      '    -o smtp_header_checks=$outgoing_header_checks\n',
      '    -o smtp_header_checks=$outgoing_header_checks\n    -o smtp_generic_maps=\n',
    ),
    killedBy: [configured('R11: a table in /etc/postfix/tables counts for outgoing mail, and one with a mistake is refused')],
  },
  {
    of: ['R11', 'R33'],
    what: 'one of the transports has its own address',
    ...change(
      MASTER,
      '    -o syslog_name=postfix/relay\n',
      '    -o syslog_name=postfix/relay\n    -o smtp_bind_address=198.51.100.68\n',
    ),
    killedBy: [configured('R11, R33: mail leaves from the addresses in 40_local.cf, whatever transport it takes')],
  },

  // Sending mail from applications.
  {
    of: ['R13'],
    what: 'submission takes mail for this host from everybody',
    ...change(
      ROLE,
      'submission_relay_restrictions =\n    permit_mynetworks,\n    permit_sasl_authenticated,\n    reject\n',
      'submission_relay_restrictions =\n    permit_mynetworks,\n    permit_sasl_authenticated,\n    reject_unauth_destination\n',
    ),
    killedBy: [submission('R13: port %i takes mail of everybody who logged in, and of nobody else')],
  },
  {
    of: ['R14'],
    what: 'port 25 offers a login when main.cf does',
    ...change(
      MASTER,
      '    -o smtpd_proxy_filter=127.0.0.1:10024\n    -o smtpd_sasl_auth_enable=no\n',
      '    -o smtpd_proxy_filter=127.0.0.1:10024\n',
    ),
    killedBy: [configured('R14: port 25 offers no login, even if 40_local.cf switches it on for all ports')],
  },
  {
    of: ['R15', '2012/r008'],
    what: 'amavis takes smaller mails than Postfix',
    ...change(AMAVIS, '$smtpd_message_size_limit = ', '$smtpd_message_size_limit = 1000000; #'),
    killedBy: [filters('R15: a mail of message_size_limit passes the filters on port 25')],
  },
  {
    of: ['R15', '2012/r038'],
    what: 'a failure of DNS refuses mail for good',
    ...change(
      ROLE,
      'unverified_recipient_reject_code = 550',
      'unverified_recipient_reject_code = 550\nunknown_address_tempfail_action = reject',
    ),
    killedBy: [policy('R15: a failure of DNS puts mail off on port 25 and loses none')],
  },
  {
    of: ['R15'],
    what: 'senders are not looked for in DNS',
    ...change(ROLE, '    reject_unknown_sender_domain,\n', ''),
    killedBy: [policy('R15: a failure of DNS puts mail off on port 25 and loses none')],
  },
  {
    of: ['R16'],
    what: 'what is submitted is not filtered',
    ...change(
      MASTER,
      'default_action=accept } }\n    -o content_filter=smtp-amavis:[127.0.0.1]:10026\n',
      'default_action=accept } }\n',
    ),
    killedBy: [filters('R16: spam and viruses that were submitted are kept, and neither sent nor bounced')],
  },
  {
    of: ['R16'],
    what: 'ports 587 and 465 ask a policy service',
    ...change(
      MASTER,
      '-o smtpd_recipient_restrictions=$submission_recipient_restrictions\n',
      '-o smtpd_recipient_restrictions=check_policy_service,inet:127.0.0.1:10023,permit\n',
    ),
    killedBy: [TAKEN_AT_ONCE],
  },
  {
    of: ['R16'],
    what: 'ports 587 and 465 look up the name of the client in DNS',
    ...change(MASTER, '    -o smtpd_peername_lookup=no\n', ''),
    killedBy: [TAKEN_AT_ONCE],
  },
  {
    of: ['R16', '2024/r020'],
    what: 'a resolver that nobody has chosen is asked, too',
    ...change('/etc/resolv.conf', 'options edns0', 'nameserver 198.51.100.53\noptions edns0'),
    killedBy: [outgoing('R16: the resolvers of the stack are those in use, and nothing rewrites them')],
  },
  {
    of: ['R17'],
    what: 'localhost is known over IPv4 only',
    ...change(ROLE, '    [::1]/128,\n', ''),
    killedBy: [submission('R17: localhost needs no login and no TLS, over IPv4 and IPv6')],
  },
  {
    of: ['R18'],
    what: 'a login is offered in clear text',
    ...change(ROLE, 'smtpd_tls_auth_only = yes', 'smtpd_tls_auth_only = no'),
    killedBy: [submission('R18: a login is offered inside TLS only, by PLAIN and LOGIN only')],
  },
  {
    of: ['R18'],
    what: 'a login that hides the password is offered, too',
    ...change('/etc/postfix/sasl/smtpd.conf', 'mech_list: PLAIN LOGIN', 'mech_list: PLAIN LOGIN CRAM-MD5'),
    killedBy: [submission('R18: a login is offered inside TLS only, by PLAIN and LOGIN only')],
  },
  {
    of: ['R18'],
    what: 'users stay who were deleted',
    ...change('/usr/local/sbin/saslpasswd2', 'case $options in *-[dp]*)', 'case $options in *-d*) exit 0 ;; *-p*)'),
    killedBy: [submission('R18: a user who was deleted cannot log in any more')],
  },
  {
    of: ['R18'],
    what: 'a user name cannot be an address',
    ...change('/usr/local/sbin/saslpasswd2', '    realm=${1#*@}\n', '    realm=$realm\n'),
    killedBy: [submission('R18: a user name may be a whole address, which is another user than the name alone')],
  },
  {
    of: ['R19'],
    what: 'external networks are not read',
    ...change(ROLE, '[::1]/128,\n    cidr:/var/lib/mailserver/postfix/current/maps/external-networks', '[::1]/128'),
    killedBy: [configured('R19: external networks send without a login, IPv6 as people write it, and nobody else does')],
  },
  {
    of: ['R19', '2016/r029'],
    what: 'IPv6 among the external networks is passed over',
    ...change(
      `${PROGRAMS}/postfix-maps`,
      'yield f"{network} OK"',
      'yield from [f"{network} OK"] if network.version == 4 else []',
    ),
    killedBy: [configured('R19: external networks send without a login, IPv6 as people write it, and nobody else does')],
  },

  // Forwarding mail to applications.
  {
    of: ['R20', '2013/r027'],
    what: 'only accounts of the stack have a transport',
    ...change(GATE, '      echo "user-$name unix', '      [ "$name" != guest ] || continue\n      echo "user-$name unix'),
    killedBy: [configured('R20: a member of the group service has a transport, and has none when the user is gone')],
  },
  {
    of: ['R21'],
    what: 'mail goes back when the script is killed',
    ...change(`${PROGRAMS}/deliver`, 'killed (exit $code)"\n    exit 75', 'killed (exit $code)"\n    exit 1'),
    killedBy: [delivery('R21: mail waits while the script %s', 'is killed')],
  },
  {
    of: ['R21'],
    what: 'mail waits whatever the script says',
    ...change(`${PROGRAMS}/deliver`, 'exit $code', '[ $code = 0 ] || exit 75'),
    killedBy: [delivery('R21: with exit code %i mail goes back, with what the script said', 'code 1 ')],
  },
  {
    of: ['R22'],
    what: '@domain is not the name of a domain',
    ...change(`${PROGRAMS}/postfix-maps`, 'yield f"{key.removeprefix(\'@\')} {value}"', 'yield f"{key} {value}"'),
    killedBy: [configured('R22: a domain with an @ in front, as the documentation had it, is taken for the domain')],
  },
  {
    of: ['R23', '2015/r027'],
    what: 'mail for anybody is taken, and bounced',
    ...change(
      ROLE,
      'local_recipient_maps =\n    cdb:/var/lib/mailserver/postfix/current/maps/mailboxes,\n    $alias_maps',
      'local_recipient_maps =',
    ),
    killedBy: [incoming('R23: an unknown recipient is refused at RCPT, and nobody gets a bounce')],
  },
  {
    of: ['R23', '2015/r027'],
    what: 'every account of the host has a mailbox',
    ...change(ROLE, 'cdb:/var/lib/mailserver/postfix/current/maps/mailboxes,\n', 'proxy:unix:passwd.byname,\n'),
    killedBy: [recipients(NOBODY, 'an account that is not a mailbox')],
  },
  {
    of: ['R23'],
    what: 'nobody asks whether the target of an alias is there',
    ...change(ROLE, '    check_recipient_access cdb:/var/lib/mailserver/postfix/current/maps/verify-aliases,\n', ''),
    killedBy: [recipients(NOBODY, 'that another server does not have')],
  },
  {
    of: ['R23'],
    what: 'mail is sent on to whatever a ~/.forward says',
    ...change(ROLE, 'forward_path =\n', 'forward_path = $home/.forward\n'),
    killedBy: [NOTHING_COMES_BACK],
  },
  {
    of: ['R23'],
    what: 'what an alias cannot hand on goes back to the sender',
    ...change(ROLE, ',\n    cdb:/var/lib/mailserver/postfix/current/maps/owners\n', '\n'),
    killedBy: [NOTHING_COMES_BACK],
  },
  {
    of: ['R23'],
    what: 'a stranger may ask for a notice of delivery',
    ...change(
      ROLE,
      'smtpd_discard_ehlo_keywords = silent-discard, etrn, dsn',
      'smtpd_discard_ehlo_keywords = silent-discard, etrn',
    ),
    killedBy: [incoming('R23: nobody is told of a delivery because a stranger named him as the sender')],
  },
  {
    of: ['R24'],
    what: 'the script is not told the next hop',
    ...change(GATE, "'-f ${sender} ${nexthop} ${recipient}'", "'-f ${sender} ${recipient}'"),
    killedBy: [delivery('R24: a script in %s runs, with home, folder, arguments and text', 'bash')],
  },
  {
    of: ['R24'],
    what: 'several recipients come one by one',
    ...change(ROLE, 'biff = no', 'biff = no\ndefault_destination_recipient_limit = 1'),
    killedBy: [configured('R24, R25: several recipients come in one call, or one by one where 40_local.cf says so')],
  },
  {
    of: ['R25'],
    what: 'parameters of a transport are passed over',
    ...change(
      `${PROGRAMS}/postfix-rules/candidate.py`,
      '    for each in settings:\n        lines +=',
      '    for each in settings:\n        if each.name.startswith("user-"):\n            continue\n        lines +=',
    ),
    killedBy: [configured('R24, R25: several recipients come in one call, or one by one where 40_local.cf says so')],
  },
  {
    of: ['R26'],
    what: 'a push overwrites a map of the service users',
    alterations: [{ managed: '/etc/mail/canonical' }],
    killedBy: [changes('R26: what the stack leaves out belongs to the service users, and a push never touches it')],
  },
  {
    of: ['R26', '2013/r006'],
    what: 'service users cannot write 40_local.cf',
    alterations: [{ file: '/etc/postfix/main.d/40_local.cf', mode: '0644' }],
    killedBy: [changes('R26: what the stack leaves out belongs to the service users, and a push never touches it')],
  },
  {
    of: ['R26', '2015/r048'],
    what: 'service users cannot write a map',
    alterations: [{ file: '/etc/mail/canonical', mode: '0644' }],
    killedBy: [changes('R26: what the stack leaves out belongs to the service users, and a push never touches it')],
  },

  // Greylisting and interaction.
  {
    of: ['R34', '2011/00', '2015/r000'],
    what: 'greylisting takes more than a minute',
    ...change(POSTGREY, '--delay=', '--delay=9'),
    killedBy: [policy('R34: a stranger is put off at first, and taken with the first retry after the delay')],
  },
  {
    of: ['R34'],
    what: 'port 25 does not ask postgrey',
    ...change(ROLE, ',\n    check_policy_service { inet:127.0.0.1:10023, timeout=20s, default_action=DUNNO }', ''),
    killedBy: [policy('R34: a stranger is put off at first, and taken with the first retry after the delay')],
  },
  {
    of: ['R34', '2015/r000'],
    what: 'greylisting takes some seconds more than the stack says',
    ...change(POSTGREY, '--delay=', '--delay=1'),
    killedBy: [policy('R34: a stranger is put off at first, and taken with the first retry after the delay')],
  },
  {
    of: ['R34', '2014/r020'],
    what: 'a retry has to come from the same address',
    ...change(POSTGREY, '--lookup-by-subnet', '--lookup-by-host'),
    killedBy: [policy('R34: a retry may come from another address of the same network')],
  },
  {
    of: ['R35', '2013/r014'],
    what: "the service users' list of clients is not read",
    ...change(POSTGREY, ' --whitelist-clients=/var/lib/mailserver/postgrey/clients', ''),
    killedBy: [GREYLISTS],
  },
  {
    of: ['R35', '2015/r031'],
    what: "the service users' list of recipients is not read",
    ...change(POSTGREY, ' --whitelist-recipients=/var/lib/mailserver/postgrey/recipients', ''),
    killedBy: [GREYLISTS],
  },
  {
    of: ['R35', '2013/r014'],
    what: "Debian's list of clients is not read",
    ...change(POSTGREY, ' --whitelist-clients=/etc/postgrey/whitelist_clients ', ' '),
    killedBy: [GREYLISTS],
  },
  {
    of: ['R35', '2015/r031'],
    what: "Debian's list of recipients is not read",
    ...change(POSTGREY, ' --whitelist-recipients=/etc/postgrey/whitelist_recipients ', ' '),
    killedBy: [GREYLISTS],
  },
  {
    of: ['R36', '2015/r033'],
    what: 'service users may not restart postgrey',
    ...change(SUDOERS, ', /etc/init.d/postgrey restart', ''),
    killedBy: [sudo('R36, R37: sudo %s works as the service user', 'postgrey')],
  },
  {
    of: ['R37'],
    what: 'service users may not reload Postfix',
    ...change(SUDOERS, '/etc/init.d/postfix reload, ', ''),
    killedBy: [sudo('R36, R37: sudo %s works as the service user', 'reload')],
  },
  {
    of: ['R37', '2022/r012'],
    what: 'the running daemons keep their certificate',
    ...change(GATE, 'if said=$(postfix reload 2>&1); then', 'if said=$(true); then'),
    killedBy: [
      changes('R37: certificate, parameters and maps change together, by a push or a reload, and port 25 answers all the time'),
    ],
  },
  {
    of: ['R37'],
    what: 'everybody may reload Postfix',
    ...change(SUDOERS, '%service ALL', 'ALL ALL'),
    killedBy: [sudo('R37: somebody outside of the group may do nothing of it')],
  },
  {
    of: ['R38'],
    what: 'saslpasswd2 takes -f in a bundle',
    alterations: [
      { file: '/usr/local/sbin/saslpasswd2', from: "getopts ':cdpnu:' option", to: "getopts ':cdpnu:f:' option" },
      { file: '/usr/local/sbin/saslpasswd2', from: 'c | d | p | n) options', to: 'f) ;;\n    c | d | p | n) options' },
    ],
    killedBy: [sudo('R38, R39: a service user gets no more by sudo %s', 'saslpasswd2 -p -cf /tmp/x carol')],
  },
  {
    of: ['R38'],
    what: 'everybody on the host sees passwords while they are set',
    ...change(
      '/usr/local/sbin/saslpasswd2',
      '/usr/lib/mailserver/apart /usr/lib/mailserver/sasl-change',
      '/usr/lib/mailserver/apart /usr/bin/env "PASSWORD=$password" /usr/lib/mailserver/sasl-change',
    ),
    killedBy: [sudo('R38: passwords are in no argument list, and in a file that service users cannot read')],
  },
  {
    of: ['R39'],
    what: 'sasldblistusers2 takes arguments',
    ...change('/usr/local/sbin/sasldblistusers2', '[ $# -eq 0 ] || refuse', 'true || refuse'),
    killedBy: [sudo('R38, R39: a service user gets no more by sudo %s', 'sasldblistusers2 --')],
  },

  // Antivirus.
  {
    of: ['R40'],
    what: 'what no scanner looked at passes',
    ...change(AMAVIS, '$virus_scanners_failure_is_fatal = 1;', '$virus_scanners_failure_is_fatal = 0;'),
    killedBy: [scanning('R40: mail is put off while clamd hangs')],
  },
  {
    of: ['R40'],
    what: 'what could not be scanned whole passes',
    ...change(AMAVIS, '$final_unchecked_destiny = D_REJECT;', '$final_unchecked_destiny = D_PASS;'),
    killedBy: [scanning('R40: what is infected or cannot be scanned whole is refused, and ordinary mail passes')],
  },
  {
    of: ['R40', '2022/r015'],
    what: 'signatures come from the public mirrors',
    ...change('/etc/clamav/freshclam.conf', 'PrivateMirror ', 'DatabaseMirror database.clamav.net\n# '),
    killedBy: [
      changes('R40: until the first signatures are there mail is put off, and they are asked for at the private mirror only'),
    ],
  },
  {
    of: ['R41', '2014/r026'],
    what: 'the scanner stays when nobody wants it any more',
    alterations: [{ list: 'absentPackages', without: 'clamav-daemon' }],
    killedBy: [
      changes(
        'R41: without the antivirus role mail is scanned for spam only, submitted spam is kept, and nothing of the scanner is left',
      ),
    ],
  },
];
