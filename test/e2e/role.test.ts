import { waitFor } from '../../lab/system';
import { removeRole } from '../../lib/host/remove';
import { capacityOf } from '../../lib/role/capacity';
import { renderRole } from '../../lib/role/render';
import { type RoleSettings, roleSettings } from '../../lib/role/settings';
import { MISTAKES } from './role/mistakes';
import { FILTER_PORTS } from './support/filter-ports';
import { HostLab, type TestMachine } from './support/host-lab';
import { sampled } from './support/sampled';

const settings: RoleSettings = roleSettings.parse({
  heloName: 'mail.example.test',
  antivirus: true,
  clamavTestSignatureOnly: true,
  domains: { 'example.test': { deliverTo: 'webapp' } },
  // A domain that nothing else names.
  virtualAliases: { 'info@aliases.test': ['app@example.test'] },
  greylistDelaySeconds: 2,
  quarantine: { maxMib: 1 },
  spam: { killLevel: 8, scores: { DEAR_FRIEND: 50 } },
});

const gtube = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X';
const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}', '$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

/** Sends one mail from inside the machine and prints the answer that decided it. Everybody there is a known client (R17). */
const SAY = `
import smtplib, ssl, sys
port, user, recipient, text = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
session = smtplib.SMTP('127.0.0.1', port, timeout=60, local_hostname='localhost')
session.ehlo()
try:
    if user:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        session.starttls(context=context)
        session.login(*user.split(':'))
    session.sendmail('postmaster@mail.example.test', [recipient], 'Subject: test\\r\\n\\r\\n' + text + '\\r\\n')
    print('250 accepted')
except smtplib.SMTPRecipientsRefused as error:
    print(*[f'{code} {text.decode()}' for code, text in error.recipients.values()])
except smtplib.SMTPResponseException as error:
    print(error.smtp_code, error.smtp_error.decode())
`;

let lab: HostLab;
let host: TestMachine;

const desired = (changes: Partial<RoleSettings> = {}) =>
  renderRole(roleSettings.parse({ ...settings, ...changes }), capacityOf(1, 4000, true));
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const say = (port: number, recipient: string, text = 'hello', user = '') =>
  host.inside(`python3 /root/say.py ${port} ${quoted(user)} ${quoted(recipient)} ${quoted(text)}`);
/** As a service user, without a password; the exit code is the last line. */
const asUser = (command: string) =>
  host.inside(`cd /tmp; runuser -u webapp -- sh -c ${quoted(command)} </dev/null 2>&1 && echo "exit 0" || echo "exit $?"`);
const LOCAL_PORTS = Object.values(FILTER_PORTS);
/** Ports between Postfix and its filters that a user can connect to. */
const portsOpenTo = async (user: string) =>
  (
    await host.inside(
      `cd /tmp; for port in ${LOCAL_PORTS.join(' ')}; do runuser -u ${user} -- bash -c "exec 3<>/dev/tcp/127.0.0.1/$port" 2>/dev/null && echo $port; done; true`,
    )
  )
    .split('\n')
    .filter(Boolean);
const reload = () => asUser('sudo -n /etc/init.d/postfix reload');
const liveState = () =>
  host.inside('readlink /var/lib/mailserver/postfix/current; md5sum /etc/postfix/main.cf /etc/postfix/master.cf');
const eventually = (condition: string) =>
  host.inside(
    `for i in $(seq 1200); do if ${condition}; then exit 0; fi; sleep 0.1; done; mailq; journalctl -t postfix/pipe -n 5; exit 1`,
  );

beforeAll(async () => {
  lab = await HostLab.start('debian-13-mail');
  host = await lab.boot('mail', { number: 61 });
  await host.apply(desired());
  await host.inside(`cat >/root/say.py <<'EOF'\n${SAY}\nEOF`);
});
afterAll(() => lab?.stop());

describe('mail', () => {
  test('R24: is piped to the script of the service user with its home and arguments', async () => {
    await host.inside(`install -d -o webapp -g webapp /home/webapp/bin /home/webapp/inbox
cat >/home/webapp/bin/deliver <<'EOF'
#!/usr/bin/python3
import os, sys
name = os.path.join(os.environ['HOME'], 'inbox', str(os.getpid()))
with open(name + '.new', 'w') as file:
    file.write(' '.join(sys.argv[1:]) + ' in ' + os.getcwd() + '\\n' + sys.stdin.read())
os.rename(name + '.new', name)
EOF
chmod 755 /home/webapp/bin/deliver; chown webapp: /home/webapp/bin/deliver`);
    expect(await say(25, 'app@example.test')).toBe('250 accepted');
    await eventually('ls /home/webapp/inbox | grep -q .');
    expect(await host.inside('head -qn 1 /home/webapp/inbox/*')).toBe(
      '-f postmaster@mail.example.test example.test app@example.test in /home/webapp',
    );
  });

  test('R24: is piped to scripts whose language compiles at run time', async () => {
    const properties = await host.inside('systemctl show -p MemoryDenyWriteExecute -p SystemCallErrorNumber postfix.service');
    expect(properties.split('\n').sort()).toEqual(['MemoryDenyWriteExecute=no', 'SystemCallErrorNumber=1']);
  });

  test('R21: waits while there is no script', async () => {
    await host.inside('mv /home/webapp/bin/deliver /home/webapp/bin/away; rm -f /home/webapp/inbox/*');
    expect(await say(25, 'later@example.test')).toBe('250 accepted');
    await eventually('mailq | grep -q "is not there or cannot be executed"');
    await host.inside('mv /home/webapp/bin/away /home/webapp/bin/deliver; postqueue -f');
    await eventually('grep -qs later@example.test /home/webapp/inbox/*');
  });

  test.each([
    ['25, GTUBE', 25, 'app@example.test', gtube, /^554 5\.7\.0 Reject, id=\S+ - spam/],
    ['25, EICAR', 25, 'app@example.test', eicar, /^554 5\.7\.0 Reject, id=\S+ - INFECTED: Eicar-Test-Signature/],
    [
      '25, R6: a rule that the stack gave more points',
      25,
      'app@example.test',
      'Dear Friend,',
      /^554 5\.7\.0 Reject, id=\S+ - spam/,
    ],
    ['25, an unknown local user', 25, 'nobody-here@mail.example.test', 'x', /^550 5\.1\.1 .*User unknown/],
    ['25, an unknown virtual address', 25, 'nobody@aliases.test', 'x', /^550 5\.1\.1 .*User unknown/],
    ['25, a virtual address', 25, 'info@aliases.test', 'x', /^250 /],
    ['587, spam is spooled and never bounced', 587, 'app@example.test', gtube, /^250 /],
    ['587, viruses too', 587, 'app@example.test', eicar, /^250 /],
  ])('R15, R16: on port %s', async (_name, port, recipient, text, answer) => {
    expect(await say(port, recipient, text)).toMatch(answer);
  });

  test('R16: what was submitted and is bad is kept, and told to virusalert', async () => {
    for (const sample of [gtube, eicar]) expect(await say(587, 'app@example.test', sample)).toMatch(/^250 /);
    await eventually('[ "$(find /var/lib/amavis/virusmails -type f | wc -l)" -ge 2 ]');
    for (const subject of ['VIRUS', 'Spam']) await eventually(`grep -q "^Subject: ${subject}" /var/mail/root`);
  });

  test('R16: in quarantine goes, the oldest first, when there is too much of it', async () => {
    const folder = '/var/lib/amavis/virusmails';
    // What was submitted before is on its way to the folder as long as it is in the queue.
    await eventually('[ "$(mailq)" = "Mail queue is empty" ]');
    const kept = await host.inside(`ls ${folder}`);
    // One that is at work already would not be started for these.
    await eventually('[ "$(systemctl is-active mailserver-amavis-clean.service)" = inactive ]');
    // As old as they should be before they are seen there.
    await host.inside(`cd /var/lib/amavis
for name in older old; do head -c 700000 /dev/zero | runuser -u amavis -- tee "$name" >/dev/null; done
touch -d '3 days ago' older; touch -d '2 days ago' old; mv older old ${folder}`);
    await eventually(`[ ! -e ${folder}/older ]`);
    expect((await host.inside(`ls ${folder}`)).split('\n')).toEqual([...kept.split('\n'), 'old'].sort());
    await host.inside(`touch -d '40 days ago' ${folder}/old`);
    await eventually(`systemctl start mailserver-amavis-clean.service && [ ! -e ${folder}/old ]`);
    expect(await host.inside(`ls ${folder}`)).toBe(kept);
  });

  test('R6: is not judged by a rule that the host does not have', async () => {
    await expect(host.apply(desired({ spam: { scores: { NO_SUCH_RULE: 1 } } }))).rejects.toThrow(
      'spam.scores.NO_SUCH_RULE: there is no such rule on this host',
    );
  });

  test('R34: is greylisted by network, and not at all from large senders', async () => {
    const ask = (address: string, name = 'unknown') =>
      host.inside(`python3 - <<'EOF'
import socket
request = ('request=smtpd_access_policy', 'protocol_state=RCPT', 'client_address=${address}', 'client_name=${name}',
           'sender=a@away.test', 'recipient=app@example.test', 'instance=${address}')
with socket.create_connection(('127.0.0.1', 10023)) as connection:
    connection.sendall(('\\n'.join(request) + '\\n\\n').encode())
    print(connection.recv(1000).decode().split(',')[0].strip())
EOF`);
    expect(await ask('203.0.113.7')).toMatch(/Greylisted/i);
    await waitFor('another address of the network', async () => /DUNNO|PREPEND/.test(await ask('203.0.113.200')), {
      deadline: 20_000,
      interval: 500,
    });
    expect(await ask('198.51.100.200')).toMatch(/Greylisted/i);
    expect(await ask('198.51.100.201', 'mail-am6eur05on2074.outbound.protection.outlook.com')).toMatch(/DUNNO/);
  });

  test('R8: to an unknown recipient of a next hop is refused, not bounced', async () => {
    await host.inside(`cat >/root/next-hop.py <<'EOF'
import socketserver
class Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b'220 next-hop.test\\r\\n')
        for line in self.rfile:
            word = line.upper()
            answer = b'550 5.1.1 no such user' if word.startswith(b'RCPT') and b'NOBODY' in word else b'250 2.0.0 ok'
            self.wfile.write(answer + b'\\r\\n')
            if word.startswith(b'QUIT'):
                return
socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer(('127.0.0.1', 2525), Session).serve_forever()
EOF
systemd-run --quiet --unit=next-hop python3 /root/next-hop.py`);
    try {
      await asUser('echo backup.test >>/etc/mail/relay-domains; echo "backup.test smtp:[127.0.0.1]:2525" >>/etc/mail/transport');
      expect(await reload()).toBe('exit 0');
      const answer = (recipient: string) =>
        host.inside(`python3 - <<'EOF'
import smtplib
session = smtplib.SMTP('198.51.100.61', 25, timeout=60, local_hostname='stranger.test', source_address=('198.51.100.61', 0))
session.ehlo()
session.mail('')
print(*session.rcpt('${recipient}'))
session.quit()
EOF`);
      await waitFor('the answer of the next hop', async () => /^550 /.test(await answer('nobody@backup.test')), {
        deadline: 60_000,
        interval: 500,
      });
      expect(await answer('nobody@backup.test')).toMatch(/no such user/);
      expect(await answer('somebody@backup.test')).not.toMatch(/no such user|undeliverable/i);
    } finally {
      await host.inside("systemctl stop next-hop; sed -i '/backup.test/d' /etc/mail/relay-domains /etc/mail/transport");
      expect(await reload()).toBe('exit 0');
    }
  });

  test('R16: is taken on 587 while the filter is dead, and put off on 25', async () => {
    const used = async () => Number(await host.inside('systemctl show -P CPUUsageNSec amavis'));
    const before = await used();
    await host.inside('systemctl stop amavis; rm -f /home/webapp/inbox/*');
    // What was used to load the rules, and in each child to tidy them away, kept port 25 without a filter for half a minute.
    expect((await used()) - before).toBeLessThan(before);
    expect(await say(25, 'app@example.test')).toMatch(/^451 /);
    expect(await say(587, 'spooled@example.test')).toBe('250 accepted');
    await host.inside('systemctl start amavis');
    await eventually('/usr/lib/mailserver/probe smtp 127.0.0.1 10026 >/dev/null');
    await host.inside('postqueue -f');
    await eventually('grep -qs spooled@example.test /home/webapp/inbox/*');
  });

  test('R40: is put off while the virus scanner is dead', async () => {
    await host.inside('systemctl stop clamav-daemon');
    expect(await say(25, 'app@example.test')).toMatch(/^451 /);
    await host.inside('systemctl start clamav-daemon');
    await eventually('/usr/lib/mailserver/probe clamd /run/clamav/clamd.ctl | grep -q PONG');
    expect(await say(25, 'app@example.test')).toBe('250 accepted');
    // The mail that could not be scanned was kept as evidence; also a folder that a process waits in may be taken away.
    const left = () => host.inside('ls /var/lib/amavis/tmp');
    expect(await left()).not.toBe('');
    await host.inside("touch -d '3 hours ago' /var/lib/amavis/tmp/*; systemctl start mailserver-amavis-clean");
    expect(await left()).toBe('');
    expect(await say(25, 'app@example.test')).toBe('250 accepted');
  });
});

describe('the updates of virus signatures', () => {
  /** A mirror that has newer signatures, and a status for who wants to download them. */
  const MIRROR = `
import http.server, sys
header = (b'ClamAV-VDB:14 Sep 2026 09-12 -0400:27800:2000000:90:' + b'a' * 32 + b':sig:builder:1789000000').ljust(512)
class Request(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        part = self.headers.get('Range')
        print(self.path, 'header' if part else 'whole', flush=True)
        self.send_response(206 if part else int(sys.argv[2]))
        self.send_header('Content-Length', '512' if part else '0')
        self.end_headers()
        if part:
            self.wfile.write(header)
    def log_message(self, *_):
        pass
http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Request).serve_forever()
`;
  const asked = (port: number) => host.inside(`cat /run/mirror-${port}`);
  const unit = () => host.inside('systemctl show -p ActiveState -p NRestarts clamav-freshclam.service | sort');

  beforeAll(async () => {
    await host.inside(`cat >/root/mirror.py <<'EOF'\n${MIRROR}\nEOF
start() { systemd-run --quiet --unit=mirror-$1 -p StandardOutput=file:/run/mirror-$1 python3 /root/mirror.py "$@"; }
start 8099 403
start 8098 429`);
  });
  afterAll(async () => {
    await host.inside('systemctl stop mirror-8098 mirror-8099');
    await host.apply(desired());
  });

  test('R40: keep away from a mirror that forbids them, and go on', async () => {
    const from = (port: number) => desired({ clamavTestSignatureOnly: false, clamavMirrors: [`http://127.0.0.1:${port}`] });
    await host.apply(from(8099));
    await eventually('journalctl -o cat -u clamav-freshclam | grep -q "exit code 17, it is started again in 300 s"');
    expect(await unit()).toBe('ActiveState=active\nNRestarts=0');
    expect(await asked(8099)).toBe('/daily.cld header\n/daily.cld whole');
    // Neither does a restart ask again, be it of the host or by an apply.
    await host.inside('systemctl restart clamav-freshclam');
    await eventually('journalctl -o cat -u clamav-freshclam | grep -q "still on cool-down"');
    expect(await asked(8099)).toBe('/daily.cld header\n/daily.cld whole');

    // What one mirror said is not held against another; that one says to come less often.
    await host.apply(from(8098));
    await eventually('grep -q "bytecode.cld whole" /run/mirror-8098');
    expect(await asked(8099)).toBe('/daily.cld header\n/daily.cld whole');
    const tooMany = await asked(8098);
    await host.inside('systemctl restart clamav-freshclam');
    await eventually('journalctl -o cat -u clamav-freshclam | tail -n 3 | grep -q "still on cool-down"');
    expect(await asked(8098)).toBe(tooMany);
    expect(tooMany.match(/daily.cld whole/g)).toHaveLength(1);
    expect(await unit()).toBe('ActiveState=active\nNRestarts=0');
  });

  /** The packages that come again as a newer version, out of a folder, each with another default for what the stack has set. */
  const UPGRADED = [
    'amavisd-new',
    'clamav-daemon',
    'clamav-freshclam',
    'policyd-weight',
    'postfix',
    'postfix-cdb',
    'postfix-lmdb',
    'postfix-pcre',
    'postgrey',
    'spamassassin',
  ];
  const NEWER = `
apt-get -qq update
mkdir -p /srv/newer; cd /srv/newer; chmod 777 .
apt-get -qq download ${UPGRADED.join(' ')} >/dev/null
for old in *.deb; do
  dpkg-deb -R "$old" tree
  sed -i 's/^Version: .*/&+newer1/; s/postfix (= [^)]*/&+newer1/' tree/DEBIAN/control
  grep -s '^/' tree/DEBIAN/conffiles | while read -r path; do echo '# another default' >>"tree$path"; done || true
  dpkg-deb -Znone -b tree "new-$old" >/dev/null
  rm -rf tree "$old"
done
for new in *.deb; do
  dpkg-deb -f "$new"
  printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$new" "$(stat -c %s "$new")" "$(sha256sum "$new" | cut -d ' ' -f 1)"
done >Packages
echo 'deb [trusted=yes] file:/srv/newer ./' >/etc/apt/sources.list.d/newer.list
apt-get -qq update`;

  test('an upgrade of packages to newer versions stops nothing and leaves nothing to change', async () => {
    // freshclam runs, as on a real host; with the test signature only it does not.
    const wanted = desired({ clamavTestSignatureOnly: false, clamavMirrors: ['http://127.0.0.1:8098'] });
    await host.apply(wanted);
    await host.inside(NEWER);
    const log = await host.inside(
      'DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Options::=--force-confold upgrade </dev/null 2>&1',
    );
    for (const name of UPGRADED) expect(log).toMatch(new RegExp(`^Unpacking ${name} (\\S+ )?\\(\\S+[+]newer1\\) over \\(`, 'm'));
    await eventually('[ "$(systemctl is-active postfix amavis clamav-daemon clamav-freshclam | sort -u)" = active ]');
    const { changes, planIsEmpty } = await host.look(wanted);
    expect(changes).toMatchObject({ services: [], files: [], directories: [], derived: [] });
    expect(planIsEmpty).toBe(true);
    expect(await host.inside('systemctl --failed --no-legend --plain')).toBe('');
    expect(await host.inside('head -n 1 /etc/logrotate.d/clamav-freshclam')).toBe('/var/log/clamav/freshclam.log {');
    await host.inside('rm -r /srv/newer /etc/apt/sources.list.d/newer.list');
  });
});

describe('passwords', () => {
  test('R18: set by a service user are good for submission over TLS', async () => {
    expect(await asUser('echo 9-lively-otters | sudo -n saslpasswd2 -p alice; sudo -n sasldblistusers2')).toBe(
      'alice@mailserver: userPassword\nexit 0',
    );
    expect(await say(587, 'app@example.test', 'hello', 'alice:9-lively-otters')).toBe('250 accepted');
    expect(await say(587, 'app@example.test', 'hello', 'alice:wrong')).toMatch(/^535 /);
  });

  test.each([
    'saslpasswd2 -p -f /tmp/x carol',
    'saslpasswd2 -pf/tmp/x carol',
    'saslpasswd2 -cf /tmp/x carol',
    'saslpasswd2 -a other carol',
    'saslpasswd2 -- -f',
    'saslpasswd2 a b',
    'sasldblistusers2 -f /etc/shadow',
    'sasldblistusers2 /etc/shadow',
    '/usr/sbin/saslpasswd2 carol',
    '/etc/init.d/postfix stop',
    '/etc/init.d/postfix reload more',
    '/usr/lib/mailserver/postfix-gate reload',
    '/bin/sh',
  ])('R38, R39: sudo %s is refused', async (command) => {
    expect(await asUser(`sudo -n ${command}`)).toMatch(/exit (1|64)$/);
    expect(await host.inside('ls /tmp/x 2>&1 || true')).toContain('No such file');
  });
});

describe('a change of a service user', () => {
  test('R22, R37: takes effect with their reload, and the next apply leaves it alone', async () => {
    const edit =
      'echo "@piped.test user-webapp:" >>/etc/mail/transport; echo piped.test >>/etc/mail/relay-domains; ' +
      'echo 203.0.113.0/24 >>/etc/mail/external-networks; echo "delay_warning_time = 4h" >>/etc/postfix/main.d/40_local.cf';
    expect(await asUser(edit)).toBe('exit 0');
    expect(await host.inside('/usr/lib/mailserver/postfix-gate status || true')).toBe(
      'maps or configuration were changed and not reloaded',
    );
    expect(await reload()).toBe('exit 0');
    expect(await say(25, 'x@piped.test')).toBe('250 accepted');
    expect(await host.inside('postconf -h delay_warning_time')).toBe('4h');
    await host.apply(desired({ accessSender: { 'bad@example.test': 'REJECT' } }));
    expect(await host.inside('tail -qn 1 /etc/mail/transport /etc/postfix/main.d/40_local.cf')).toBe(
      '@piped.test user-webapp:\ndelay_warning_time = 4h',
    );
  });

  test('R37: of what Postfix reads at its start only restarts it, however the reload was asked for', async () => {
    const listens = () => host.inside("ss -Hltn 'sport = :25' | awk '{ print $4 }' | sort");
    await asUser('echo "inet_protocols = ipv4" >/etc/postfix/main.d/50_ipv4.cf');
    expect(await reload()).toMatch(/Postfix is restarted, since it reads inet_protocols at its start only\nexit 0$/);
    expect(await listens()).toBe('0.0.0.0:25');
    await asUser('rm /etc/postfix/main.d/50_ipv4.cf');
    await host.inside('systemctl reload postfix');
    await eventually('ss -Hltn "sport = :25" | grep -q "::"');
    await eventually('[ "$(systemctl is-active postfix)" = active ]');
    expect(await reload()).toBe('exit 0');
  });

  test('R37: of what Postfix reads at its start only is taken back when it does not start with it', async () => {
    await asUser('echo "inet_protocols = ipv4" >/etc/postfix/main.d/50_ipv4.cf');
    expect(await reload()).toMatch(/exit 0$/);
    const before = await host.inside('md5sum /etc/postfix/main.cf; postconf -h inet_protocols');
    await host.inside(`systemd-run --quiet --unit=occupant python3 -c '
import socket, time
with socket.socket(socket.AF_INET6) as other:
    other.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    other.bind(("::", 25))
    other.listen()
    time.sleep(600)'`);
    await eventually('ss -Hltn "sport = :25" | grep -qF "[::]"');
    try {
      await asUser('rm /etc/postfix/main.d/50_ipv4.cf');
      expect(await reload()).toMatch(
        /does not start: fatal: bind :: port 25: .*\npostfix-gate: the state before is back\nexit 1$/,
      );
      expect(await host.inside('md5sum /etc/postfix/main.cf; postconf -h inet_protocols')).toBe(before);
      expect(await say(25, 'app@example.test')).toBe('250 accepted');
    } finally {
      await host.inside('systemctl stop occupant');
    }
    expect(await reload()).toMatch(/exit 0$/);
    expect(await host.inside('postconf -h inet_protocols')).toBe('all');
  });

  test('R45: is not a change when it is the backup copy of an editor', async () => {
    const copies = '/etc/mail/transport~ /etc/mail/.transport.swp "/etc/mail/#transport#" /etc/postfix/main.d/40_local.cf~';
    await asUser(`touch ${copies}`);
    expect(await host.inside('/usr/lib/mailserver/postfix-gate status')).toBe('current');
    await asUser(`rm ${copies}`);
  });

  test('R37: is looked for without waiting for a pipe among the fragments', async () => {
    await asUser('mkfifo /etc/postfix/main.d/note.cf');
    expect(await host.inside('timeout 20 /usr/lib/mailserver/postfix-gate status; rm /etc/postfix/main.d/note.cf')).toBe(
      'current',
    );
  });

  test('R37: never waits for a pipe or follows a link in the place of a map', async () => {
    const told = async (command: string) => {
      await asUser(`mv /etc/mail/canonical /etc/mail/away; ${command} /etc/mail/canonical`);
      const answer = await reload();
      await asUser('rm /etc/mail/canonical; mv /etc/mail/away /etc/mail/canonical');
      return answer;
    };
    expect(await told('mkfifo')).toMatch(/canonical:0: is not a regular file\nexit 1$/);
    expect(await told('ln -s /etc/shadow')).toMatch(/canonical:0: is a symbolic link; .*\nexit 1$/);
    expect(await host.inside('/usr/lib/mailserver/postfix-gate status')).toBe('current');
  });

  test('R37: on a full disk changes nothing, and says so, also before a start of Postfix', async () => {
    // A copy of /etc/postfix that one page is left in, for the gate alone.
    const before = await liveState();
    const said = await host.inside(`unshare --mount --propagation private bash -c '
      mount -t tmpfs -o size=400k tmpfs /mnt; cp -a /etc/postfix/. /mnt; mount --bind /mnt /etc/postfix
      echo "smtpd_helo_required = no" >>/etc/postfix/main.d/40_local.cf
      dd if=/dev/zero of=/etc/postfix/fill bs=4096 status=none 2>&1; truncate -s -4096 /etc/postfix/fill
      /usr/lib/mailserver/postfix-gate prepare 2>&1; echo "exit $?"
      md5sum /etc/postfix/main.cf /etc/postfix/master.cf; ls /etc/postfix | grep new' || true`);
    expect(said).toMatch(/nothing was changed, .*\ncp: .*No space left on device\n.* there is no space left on .*\nexit 1\n/);
    expect(said).toContain(before.split('\n').slice(1).join('\n'));
    expect(said).not.toMatch(/\.new$/);
    expect(await liveState()).toBe(before);
  });

  test('R37: that is called off while it is tried out leaves no second Postfix behind', async () => {
    // As early as possible is the worst moment. One that ended before it could be called off is done once more.
    const said = await host.inside(`
      trial() { pgrep -f '^/usr/lib/postfix/sbin/master -c /var/lib/mailserver/postfix/work/'; }
      off=0
      for run in $(seq 30); do
        /usr/lib/mailserver/postfix-gate check 2>/tmp/said & gate=$!
        while kill -0 $gate 2>/dev/null && ! trial >/dev/null; do :; done
        pkill -TERM -f '^/usr/bin/python3 .*/usr/lib/mailserver/postfix-trial' || true
        wait $gate || off=$((off + $(grep -cx 'postfix-gate: called off while the change was tried out' /tmp/said)))
        if trial || ls -d /var/lib/mailserver/postfix/work/check.* 2>/dev/null; then exit 1; fi
        if [ $off = 5 ]; then break; fi
      done; echo "$off called off, nothing left"`);
    expect(said).toBe('5 called off, nothing left');
  });

  test('R12: of a parameter that is set already counts, and says which one it overrides', async () => {
    await asUser('echo "smtpd_banner = \\$myhostname ESMTP ours" >/etc/postfix/main.d/50_banner.cf');
    expect(await reload()).toBe(
      "postfix-gate: warning: /etc/postfix/main.d/50_banner.cf:1: 'smtpd_banner' is set in /etc/postfix/main.d/10_role.cf:13 already; this one counts\nexit 0",
    );
    expect(await host.inside('/usr/lib/mailserver/probe smtp 127.0.0.1 25')).toBe('mail.example.test ESMTP ours');
    await asUser('rm /etc/postfix/main.d/50_banner.cf');
    expect(await reload()).toBe('exit 0');
  });

  test.each(sampled(MISTAKES, 7))('R37: to %s with a mistake (%s) changes nothing and says why', async (file, line, message) => {
    const before = await liveState();
    await asUser(`cp -p ${file} /tmp/before; echo ${quoted(line)} >>${file}`);
    try {
      const answer = await reload();
      expect(answer).toMatch(message);
      expect(answer).toMatch(/exit 1$/);
      expect(await liveState()).toBe(before);
      expect(await host.inside('/usr/lib/mailserver/probe smtp 127.0.0.1 25 --starttls')).toBe('mail.example.test ESMTP');
    } finally {
      await asUser(`cat /tmp/before >${file}`);
    }
  });
});

describe("the cloud's metadata service", () => {
  const closed = desired({ metadataRootOnly: true });
  /** What a user gets of the service's own answer, which is the text "credentials". */
  const asked = (prefix: string) =>
    host.inside(`${prefix} curl -sS --interface 127.0.0.1 --max-time 5 http://169.254.169.254/ 2>&1 || true`);

  beforeAll(async () => {
    await host.inside(`mkdir -p /srv/metadata; echo credentials >/srv/metadata/index.html
cat >/etc/systemd/system/metadata.service <<'EOF'
[Service]
ExecStartPre=/bin/sh -c 'ip address replace 169.254.169.254/32 dev lo'
ExecStart=/usr/bin/python3 -m http.server --bind 169.254.169.254 --directory /srv/metadata 80
EOF
systemctl daemon-reload; systemctl start metadata; command -v curl >/dev/null || apt-get -qq install -y curl >/dev/null`);
    await eventually('curl -s --max-time 5 http://169.254.169.254/ | grep -q credentials');
  });
  afterAll(() =>
    host.inside(
      'systemctl stop metadata; ip address delete 169.254.169.254/32 dev lo; rm /etc/systemd/system/metadata.service; systemctl daemon-reload',
    ),
  );

  test('answers everybody until the stack closes it, then root alone, also where somebody is root of a user namespace', async () => {
    expect(await asked('runuser -u webapp --')).toBe('credentials');
    await host.apply(closed);
    expect(await asked('')).toBe('credentials');
    for (const user of ['runuser -u webapp --', 'runuser -u postfix --', 'runuser -u webapp -- unshare --map-root-user --user']) {
      expect(await asked(user)).toMatch(/curl: \(7\)/);
    }
    expect((await host.look(closed)).planIsEmpty).toBe(true);
  });

  test('is closed again by the next apply when somebody opens it, which the plan shows', async () => {
    await host.inside('nft flush ruleset');
    expect(await asked('runuser -u webapp --')).toBe('credentials');
    expect((await host.look(closed)).planIsEmpty).toBe(false);
    await host.apply(closed);
    expect(await asked('runuser -u webapp --')).toMatch(/curl: \(7\)/);
  });

  test.each(['start', 'reload', 'restart', 'stop'])(
    'stays closed when the rules of an administrator come or go: %s',
    async (verb) => {
      await host.inside(`systemctl ${verb} nftables.service`);
      expect(await asked('runuser -u webapp --')).toMatch(/curl: \(7\)/);
      expect((await host.look(closed)).planIsEmpty).toBe(true);
    },
  );

  test('is closed from the start of the machine, before anybody can log in', async () => {
    const order = await host.inside(
      'systemctl is-enabled mailserver-metadata.service; systemctl show -p Before -p WantedBy mailserver-metadata.service',
    );
    expect(order).toMatch(/^enabled\n/);
    expect(order).toMatch(/Before=.*network-pre\.target/);
    expect(order).toMatch(/WantedBy=.*sysinit\.target/);
  });

  test('leaves no file and no unit when the stack wants it no more', async () => {
    await host.apply(desired());
    const left =
      'ls -d /usr/lib/mailserver/metadata* /etc/systemd/system/nftables.service.d/mailserver.conf 2>/dev/null || true; systemctl list-unit-files mailserver-metadata* --no-legend';
    expect(await host.inside(`${left} || true`)).toBe('');
    expect((await host.look(desired())).planIsEmpty).toBe(true);
    await host.inside('nft flush ruleset; systemctl disable -q --now nftables.service 2>/dev/null || true');
    expect(await asked('runuser -u webapp --')).toBe('credentials');
  });
});

describe('a healthy host', () => {
  test('R37: starts with the last good state when somebody left mistakes in the files, and says where they are', async () => {
    const mistakes = ['/etc/postfix/main.d/40_local.cf', '/etc/mail/transport'];
    await asUser(
      mistakes.map((file) => `cat ${file} >/home/webapp/kept${file.replaceAll('/', '-')}; echo mistake >>${file}`).join('; '),
    );
    await host.inside('systemctl restart postfix');
    for (const probe of desired().probes) await eventually(`${probe.command} >/dev/null`);
    expect(await host.inside('/usr/lib/mailserver/postfix-gate status || true')).toBe(
      'maps or configuration were changed and not reloaded',
    );
    expect(await host.inside('journalctl -b -o cat -u postfix')).toMatch(/40_local\.cf:\d+: missing '=' after attribute name/);
    await asUser(mistakes.map((file) => `cat /home/webapp/kept${file.replaceAll('/', '-')} >${file}`).join('; '));
    expect(await host.inside('/usr/lib/mailserver/postfix-gate status')).toBe('current');
  });

  test('R46: comes back after a reboot, without a warning in its journal', async () => {
    await host.inside('systemctl reboot');
    await host.cutPower().catch(() => undefined);
    await host.bootAgain();
    await host.inside('systemctl is-system-running --wait >/dev/null || true');
    for (const probe of desired().probes) await eventually(`${probe.command} >/dev/null`);
    expect(await portsOpenTo('webapp')).toEqual([]);
    expect(await portsOpenTo('root')).toHaveLength(LOCAL_PORTS.length);
    const started = async (unit: string) => Number(await host.inside(`systemctl show -P ActiveEnterTimestampMonotonic ${unit}`));
    const ruled = await started('mailserver-local-ports');
    expect(ruled).toBeGreaterThan(0);
    for (const unit of ['postfix', 'amavis', 'postgrey', 'policyd-weight']) expect(await started(unit)).toBeGreaterThan(ruled);
    expect(await host.inside('systemctl --failed --no-legend; /usr/lib/mailserver/postfix-gate status')).toBe('current');
    expect(await say(25, 'app@example.test')).toBe('250 accepted');
    expect(await host.inside('journalctl -q -b -p warning -o short')).toBe('');
  });
});

describe('a host that the role is removed from', () => {
  test('has no rule, unit or drop-in of the local ports any more', async () => {
    const listed = `nft list tables | grep mailserver_local_ports || true
      ls -d /etc/systemd/system/nftables.service.d /etc/systemd/system/mailserver-local-ports.service \\
        /etc/systemd/system/*/mailserver-local-ports* /usr/lib/mailserver/local-ports.nft 2>/dev/null || true
      systemctl list-units --all --plain --no-legend 'mailserver-local-ports*'`;
    const before = await host.inside(listed);
    for (const each of [
      'inet mailserver_local_ports',
      'd/mailserver-local-ports.conf',
      'wants/mailserver-local-ports.service',
      '.nft',
    ])
      expect(before).toContain(each);
    const connection = await host.connect();
    await removeRole(connection);
    await connection.close();
    expect(await host.inside(listed)).toBe('');
    expect(await portsOpenTo('root')).toEqual([]);
  });
});
