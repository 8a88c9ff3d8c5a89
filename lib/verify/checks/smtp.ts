import { normalizeName, sameName } from '../../dns';
import { type About, type Finding, note, ok, wrong } from '../finding';
import { offers, type RelayAttempt, type SmtpPicture, type TlsPicture } from '../smtp/probe';

const day = 86_400_000;
/** Days before its end for which `verify` warns of a certificate; those of ACME are renewed 30 days before. */
const certificateWarningDays = 21;
const certificateCriticalDays = 7;

const about = (check: string, { address, port }: SmtpPicture, title: string): About => ({
  check,
  group: 'smtp',
  subject: `${address} port ${port}`,
  title: `${title}, port ${port}`,
});

/**
 * What one port says to a stranger: its name (RFC 5321 4.2), TLS and the certificate (RFC 3207, RFC 8314), a login only inside TLS
 * and never on port 25, and no relaying.
 */
export function checkSmtp(picture: SmtpPicture, heloName: string, now: Date = new Date()): Finding[] {
  const { problem, banner, port } = picture;
  if (banner === undefined || picture.ehlo === undefined) return [unreachable(picture, problem ?? 'no banner')];
  return [
    checkNames(picture, heloName),
    ...checkTls(picture, heloName, now),
    checkLogin(picture),
    checkRelay(picture),
    ...checkSubdomains(picture),
    ...checkUnknown(picture),
    ...checkPostmasters(picture),
    ...(problem !== undefined && picture.tlsProblem === undefined ? [brokenOff(picture, problem)] : []),
  ].filter((finding) => port !== 25 || finding.check !== 'auth' || finding.state !== 'note');
}

function unreachable(picture: SmtpPicture, problem: string): Finding {
  const { port, banner } = picture;
  const here = about('port', picture, 'Connection');
  const refusal = banner !== undefined;
  return wrong(here, port === 25 ? 'critical' : 'warning', {
    found: refusal ? banner : problem,
    expected: `220 and the HELO name on port ${port}`,
    problem: refusal
      ? 'the server turns this client away, so nothing more could be seen'
      : `nobody answers on port ${port}${port === 25 ? ': the host receives no mail from here' : ''}`,
    fix: {
      text:
        port === 25
          ? 'see that Postfix runs and that the firewall (security group) lets port 25 in; some access networks block port 25 on the way out, so look from elsewhere too'
          : `see that Postfix listens on port ${port} and that the firewall (security group) lets it in`,
      command: 'systemctl status postfix; ss -ltn',
    },
  });
}

function brokenOff(picture: SmtpPicture, problem: string): Finding {
  return wrong(about('dialogue', picture, 'Dialogue'), 'warning', {
    found: problem,
    expected: 'a dialogue that this side ends',
    problem: 'the server broke the dialogue off, so not everything could be seen',
    fix: { text: 'look into the mail log of the host at this time', command: 'journalctl -u postfix --since -5min' },
  });
}

function checkNames(picture: SmtpPicture, heloName: string): Finding {
  const here = about('banner', picture, 'Banner and EHLO');
  const [banner = '', ehlo = ''] = [picture.banner?.split(/\s+/)[1], picture.ehlo?.split(/\s+/)[0]];
  if (sameName(banner, heloName) && sameName(ehlo, heloName)) return ok(here, banner);
  return wrong(here, 'critical', {
    found: sameName(banner, ehlo) ? banner : `banner ${banner}, EHLO ${ehlo}`,
    expected: normalizeName(heloName),
    problem: 'the host calls itself by another name than its HELO name',
    fix: {
      text: 'let myhostname be the HELO name, and smtpd_banner begin with $myhostname',
      command: `echo ${normalizeName(heloName)} > /etc/postfix/myhostname && /etc/init.d/postfix reload`,
    },
  });
}

function checkTls(picture: SmtpPicture, heloName: string, now: Date): Finding[] {
  const here = about('tls', picture, picture.port === 465 ? 'TLS' : 'STARTTLS');
  const { tls, tlsProblem, port, weakTls = [] } = picture;
  if (tls) {
    const offered = weakTls.length === 0 ? ok(here, tls.protocol) : takesWeakTls(here, weakTls);
    return [offered, checkCertificate(picture, tls, heloName, now)];
  }
  return [
    wrong(here, 'critical', {
      found: tlsProblem ?? 'not offered',
      expected: 'TLS',
      problem:
        port === 25
          ? 'mail comes in unencrypted; Gmail marks such hosts, and some senders refuse them'
          : 'nobody can log in without giving the password away',
      fix: {
        text: 'give Postfix a certificate and a key that it can read',
        command: 'postconf smtpd_tls_chain_files smtpd_tls_security_level',
      },
    }),
  ];
}

function takesWeakTls(here: About, weakTls: readonly string[]): Finding {
  return wrong(here, 'warning', {
    found: weakTls.join(', '),
    expected: 'TLS 1.2 or 1.3, and only ciphers that prove who answers',
    problem: 'whoever is in between can have a mail program speak weak TLS, and read its password',
    fix: {
      text: 'leave TLS to the stack: remove overrides of smtpd_tls_protocols, smtpd_tls_mandatory_protocols and smtpd_tls_exclude_ciphers',
      command: 'postconf -x smtpd_tls_protocols smtpd_tls_mandatory_protocols smtpd_tls_exclude_ciphers; postconf -P | grep tls',
    },
  });
}

function checkCertificate(picture: SmtpPicture, tls: TlsPicture, heloName: string, now: Date): Finding {
  const here = about('certificate', picture, 'Certificate');
  const left = (Date.parse(tls.validTo) - now.getTime()) / day;
  const until = tls.validTo.slice(0, 10);
  const found = `${tls.names.join(', ') || 'no name'}, until ${until}, by ${tls.selfSigned ? 'itself' : tls.issuer}`;
  const renew = { text: 'renew the certificate and reload Postfix', command: '/etc/init.d/postfix reload' };
  const expected = `${normalizeName(heloName)}, valid for more than ${certificateWarningDays} days`;
  if (Date.parse(tls.validFrom) > now.getTime() + day) {
    return wrong(here, 'critical', {
      found,
      expected,
      problem: `it is valid from ${tls.validFrom.slice(0, 10)} on only`,
      fix: { text: 'see that the clock of the host is right' },
    });
  }
  if (left < 0) return wrong(here, 'critical', { found, expected, problem: `it ended on ${until}`, fix: renew });
  if (!tls.names.some((name) => covers(name, heloName))) {
    return wrong(here, picture.port === 25 ? 'warning' : 'critical', {
      found,
      expected,
      problem: 'it is for another name: clients that check it refuse the connection',
      fix: { text: `get a certificate for ${normalizeName(heloName)}, and name it in smtpdTlsChainFiles` },
    });
  }
  if (left < certificateWarningDays) {
    return wrong(here, left < certificateCriticalDays ? 'critical' : 'warning', {
      found,
      expected,
      problem: `it ends in ${Math.floor(left)} days`,
      fix: renew,
    });
  }
  if (tls.untrusted !== undefined) {
    // Servers encrypt to any certificate (RFC 7435); people's mail programs do not.
    if (picture.port === 25)
      return note(here, found, 'not trusted, which servers do not ask for unless MTA-STS or DANE tells them to');
    return wrong(here, 'warning', {
      found,
      expected: 'a certificate that mail programs trust',
      problem: `mail programs warn, or refuse: ${tls.selfSigned ? 'it is signed by itself' : tls.untrusted}`,
      fix: { text: 'get a certificate of a public authority (e.g. by ACME), and name it in smtpdTlsChainFiles' },
    });
  }
  return ok(here, found);
}

/** `*.example.com` covers one label (RFC 6125 6.4.3). */
function covers(name: string, host: string): boolean {
  if (sameName(name, host)) return true;
  return name.startsWith('*.') && sameName(name.slice(2), host.slice(host.indexOf('.') + 1));
}

function checkLogin(picture: SmtpPicture): Finding {
  const here = about('auth', picture, 'Login (AUTH)');
  const { plain, secure, port } = picture;
  const [before, inside] = [offers(plain, 'AUTH'), offers(secure, 'AUTH')];
  if (port === 25) {
    if (!before && !inside) return ok(here, 'not offered');
    return wrong(here, 'critical', {
      found: before ? 'offered without TLS' : 'offered',
      expected: 'not offered on port 25',
      problem: 'port 25 is for other servers: passwords are guessed there, and a hacked account sends spam',
      fix: {
        text: 'switch it off for the service smtp in master.cf',
        command: "postconf -P 'smtp/inet/smtpd_sasl_auth_enable=no' && postfix reload",
      },
    });
  }
  if (before) {
    return wrong(here, 'critical', {
      found: 'offered before STARTTLS',
      expected: 'offered inside TLS only',
      problem: 'passwords can be sent, and read, in clear text',
      fix: {
        text: 'set smtpd_tls_auth_only = yes for the service submission',
        command: "postconf -P 'submission/inet/smtpd_tls_auth_only=yes' && postfix reload",
      },
    });
  }
  if (inside) return ok(here, secure?.find((line) => line.startsWith('AUTH')) ?? 'offered inside TLS');
  if (secure === undefined) return note(here, 'not seen', 'there was no TLS to look inside');
  return wrong(here, 'warning', {
    found: 'not offered',
    expected: 'offered inside TLS',
    problem: 'applications cannot log in to send mail',
    fix: {
      text: 'see that SASL is set up (smtpd_sasl_auth_enable) and has a mechanism',
      command: 'postconf -M submission/inet; ls /etc/postfix/sasl',
    },
  });
}

function checkRelay(picture: SmtpPicture): Finding {
  const here = about('relay', picture, 'No relay for strangers');
  const { relay } = picture;
  if (relay.length === 0) return note(here, 'not tried', 'the dialogue did not come that far');
  const open = relay.filter(({ code }) => code >= 200 && code < 300);
  if (open.length > 0) {
    return wrong(here, 'critical', {
      found: open.map(described).join('; '),
      expected: '5xx for each recipient elsewhere',
      problem:
        'the host takes mail of strangers to strangers (open relay): it will be found by spammers and be on every blocklist',
      fix: {
        text: 'unless this machine is in external-networks, stop Postfix until reject_unauth_destination is in smtpd_relay_restrictions and mynetworks holds no foreign network',
        command: 'postconf smtpd_relay_restrictions mynetworks; postfix stop',
      },
    });
  }
  const unclear = relay.filter(({ code }) => code < 500 && code !== 454);
  if (unclear.length > 0)
    return note(here, unclear.map(described).join('; '), 'put off and not refused: whether it relays is not known');
  return ok(here, relay[0]?.text ?? 'refused');
}

function checkSubdomains(picture: SmtpPicture): Finding[] {
  const { subdomains } = picture;
  if (subdomains.length === 0) return [];
  const here = about('subdomains', picture, 'No relay to subdomains');
  const open = subdomains.filter(({ code }) => code < 500 && code !== 454);
  const [first] = open;
  if (!first) return [ok(here, subdomains[0]?.text ?? 'refused')];
  const found = open.map(({ to, text }) => `<${to}>: ${text}`).join('; ');
  if (!open.some(({ code }) => code < 300)) return [note(here, found, 'put off and not refused: whether it relays is not known')];
  return [
    wrong(here, 'critical', {
      found,
      expected: '5xx for a subdomain that nobody has',
      problem: `the host takes mail of strangers for every name below ${first.title}, sends it wherever DNS says, and bounces the rest to forged senders`,
      fix: {
        text: `let relay_domains match whole names only; subdomains that are meant are named one by one, or all of them as .${first.title} in relayDomains`,
        command: 'postconf parent_domain_matches_subdomains relay_domains',
      },
    }),
  ];
}

/** What is taken for nobody can only be sent back, to whomever a stranger named as the sender. */
function checkUnknown(picture: SmtpPicture): Finding[] {
  const { unknown } = picture;
  if (unknown.length === 0) return [];
  const here = about('unknown', picture, 'Unknown recipients');
  const told = (attempts: readonly RelayAttempt[]) => attempts.map(({ to, text }) => `<${to}>: ${text}`).join('; ');
  const taken = unknown.filter(({ code }) => code >= 200 && code < 300);
  const putOff = unknown.filter(({ code }) => code >= 400 && code < 500 && code !== 454);
  const [first] = taken;
  if (first) {
    return [
      wrong(here, 'warning', {
        found: told(taken),
        expected: '5xx for a recipient that nobody has',
        problem: 'the host takes mail for recipients that nobody has, and sends it back to forged senders later',
        fix: {
          text: 'unless an entry for the whole domain is meant to take all of it, let reject_unlisted_recipient come first in smtpd_recipient_restrictions, and local_recipient_maps name whoever has a mailbox',
          command: 'postconf smtpd_recipient_restrictions local_recipient_maps',
        },
      }),
    ];
  }
  if (putOff.length > 0) return [note(here, told(putOff), 'put off and not refused: whether it takes them later is not known')];
  return [ok(here, unknown[0]?.text ?? 'refused')];
}

/** Deferred is fine: that is greylisting. */
function checkPostmasters(picture: SmtpPicture): Finding[] {
  const { postmasters } = picture;
  if (postmasters.length === 0) return [];
  const here = about('postmaster', picture, 'Mail for the postmaster');
  const refused = postmasters.filter(({ code }) => code >= 500);
  const [first] = refused;
  if (!first) return [ok(here, postmasters[0]?.text ?? 'taken')];
  return [
    wrong(here, 'warning', {
      found: refused.map(({ to, text }) => `<${to}>: ${text}`).join('; '),
      expected: '2xx, or 4xx of greylisting',
      problem: 'complaints and questions of other mail servers do not arrive (RFC 5321 4.5.1)',
      fix: {
        text: 'let each of these addresses lead to somebody, on the mail host or in the virtual aliases of the stack',
        command: `echo '${first.to} somebody@example.org' >> /etc/mail/virtual-aliases && sudo /etc/init.d/postfix reload`,
      },
    }),
  ];
}

const described = ({ title, from, to, text }: RelayAttempt) => `${title} (<${from}> to <${to}>): ${text}`;
