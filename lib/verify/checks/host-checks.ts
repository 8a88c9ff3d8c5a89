/** What a check of the host (docs/checks.md) is about, and what helps when it fails. */
export interface HostCheck {
  readonly title: string;
  readonly expected: string;
  /** True of a warning and of a critical state. */
  readonly problem: string;
  /** Where a warning is another thing than a critical state. */
  readonly warning?: string;
  readonly fix: string;
  readonly command: string;
}

const log = (units: string) => `journalctl ${units} --since -2h --no-pager | tail -n 40`;
const putBack = 'what was changed by hand is put back by the next apply';

/** The checks of `/usr/lib/mailserver/check`, by their names. */
export const hostChecks: Readonly<Record<string, HostCheck>> = {
  processes: {
    title: 'Filters and services answer',
    expected: 'an answer of each in its own protocol',
    problem: 'a service that mail goes through does not answer: mail waits, or is taken without being weighed',
    fix: 'see why it ended, and start it again',
    command: 'systemctl --failed; journalctl -p warning --since -2h --no-pager | tail -n 40',
  },
  ports: {
    title: 'Ports 25, 587 and 465',
    expected: 'the HELO name, TLS, and AUTH inside TLS only and never on port 25',
    problem: 'a port does not greet as it should: mail does not come in, or logins are refused or unsafe',
    fix: `see what Postfix says; ${putBack}`,
    command: log('-u postfix'),
  },
  certificate: {
    title: 'Certificates in use',
    expected: 'for the HELO name, and valid for weeks',
    problem: 'a certificate in use is about to end, has ended, or is for another name',
    fix: 'renew the certificate, then have Postfix read it',
    command: 'sudo /etc/init.d/postfix reload',
  },
  spam: {
    title: 'Spam (GTUBE) is refused',
    expected: 'the sample is refused by the filter, for what it is',
    problem: 'could not confirm that spam is filtered',
    fix: `see what the filter says; ${putBack}`,
    command: log('-u amavis -u postfix'),
  },
  virus: {
    title: 'Viruses (EICAR) are refused',
    expected: 'the sample is refused by the filter, for what it is',
    problem: 'could not confirm that viruses are filtered',
    fix: `see what the filter and its scanner say; ${putBack}`,
    command: log('-u amavis -u clamav-daemon'),
  },
  unscanned: {
    title: 'Mail that cannot be scanned is refused',
    expected: 'the sample, a damaged archive, is refused by the filter, for what it is',
    problem: 'could not confirm that mail is scanned whole',
    fix: `see what the filter and its scanner say; ${putBack}`,
    command: log('-u amavis -u clamav-daemon'),
  },
  maps: {
    title: 'Maps are fresh',
    expected: 'what is in effect is made of what the files say',
    problem: 'what the files say is not what is in effect',
    fix: 'put it into effect; lines for main.cf belong into /etc/postfix/main.d/40_local.cf',
    command: 'sudo /etc/init.d/postfix reload',
  },
  logins: {
    title: 'Logins',
    expected: 'no login was stopped or met a limit',
    problem: 'a login sends more than it should, or what nobody wants: its password may be stolen',
    fix: 'see which; change its password and release it, or raise its limits in the stack (docs/logins.md)',
    command: 'sudo mailserver-logins list',
  },
  relay: {
    title: 'Smart hosts',
    expected: 'each can be reached, and takes login and senders of this host',
    problem: 'no smart host takes the mail: it waits, and goes back to its senders after five days',
    warning: 'a smart host cannot be used, or refuses senders',
    fix: 'follow the message: correct relay in the stack, or ask the operator of the smart host (docs/relay.md)',
    command: '/usr/lib/mailserver/check relay; postqueue -p | tail -n 40',
  },
  pace: {
    title: 'Slow start of the address',
    expected: 'the pause of the day between mails to one domain',
    problem: 'mail leaves faster or slower than the schedule says',
    fix: 'see why the timer does not run (docs/relay.md)',
    command: 'systemctl status mailserver-warm-up.timer; journalctl -u mailserver-warm-up --no-pager | tail -n 20',
  },
  queue: {
    title: 'Queue',
    expected: 'a short queue, of young mails',
    problem: 'mail does not leave the host: it waits, and goes back to its senders after five days',
    fix: 'see the reasons; once they are gone, have everything tried again',
    command: 'postqueue -p | tail -n 40; postqueue -f',
  },
  signing: {
    title: 'Mail leaves signed (DKIM)',
    expected: 'each name signs, with keys that the world sees',
    problem: 'the signer is broken: mail waits, and goes back to its senders after five days',
    warning: 'mail leaves unsigned, or a key is not public',
    fix: 'follow the message: write the records that the stack names, or see what the signer says (docs/authentication.md)',
    command: 'sudo /usr/lib/mailserver/dkim state; journalctl -u opendkim -u mailserver-dkim --no-pager | tail -n 20',
  },
  signatures: {
    title: 'Virus signatures are fresh',
    expected: 'signatures of today',
    problem: 'new viruses are not recognized',
    fix: 'see why freshclam brings none (docs/antivirus.md)',
    command: 'journalctl -u clamav-freshclam --since -3d --no-pager | tail -n 40',
  },
  rules: {
    title: 'Spam rules are fresh',
    expected: 'rules of this month, updated daily',
    problem: 'new kinds of spam are not recognized',
    fix: 'see why the daily update fails, and run it',
    command: 'sudo systemctl start spamassassin-maintenance; journalctl -u spamassassin-maintenance --no-pager | tail -n 40',
  },
  blocklists: {
    title: 'Blocklists in use answer truly',
    expected: 'each lists 127.0.0.2 and does not list 127.0.0.1',
    problem: 'a blocklist in use is dead, lies, or refuses the resolver of the host: it protects nobody',
    fix: 'if it stays so, take the list out of dnsblSites; one that refuses wants a resolver of your own, or a key',
    command: '/usr/lib/mailserver/check blocklists',
  },
  fcrdns: {
    title: 'PTR and address of the HELO name, as the host sees them',
    expected: 'each public address has the HELO name as its only PTR, and the name has the address',
    problem: 'an address and the HELO name do not agree: other servers refuse or distrust mail of this host',
    warning: 'the resolver of the host gives no answer, tells it another address than others, or there are several PTRs',
    fix: 'the records of A, AAAA and PTR in this report say what is expected; what Terraform writes is put back by the next apply',
    command: '/usr/lib/mailserver/check fcrdns; cat /etc/resolv.conf',
  },
  reputation: {
    title: 'Own addresses on blocklists in use',
    expected: 'on no list',
    problem: 'an address of this host is listed: servers that use the list refuse its mail',
    warning: 'no list answers: could not find out whether an address of this host is listed',
    fix: 'if it is listed, find out why first (queue, log, hacked accounts), then ask the list to take it off',
    command: 'postqueue -p | tail -n 40; /usr/lib/mailserver/check reputation',
  },
};
