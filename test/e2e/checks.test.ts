import { waitFor } from '../../lab/system';
import type { DesiredState } from '../../lib/host/desired-state';
import { capacityOf } from '../../lib/role/capacity';
import { renderRole } from '../../lib/role/render';
import { type RoleSettings, roleSettings } from '../../lib/role/settings';
import { HostLab, type TestMachine } from './support/host-lab';

const settings = roleSettings.parse({
  heloName: 'mail.example.test',
  antivirus: true,
  clamavTestSignatureOnly: true,
  serviceUsers: ['webapp'],
  resolvers: ['127.0.0.1'],
  proxyAddresses: ['198.51.100.99'],
  dnsblSites: ['strict.dnsbl.test=127.0.0.2', 'broad.dnsbl.test=127.0.0.[2..11]*2'],
  checks: { queueWarning: 3, queueCritical: 5 },
});

/** Lists that answer as they should, and a mail domain whose host is down; records of a test are added. */
const zone = (records = '', gone = '') =>
  `$TTL 1
. SOA ns. hostmaster. 1 3600 600 86400 1
. NS ns.
ns. A 127.0.0.1
2.0.0.127.strict.dnsbl.test. A 127.0.0.2
2.0.0.127.broad.dnsbl.test. A 127.0.0.4
away.test. A 198.51.100.250
mail.example.test. A 198.51.100.99
99.100.51.198.in-addr.arpa. PTR mail.example.test.
${records}
`
    .split('\n')
    .filter((line) => gone === '' || !line.includes(gone))
    .join('\n');

/** The role, on a machine whose name server has the blocklists of the test. */
function desired(changes: Partial<RoleSettings> = {}): DesiredState {
  const state = renderRole({ ...settings, ...changes }, capacityOf(1, 4000, true));
  const root = { owner: 'root', group: 'root', mode: '0644' };
  const nsd =
    'server:\n  ip-address: 127.0.0.1\nremote-control:\n  control-enable: no\nzone:\n  name: "."\n  zonefile: /etc/nsd/zone\n';
  return {
    ...state,
    packages: [...state.packages, 'nsd'],
    files: [...state.files, { ...root, path: '/etc/nsd/nsd.conf', content: nsd }],
    seeds: [...state.seeds, { ...root, path: '/etc/nsd/zone', content: zone() }],
    services: [{ unit: 'nsd.service', state: 'running', restartOn: [], reloadOn: [] }, ...state.services],
  };
}

const CHECKS = [
  'processes',
  'ports',
  'certificate',
  'spam',
  'virus',
  'unscanned',
  'maps',
  'queue',
  'logins',
  'signatures',
  'rules',
  'blocklists',
  'fcrdns',
  'reputation',
] as const;

/** Last numbers of addresses that no known network holds. */
const STRANGERS = [70, 71, 72, 73, 74, 75];

let lab: HostLab;
let host: TestMachine;
/** When the host was whole, in seconds since 1970. */
let setUp: string;

/** The line of a check, and its exit code. */
async function check(request: string, as = ''): Promise<{ line: string; code: number }> {
  const command = `${as} /usr/lib/mailserver/check ${request}`.trim();
  const [line = '', code] = (await host.inside(`cd /; ${command} 2>&1 || code=$?; echo "exit \${code:-0}"`)).split(/\nexit /);
  return { line, code: Number(code) };
}

/** What policyd-weight says of a client. */
const policyFor = (address: string) =>
  host.inside(`python3 - <<'EOF'
import socket
request = ('request=smtpd_access_policy', 'protocol_state=RCPT', 'client_address=${address}', 'client_name=unknown',
           'helo_name=unknown.test', 'sender=a@away.test', 'recipient=webapp@mail.example.test', 'instance=${address}')
with socket.create_connection(('127.0.0.1', 12525)) as connection:
    connection.sendall(('\\n'.join(request) + '\\n\\n').encode())
    print(connection.recv(1000).decode().strip())
EOF`);

/** @param gone A name whose records are taken away. */
const serve = (records: string, gone?: string) =>
  host.inside(`cat >/etc/nsd/zone <<'EOF'\n${zone(records, gone)}EOF\nsystemctl reset-failed nsd; systemctl restart nsd`);

/** Another configuration of the checks than the host's, changed by a line of Python. */
const configured = (change: string) =>
  host.inside(`python3 - <<'EOF'
import json
config = json.load(open('/usr/lib/mailserver/checks.json'))
${change}
json.dump(config, open('/run/checks.json', 'w'))
EOF`);

async function allAreOk(): Promise<void> {
  const { line, code } = await check('all --json');
  const { state, checks } = JSON.parse(line) as { state: string; checks: { name: string; state: string; message: string }[] };
  expect(checks.filter((one) => one.state !== 'OK')).toEqual([]);
  expect(checks.map((one) => one.name)).toEqual(CHECKS);
  expect({ state, code }).toEqual({ state: 'OK', code: 0 });
}

beforeAll(async () => {
  lab = await HostLab.start('debian-13-mail');
  host = await lab.boot('mail', { number: 66, alsoNumbers: STRANGERS });
  await host.apply(desired());
  // Debian's sasl2-bin tells of errors while it is installed.
  setUp = await host.inside('date +%s');
});
afterAll(() => lab?.stop());

describe('a healthy host', () => {
  test('R46: passes every check', async () => {
    await allAreOk();
    expect((await check('all --prometheus /run/mail.prom')).line).toBe(
      `ALL OK - ${CHECKS.join(', ')} | 'checks'=${CHECKS.length} 'not_ok'=0`,
    );
    expect(await host.inside('grep -c ^mailserver_check_state /run/mail.prom')).toBe(String(CHECKS.length));
  });

  test('R46: is checked by service users without sudo, one line for each check', async () => {
    for (const name of CHECKS) {
      const { line, code } = await check(name, 'runuser -u webapp --');
      expect(`${line} ${code}`).toMatch(/^[A-Z]+ OK - [^\n|]+( \| ('[^']+'=[^ \n]+ ?)+)? 0$/);
    }
  });

  test('R44: says that the samples were refused by the filter, for what they are', async () => {
    expect((await check('spam')).line).toMatch(/^SPAM OK - GTUBE is refused: 554 5\.7\.0 Reject, id=\S+ - spam \| 'time'=/);
    expect((await check('virus')).line).toMatch(/^VIRUS OK - EICAR is refused: 554 5\.7\.0 Reject, id=\S+ - INFECTED: Eicar/);
    expect((await check('unscanned')).line).toMatch(
      /^UNSCANNED OK - a damaged archive is refused: 554 5\.7\.0 Reject, id=\S+ - could not be scanned for viruses \(sample\.com: damaged Zip/,
    );
  });

  test('R46: is checked by a timer, which leaves files and no line in the journal', async () => {
    await host.inside('systemctl start mailserver-checks.service');
    expect(await host.inside('systemctl is-active mailserver-checks.timer')).toBe('active');
    expect(JSON.parse(await host.inside('cat /var/lib/mailserver/checks/status.json'))).toMatchObject({ state: 'OK', code: 0 });
    const metrics = await host.inside('cat /var/lib/mailserver/checks/metrics.prom');
    for (const name of CHECKS) expect(metrics).toContain(`mailserver_check_state{check="${name}"} 0\n`);
    expect(metrics).toContain('mailserver_queue_messages{queue="deferred"} 0\n');
    expect(metrics).toMatch(/^mailserver_checks_run_timestamp_seconds \d+/m);
    expect(await check('all --last')).toMatchObject({ line: expect.stringContaining('ALL OK - '), code: 0 });
    expect(await check('spam --last')).toMatchObject({ line: expect.stringContaining('SPAM OK - GTUBE is refused'), code: 0 });
    expect(await host.inside('journalctl -o cat -u mailserver-checks.service')).toBe('');
  });

  test('R46: has no mail, no greylisted sender and no warning left by the checks', async () => {
    expect(await host.inside('mailq; ls /var/mail; find /var/lib/amavis/virusmails -type f')).toBe('Mail queue is empty');
    const decisions = (await host.inside("journalctl -b -o cat | grep -o 'action=[a-z]*, reason=[a-z ]*' | sort -u")).split('\n');
    expect(decisions).toEqual(['action=pass, reason=recipient whitelist']);
    expect(await host.inside(`journalctl -q -p warning -o short --since @${setUp}`)).toBe('');
  });
});

describe('a fault', () => {
  const start = (unit: string, probe: string) =>
    `systemctl start ${unit}; for i in $(seq 1200); do /usr/lib/mailserver/probe ${probe} >/dev/null && exit 0; sleep 0.1; done; exit 1`;
  const startAmavis = start('amavis', 'smtp 127.0.0.1 10024');
  const startClamd = start('clamav-daemon', 'clamd /run/clamav/clamd.ctl');
  const startPostfix = start('postfix', 'smtp 127.0.0.1 25');

  test.each<[requirement: string, fault: string, mend: string, found: Record<string, [code: number, line: RegExp]>]>([
    [
      'R42: a dead postgrey',
      'systemctl stop postgrey',
      start('postgrey', 'policy 127.0.0.1 10023'),
      {
        processes: [1, /^PROCESSES WARNING - postgrey: Connection refused; mail is not greylisted \| /],
        spam: [0, /^SPAM OK/],
      },
    ],
    [
      'R42: a dead policyd-weight',
      'systemctl stop policyd-weight',
      start('policyd-weight', 'policy 127.0.0.1 12525'),
      { processes: [1, /^PROCESSES WARNING - policyd-weight: Connection refused; blocklists are not asked \| /] },
    ],
    [
      'R42: a dead amavis',
      'systemctl stop amavis',
      startAmavis,
      {
        processes: [
          2,
          /^PROCESSES CRITICAL - amavis, incoming: Connection refused; mail waits; amavis, submission: Connection refused; mail waits \| /,
        ],
        spam: [2, /^SPAM CRITICAL - GTUBE was put off, a filter does not work and mail waits: 451 /],
        ports: [0, /^PORTS OK/],
      },
    ],
    [
      'R42: a dead clamd',
      'systemctl stop clamav-daemon',
      startClamd,
      {
        processes: [2, /^PROCESSES CRITICAL - clamd: no answer; mail waits \| /],
        virus: [2, /^VIRUS CRITICAL - EICAR was put off, a filter does not work and mail waits: 451 /],
      },
    ],
    [
      'R43: a dead Postfix',
      'systemctl stop postfix',
      startPostfix,
      {
        ports: [2, /^PORTS CRITICAL - port 25: Connection refused; port 587: Connection refused; port 465: Connection refused/],
        certificate: [2, /^CERTIFICATE CRITICAL - port 25: no certificate: Connection refused/],
        spam: [2, /^SPAM CRITICAL - GTUBE got no answer \(connection: Connection refused\)/],
        processes: [0, /^PROCESSES OK/],
      },
    ],
    [
      'R43: AUTH on port 25',
      'postconf -P smtp/inet/smtpd_sasl_auth_enable=yes; postfix reload',
      '/usr/lib/mailserver/postfix-gate apply',
      {
        ports: [2, /^PORTS CRITICAL - port 25: AUTH is offered where it must not be/],
        maps: [2, /^MAPS CRITICAL - \/etc\/postfix\/master\.cf was changed by hand/],
      },
    ],
    [
      'R43: a banner with another name',
      'postconf smtpd_banner="elsewhere.test ESMTP"; postfix reload',
      '/usr/lib/mailserver/postfix-gate apply',
      { ports: [2, /^PORTS CRITICAL - port 25: banner is 'elsewhere\.test ESMTP', expected the name mail\.example\.test/] },
    ],
    [
      'R44: spam that passes the filter',
      `cp -p /etc/amavis/conf.d/50-user /run/50-user; sed -i 's/final_spam_destiny = D_REJECT/final_spam_destiny = D_PASS/' /etc/amavis/conf.d/50-user; systemctl stop amavis; ${startAmavis}`,
      `cp -p /run/50-user /etc/amavis/conf.d/50-user; systemctl stop amavis; ${startAmavis}`,
      { spam: [2, /^SPAM CRITICAL - GTUBE was accepted, mail is not filtered: 250 /], virus: [0, /^VIRUS OK/] },
    ],
    [
      'R44: mail that passes unscanned',
      `cp -p /etc/amavis/conf.d/50-user /run/50-user; sed -i 's/final_unchecked_destiny = D_REJECT/final_unchecked_destiny = D_PASS/' /etc/amavis/conf.d/50-user; systemctl stop amavis; ${startAmavis}`,
      `cp -p /run/50-user /etc/amavis/conf.d/50-user; systemctl stop amavis; ${startAmavis}`,
      {
        unscanned: [2, /^UNSCANNED CRITICAL - a damaged archive was accepted, mail is not filtered: 250 /],
        virus: [0, /^VIRUS OK/],
      },
    ],
    [
      'R44: port 25 without its filter',
      'postconf -P smtp/inet/smtpd_proxy_filter=; postfix reload',
      '/usr/lib/mailserver/postfix-gate apply',
      { spam: [2, /^SPAM CRITICAL - port 25 hands mail nowhere and not to the filter at 127\.0\.0\.1:10024/] },
    ],
    [
      'R44: a refusal for another reason',
      "postconf -P '127.0.0.1:10027/inet/message_size_limit=100'; postfix reload",
      '/usr/lib/mailserver/postfix-gate apply',
      { virus: [2, /^VIRUS CRITICAL - EICAR was refused for another reason \((sender|text)\): 552 /] },
    ],
    [
      'R45: a map that was edited and not reloaded',
      'cp -p /etc/mail/access-sender /run/access-sender; echo "bad@example.net REJECT" >>/etc/mail/access-sender',
      'cp -p /run/access-sender /etc/mail/access-sender',
      {
        maps: [
          1,
          /^MAPS WARNING - maps or configuration were changed and not reloaded: \/etc\/mail\/access-sender \(\d+ s ago\)/,
        ],
      },
    ],
    [
      'R45: a table newer than the daemons',
      'touch -d "1 hour" /var/lib/mailserver/postfix/current/maps/canonical.pcre',
      'touch -d "1 day ago" /var/lib/mailserver/postfix/current/maps/canonical.pcre',
      { maps: [1, /^MAPS WARNING - tables are newer than the daemons that read them: \S+\/maps\/canonical\.pcre/] },
    ],
    [
      'R45: a list for postgrey that was edited, and postgrey not restarted',
      'echo friend.example >>/etc/postfix/postgrey_whitelist_clients.local',
      'sed -i /friend.example/d /etc/postfix/postgrey_whitelist_clients.local',
      { maps: [1, /^MAPS WARNING - lists for postgrey were changed, and it was not restarted: \S+_clients\.local/] },
    ],
    [
      'R46: a queue that grows',
      `for i in 1 2 3 4 5; do echo x | sendmail -f postmaster nobody$i@away.test; done
       for i in $(seq 1200); do [ $(postqueue -j | grep -c '"queue_name": "deferred"') = 5 ] && exit 0; sleep 0.1; done; exit 1`,
      'postsuper -d ALL',
      { queue: [2, /^QUEUE CRITICAL - 5 mails wait \(5 deferred; most often: connect to away\.test.*\) \| 'length'=5;3;5 /] },
    ],
    [
      'R46: a certificate that ended',
      `cp -p /var/lib/mailserver/tls/self-signed.pem /run/kept.pem
       openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=old -addext subjectAltName=DNS:mail.example.test \
         -not_before 20240101000000Z -not_after 20240201000000Z -keyout /run/key.pem -out /run/old.pem 2>/dev/null
       cat /run/key.pem /run/old.pem >/var/lib/mailserver/tls/self-signed.pem; postfix reload`,
      'cat /run/kept.pem >/var/lib/mailserver/tls/self-signed.pem; postfix reload',
      {
        certificate: [2, /^CERTIFICATE CRITICAL - port 25: certificate ended \d+ d ago; port 587: .*; port 465: /],
        ports: [0, /^PORTS OK/],
      },
    ],
  ])('%s is found', async (_name, fault, mend, found) => {
    await host.inside(`exec 2>&1; ${fault}`);
    try {
      for (const [name, [code, line]] of Object.entries(found)) {
        const answer = await check(name);
        expect(answer.line).toMatch(line);
        expect({ name, code: answer.code }).toEqual({ name, code });
      }
    } finally {
      await host.inside(`exec 2>&1; ${mend}`);
    }
  });

  test.each<[string, string, number, RegExp]>([
    ['fresh', '25 hours ago', 0, /^SIGNATURES OK - virus signatures are 25 h old/],
    ['older than 26 hours', '27 hours ago', 1, /^SIGNATURES WARNING - virus signatures are 27 h old, freshclam gets no new ones/],
    ['old', '4 days ago', 2, /^SIGNATURES CRITICAL - virus signatures are 4 d old/],
  ])('R46: is found in virus signatures, or is none: %s', async (_name, when, code, line) => {
    await host.inside(`mkdir -p /run/signatures; touch /run/signatures/main.cvd; touch -d '${when}' /run/signatures/daily.cld`);
    await configured("config['signatures'].update(official=True, database='/run/signatures')");
    const answer = await check('signatures --config /run/checks.json');
    expect(answer.line).toMatch(line);
    expect(answer.code).toBe(code);
  });

  test.each<[fault: string, records: string, check: string, code: number, line: RegExp]>([
    [
      'a list that answers for everything',
      '*.0.0.127.strict.dnsbl.test. A 127.0.0.2',
      'blocklists',
      2,
      /^BLOCKLISTS CRITICAL - strict\.dnsbl\.test lists 127\.0\.0\.1 \(127\.0\.0\.2\), it answers for everything/,
    ],
    [
      'a list that refuses this resolver',
      '2.0.0.127.broad.dnsbl.test. A 127.255.255.254',
      'blocklists',
      1,
      /^BLOCKLISTS WARNING - broad\.dnsbl\.test refuses to answer this resolver \(127\.255\.255\.254\)/,
    ],
    [
      'one of its addresses on a list',
      '99.100.51.198.broad.dnsbl.test. A 127.0.0.3',
      'reputation',
      2,
      /^REPUTATION CRITICAL - 198\.51\.100\.99 is on broad\.dnsbl\.test: others refuse mail of this host/,
    ],
    [
      'a second PTR of one of its addresses',
      '99.100.51.198.in-addr.arpa. PTR ec2.example.test.',
      'fcrdns',
      1,
      /^FCRDNS WARNING - 198\.51\.100\.99 has 2 PTRs \(ec2\.example\.test, mail\.example\.test\)/,
    ],
  ])('R46: is found: %s', async (_name, records, name, code, line) => {
    await serve(records);
    try {
      const answer = await check(name);
      expect(answer.line).toMatch(line);
      expect(answer.code).toBe(code);
    } finally {
      await serve('');
    }
  });

  test('R3: switches a list off that answers for everything, and on again', async () => {
    const asked = () =>
      host.inside(
        `perl -e '
          do "/etc/policyd-weight.conf"; package Answers; sub send { print "asked"; return } package main;
          our $res = bless {}, "Answers"; print rbl_lookup("1.2.0.192.strict.dnsbl.test")'`,
      );
    // A run of the timer may be under way, and may have seen the fault of another test.
    const run = () =>
      host.inside(`while [ "$(systemctl is-active mailserver-checks.service)" = activating ]; do sleep 0.1; done
systemctl start mailserver-checks.service; ls /var/lib/mailserver/checks/blocklists-off`);
    expect(await run()).toBe('');
    expect(await asked()).toBe('asked0');
    await serve('*.0.0.127.strict.dnsbl.test. A 127.0.0.2');
    try {
      expect(await run()).toBe('strict.dnsbl.test');
      expect(await asked()).toBe('-1');
      expect(await check('blocklists')).toMatchObject({ line: expect.stringContaining(', it is switched off |'), code: 1 });
    } finally {
      await serve('');
    }
    expect(await run()).toBe('');
    expect(await asked()).toBe('asked0');
  });

  test('R3, R46: a list that was closed is found, and refuses nobody', async () => {
    await serve('', 'strict.dnsbl.test');
    try {
      expect(await check('blocklists')).toMatchObject({
        line: expect.stringMatching(
          /^BLOCKLISTS WARNING - strict\.dnsbl\.test does not list 127\.0\.0\.2, it answers for nothing/,
        ),
        code: 1,
      });
      expect(await policyFor('198.51.100.71')).not.toMatch(/^action=(550|reject)/i);
    } finally {
      await serve('');
    }
  });

  test('R46: is reported in the journal once, and once when it is over', async () => {
    const run = () => host.inside('systemctl start mailserver-checks.service');
    const journal = () => host.inside('journalctl -o cat -u mailserver-checks.service');
    await run();
    const before = await journal();
    await host.inside('systemctl stop postgrey');
    await run();
    await run();
    await host.inside(start('postgrey', 'policy 127.0.0.1 10023'));
    await run();
    await run();
    expect((await journal()).slice(before.length).trim().split('\n')).toEqual([
      'PROCESSES WARNING - postgrey: Connection refused; mail is not greylisted',
      expect.stringMatching(/^PROCESSES OK - /),
    ]);
  });

  test('R46: leaves nothing behind once it is mended', async () => {
    await waitFor('an empty queue', async () => (await host.inside('mailq')) === 'Mail queue is empty', { deadline: 20_000 });
    await allAreOk();
    expect(await host.inside('cat /var/mail/* 2>/dev/null || true')).toBe('');
  });
});

describe('postscreen, the successor of policyd-weight', () => {
  /** What a client of port 25 with that address is answered at RCPT; `eager` ones talk before they are greeted. */
  const CLIENT = `
import smtplib, socket, sys
class Eager(smtplib.SMTP):
    def _get_socket(self, *arguments):
        connection = super()._get_socket(*arguments)
        # postscreen answers it within its greeting.
        connection.sendall(b'EHLO eager.test\\r\\n')
        return connection
address, recipient = sys.argv[1], sys.argv[2]
client = Eager if 'eager' in sys.argv else smtplib.SMTP
session = client(timeout=60, local_hostname='stranger.test', source_address=(address, 0))
session.connect('127.0.0.1' if address == '127.0.0.1' else '198.51.100.66', 25)
session.ehlo()
session.mail('')
code, text = session.rcpt(recipient)
print(code, text.decode().replace(chr(10), ' '))
session.quit()
`;
  const answerTo = (address: string, recipient = 'webapp', ...words: string[]) =>
    host.inside(`python3 /root/client.py ${address} ${recipient}@mail.example.test ${words.join(' ')}`);
  const listed = (number: number, list: string, reply: string) => `${number}.100.51.198.${list}.dnsbl.test. A ${reply}`;
  const sites = () => host.inside('postconf -hx postscreen_dnsbl_sites');
  const both = 'strict.dnsbl.test=127.0.0.2*1, broad.dnsbl.test=127.0.0.[2..11]*2';

  /** Everything that one of the two has and the other has not. */
  const traces = () =>
    host.inside(`exec 2>/dev/null; set +e
dpkg-query -W -f '\${Package} \${db:Status-Status}\n' policyd-weight
ls -d /etc/policyd-weight.conf /etc/systemd/system/policyd-weight.service.d /etc/systemd/system/mailserver-blocklists.*
systemctl list-units --all --no-legend --plain 'policyd-weight*' 'mailserver-blocklists*' | cut -d ' ' -f 1
systemctl list-unit-files --no-legend 'policyd-weight*' 'mailserver-blocklists*' | cut -d ' ' -f 1
pgrep -l 'postscreen|policyd-weight' | cut -d ' ' -f 2 | sort -u
ss -Hltn 'sport = :12525' | grep -c .
postconf -hx smtpd_recipient_restrictions | grep -c 12525
postconf -n | grep -c ^postscreen
postconf -M | grep -cE '^(smtpd|dnsblog|tlsproxy) '
true`);
  let policydWeight: string;

  beforeAll(async () => {
    await host.inside(`cat >/root/client.py <<'EOF'\n${CLIENT}\nEOF`);
    await serve('');
    policydWeight = await traces();
    await host.apply(desired({ antispam: 'postscreen', accessClient: { '198.51.100.74': 'OK' } }));
  });

  test('R3: takes its place, and nothing of it stays behind', async () => {
    expect((await traces()).split('\n')).toEqual([
      '/etc/systemd/system/mailserver-blocklists.path',
      '/etc/systemd/system/mailserver-blocklists.service',
      'mailserver-blocklists.path',
      'mailserver-blocklists.service',
      'mailserver-blocklists.path',
      'mailserver-blocklists.service',
      'postscreen',
      '0',
      '0',
      '7',
      '3',
    ]);
    expect(await sites()).toBe(both);
    expect(await host.inside('ls /var/lib/postfix')).toContain('postscreen_cache.lmdb');
  });

  test('R46: passes every check, samples through the filter of port 25 included', async () => {
    await allAreOk();
    expect((await check('processes')).line).not.toContain('policyd-weight');
  });

  test('R3: refuses who is on a list that counts twice, and greylists who is on none, or on one alone', async () => {
    await serve(
      [listed(70, 'broad', '127.0.0.3'), listed(71, 'strict', '127.0.0.2'), listed(72, 'broad', '127.0.0.99')].join('\n'),
    );
    const answers = await Promise.all([70, 71, 72].map((number) => answerTo(`198.51.100.${number}`)));
    expect(answers[0]).toMatch(/^550 5\.7\.1 Service unavailable; client \[198\.51\.100\.70\] blocked using broad\.dnsbl\.test$/);
    expect(answers.slice(1)).toEqual([expect.stringMatching(/^450 .*Greylisted/), expect.stringMatching(/^450 .*Greylisted/)]);
  });

  test('R3: refuses who talks before the greeting is done', async () => {
    expect(await answerTo('198.51.100.73', 'webapp', 'eager')).toMatch(/^550 5\.5\.1 Protocol error$/);
  });

  test('R8, R17: does not test this host, and who is permitted by address', async () => {
    await serve(listed(74, 'broad', '127.0.0.3'));
    expect(await answerTo('127.0.0.1')).toMatch(/^250 /);
    expect(await answerTo('198.51.100.74')).toMatch(/^250 /);
  });

  test('R3: asks a list no more that answers for everything, until it answers as it should', async () => {
    const run = () => host.inside('systemctl start mailserver-checks.service');
    // A run of the timer that is under way already may have asked before.
    const until = (wanted: string) =>
      waitFor(`the lists ${wanted}`, async () => (await run()) === '' && (await sites()) === wanted, { deadline: 120_000 });
    await serve('*.0.0.127.broad.dnsbl.test. A 127.0.0.2\n*.broad.dnsbl.test. A 127.0.0.2');
    await until('strict.dnsbl.test=127.0.0.2*1');
    await waitFor('maps in effect', async () => (await check('maps')).code === 0, { deadline: 30_000 });
    expect(await answerTo('198.51.100.75', 'root')).toMatch(/^450 .*Greylisted/);
    await serve('');
    await until(both);
  });

  test('R3: takes mail while no list answers', async () => {
    await host.inside('systemctl stop nsd');
    try {
      // Whose mail is not greylisted.
      expect(await answerTo('198.51.100.66', 'postmaster')).toMatch(/^250 /);
    } finally {
      await serve('');
    }
  });

  test('R3: leaves nothing behind when policyd-weight takes its place', async () => {
    await host.apply(desired());
    expect(await traces()).toBe(policydWeight);
    await allAreOk();
  });
});
