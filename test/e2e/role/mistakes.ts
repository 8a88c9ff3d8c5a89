/** Lines that service users might add to a file of theirs by mistake, and what a reload says of each. */
export const MISTAKES: readonly (readonly [file: string, line: string, said: RegExp])[] = [
  ['/etc/mail/access-client', '203.0.113.9 REJEKT', /access-client:3: 'REJEKT' is not an action/],
  ['/etc/mail/transport', 'x.test nowhere:', /transport:4: 'nowhere' is not a transport of this host: use smtp,/],
  ['/etc/mail/external-networks', '203.0.113.5/24', /external-networks:4: .* did you mean 203.0.113.0\/24/],
  ['/etc/mail/external-networks', '0.0.0.0/0', /external-networks:4: '0.0.0.0\/0' is the whole internet/],
  ['/etc/mail/local-aliases', 'no colon', /local-aliases:3: 'no colon' has no colon; expected name: target, target/],
  ['/etc/mail/canonical.pcre', '/(x/ y', /canonical.pcre:3: error in regex/],
  ['/etc/postfix/main.d/40_local.cf', 'smtpd_baner = x', /40_local.cf:4: unknown parameter 'smtpd_baner'/],
  ['/etc/postfix/main.d/40_local.cf', 'no parameter', /40_local.cf:4: missing '=' after attribute name/],
  ['/etc/postfix/main.d/40_local.cf', 'daemon_directory = /tmp', /40_local.cf:4: 'daemon_directory' decides what runs as root/],
  ['/etc/postfix/main.d/40_local.cf', 'mailbox_command = /tmp/x', /40_local.cf:4: 'mailbox_command' decides what runs as root/],
  [
    '/etc/postfix/main.d/40_local.cf',
    'mynetworks = cidr:/etc/shadow',
    /40_local.cf:4: 'mynetworks' names \/etc\/shadow, which Postfix would read/,
  ],
  ['/etc/postfix/main.d/40_local.cf', 'message_size_limit = many', /bad numerical configuration: message_size_limit = many/],
  [
    '/etc/postfix/main.d/40_local.cf',
    'smtpd_recipient_restrictions = reject_unlisted_recipiant, reject',
    /40_local.cf:4: 'reject_unlisted_recipiant' is not a restriction .* did you mean reject_unlisted_recipient\?/,
  ],
  ['/etc/postfix/main.d/40_local.cf', 'mynetworks = 0.0.0.0/0', /relaying for a stranger \(an open relay if accepted\)/],
  [
    '/etc/postfix/main.d/40_local.cf',
    'virtual_alias_maps = cdb:/usr/share/none',
    /40_local.cf:4: virtual_alias_maps: 'cdb:\/usr\/share\/none' cannot be used: \/usr\/share\/none\.cdb is not there/,
  ],
  [
    '/etc/postfix/main.d/40_local.cf',
    'header_checks = pcre:/usr/share/none',
    /40_local.cf:4: header_checks: 'pcre:\/usr\/share\/none' cannot be used: .*No such file/,
  ],
  ['/etc/postfix/main.d/40_local.cf', 'smtp_tls_security_level = maybe', /Invalid TLS level "maybe"/],
  ['/etc/postfix/main.d/40_local.cf', 'smtpd_tls_chain_files = /usr/share/common-licenses/BSD', /TLS not available/],
];
