import { eicar, gtube } from '../../../lab/world/sender';
import type { DesiredState } from '../../../lib/host/desired-state';
import { isEmpty } from '../../../lib/host/diff';
import { HostError } from '../../../lib/host/host-error';
import { message } from '../support/smtp-session';
import type { MailHost } from './mail-host';
import { MAPS } from './maps';
import muted from './muted.py';

const CHAIN = '/etc/mailserver-test/chain.pem';

/** What belongs to the service users unless the stack sets it. */
const SEEDS = [
  ...MAPS.map((name) => `/etc/mail/${name}`),
  '/etc/postfix/main.d/40_local.cf',
  '/etc/postfix/postgrey_whitelist_clients.local',
  '/etc/postfix/postgrey_whitelist_recipients.local',
];

/** Changes of the whole role, and what interrupts them (R2, R37, R40, R41, R46). */
export function changes(host: MailHost): void {
  const certificate = (name: string) =>
    host.inside(`install -d ${CHAIN.replace(/\/[^/]*$/, '')}; cd /tmp
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=${name} -addext subjectAltName=DNS:mail.example.test -keyout key.pem -out cert.pem 2>/dev/null
cat key.pem cert.pem >${CHAIN}.new; chmod 600 ${CHAIN}.new; mv ${CHAIN}.new ${CHAIN}; rm key.pem cert.pem`);
  const subjectOnPort25 = () =>
    host.inside('echo QUIT | openssl s_client -starttls smtp -connect 127.0.0.1:25 2>/dev/null | openssl x509 -noout -subject');
  /** Asks port 25 for its greeting again and again while `work` runs; gives the different outcomes. */
  const greetingsDuring = async (work: () => Promise<unknown>): Promise<string> => {
    const ask = '/usr/lib/mailserver/probe smtp 127.0.0.1 25 >/dev/null && echo greeted || echo failed';
    await host.inside(`rm -f /run/watch-*
setsid sh -c 'while [ ! -e /run/watch-stop ]; do ${ask}; done >/run/watch-seen; touch /run/watch-ended' >/dev/null 2>&1 &`);
    try {
      await work();
    } finally {
      await host.inside('touch /run/watch-stop');
      await host.eventually('[ -e /run/watch-ended ]');
    }
    return host.inside('sort -u /run/watch-seen');
  };

  test('R37: certificate, parameters and maps change together, by a push or a reload, and port 25 answers all the time', async () => {
    await certificate('first');
    const state = {
      smtpdTlsChainFiles: [CHAIN],
      mainCf: { maximal_queue_lifetime: '3d' },
      accessSender: { 'pushed.test': 'REJECT pushed' },
    };
    expect(await greetingsDuring(() => host.machine.apply(host.desired(state)))).toBe('greeted');
    expect(await subjectOnPort25()).toBe('subject=CN=first');
    expect(await host.inside('postconf -h maximal_queue_lifetime')).toBe('3d');
    expect(await host.send(25, { from: 'x@pushed.test', to: 'app@example.test' })).toMatchObject({ code: 554 });

    await certificate('second');
    let undo: () => Promise<void> = async () => undefined;
    const edit = {
      '/etc/postfix/main.d/40_local.cf': 'maximal_queue_lifetime = 2d',
      '/etc/mail/access-recipient': 'shut@example.test REJECT shut',
    };
    const edited = await greetingsDuring(async () => {
      undo = await host.edit(edit);
    });
    expect(edited).toBe('greeted');
    expect(await subjectOnPort25()).toBe('subject=CN=second');
    expect(await host.inside('postconf -h maximal_queue_lifetime')).toBe('2d');
    expect(await host.send(25, { to: 'shut@example.test' })).toMatchObject({ code: 554 });
    await undo();
  });

  test('R37: a client that stays while Postfix reloads keeps nobody from being greeted', async () => {
    const said = await host.inside(`cat >/tmp/muted.py <<'END'\n${muted}\nEND\npython3 /tmp/muted.py`);
    expect(said).toMatch(
      /^220 mail\.example\.test ESMTP \| postfix-greets: ended the session of 127\.0\.0\.1, since smtp greeted nobody else \| held: closed$/,
    );
  });

  test('R26: what the stack leaves out belongs to the service users, and a push never touches it', async () => {
    const own = {
      '/etc/postfix/main.d/40_local.cf': 'delay_warning_time = 4h',
      '/etc/mail/canonical': 'x@example.test y@example.test',
    };
    const undo = await host.edit(own);
    const pushed = {
      mainCf: { delay_warning_time: '1h', maximal_queue_lifetime: '4d' },
      accessSender: { 'pushed.test': 'REJECT' },
    };
    const { changes } = await host.machine.apply(host.desired(pushed));
    expect(isEmpty(changes)).toBe(false);
    const set = '/etc/mail/access-sender';
    const left = SEEDS.filter((path) => path !== set);
    expect(left).toHaveLength(SEEDS.length - 1);
    expect(
      await host.inside(
        `stat -c '%U:%G %a' ${left.join(' ')} | sort -u; stat -c '%U:%G %a' /etc/mail /etc/postfix/main.d ${set}`,
      ),
    ).toBe('root:service 664\nroot:service 2775\nroot:service 3775\nroot:root 644');
    for (const [file, line] of Object.entries(own)) expect(await host.inside(`tail -n 1 ${file}`)).toBe(line);
    expect(await host.inside('postconf -h delay_warning_time maximal_queue_lifetime')).toBe('4h\n4d');
    await host.machine.apply(host.desired());
    for (const [file, line] of Object.entries(own)) expect(await host.inside(`tail -n 1 ${file}`)).toBe(line);
    await undo();
  });

  test('R5: a restart of scanner and policy services leaves amavis and Postfix alone, and refuses no mail', async () => {
    const pids = () => host.inside('systemctl show -P MainPID amavis postfix; cat /var/spool/postfix/pid/master.pid');
    const before = await pids();
    const codes: number[] = [];
    const restart = host.inside('systemctl restart clamav-daemon policyd-weight postgrey');
    for (let n = 0; n < 5; n++) codes.push((await host.send(25, { to: `restarted-${n}@example.test` })).code);
    await restart;
    await host.startAll();
    expect(codes.filter((code) => code >= 500 || code === 0)).toEqual([]);
    expect(await pids()).toBe(before);
  });

  const virus = (to: string) => ({ to, data: message('virus', eicar) });
  const spam = { to: 'app@example.test', data: message('spam', gtube) };

  test('R41: without the antivirus role mail is scanned for spam only, submitted spam is kept, and nothing of the scanner is left', async () => {
    await host.machine.apply(host.desired({ antivirus: false }));
    expect(await host.send(25, virus('unscanned@example.test'))).toMatchObject({ code: 250 });
    expect(await host.send(25, spam)).toMatchObject({ code: 554 });
    const login = await host.login();
    expect(await host.send(465, { ...virus('submitted@example.test'), login })).toMatchObject({ code: 250 });
    await host.delivery('submitted@example.test');
    expect(await host.send(465, { ...spam, to: 'kept@example.test', login })).toMatchObject({ code: 250 });
    await host.eventually("ls /var/lib/amavis/virusmails | grep -q '^spam-' && mailq | grep -q 'is empty'");
    expect(await host.inside('ls /var/lib/amavis/virusmails | sed s/-.*//; rm /var/lib/amavis/virusmails/*')).toBe('spam');
    const left = `systemctl list-units --all --no-legend --plain 'clam*' | grep -v not-found || true
pgrep -l clam || true; ls -d /etc/systemd/system/clam* /etc/systemd/system/*/clam* /etc/clamav/*.conf /run/clamav/* 2>/dev/null || true
dpkg-query -W -f '\${db:Status-Status} \${Package}\\n' 'clam*' 2>/dev/null | grep ^installed || true; systemctl --failed --no-legend`;
    expect(await host.inside(left)).toBe('');
    expect(await host.inside('/usr/lib/mailserver/check all --json | grep -c clamd || true')).toBe('0');
  });

  test('R40: until the first signatures are there mail is put off, and they are asked for at the private mirror only', async () => {
    const mirror = 'http://127.0.0.1:8099';
    await host.inside('systemd-run -q --unit=mirror python3 -m http.server 8099 --bind 127.0.0.1 --directory /srv');
    try {
      await host.machine.apply(host.desired({ clamavTestSignatureOnly: false, clamavMirrors: [mirror] }));
      await host.eventually('journalctl -u mirror -o cat | grep -q "GET /\\(daily\\|main\\).c[vl]d"');
      expect(await host.inside('grep -c database.clamav.net /var/log/clamav/freshclam.log || true')).toBe('0');
      expect(await host.send(25, { to: 'unsigned@example.test' })).toMatchObject({ code: 451 });
      const letter = { to: 'spooled-unsigned@example.test', login: await host.login() };
      expect(await host.send(465, letter)).toMatchObject({ code: 250 });
      expect(await host.inside('journalctl -b -u clamav-daemon -o cat')).toContain('waiting for the first virus signatures');
    } finally {
      await host.inside('systemctl stop mirror');
    }
  });

  test('R40: with the antivirus role again every mail is scanned, also what had to wait', async () => {
    await host.machine.apply(host.desired());
    const refused = { code: 554, text: expect.stringContaining('INFECTED') };
    expect(await host.send(25, virus('scanned@example.test'))).toMatchObject(refused);
    expect(await host.send(25, spam)).toMatchObject({ code: 554 });
    await host.inside('postqueue -f');
    await host.delivery('spooled-unsigned@example.test');
  });

  test('R2: an installation of which half is gone is made whole by the next apply', async () => {
    await host.inside(`systemctl stop postfix amavis
rm -rf /etc/postfix/main.cf /etc/postfix/master.cf /etc/postfix/master.d /etc/postfix/sasl /etc/mail /var/lib/mailserver/postfix \
  /etc/amavis/conf.d/50-user /etc/sudoers.d/mailserver /usr/lib/mailserver/deliver /usr/lib/mailserver/postfix-trial /etc/default/postgrey
dpkg --remove --force-depends postgrey >/dev/null 2>&1`);
    await host.machine.apply(host.desired());
    expect(await host.send(25, { to: 'whole@example.test' })).toMatchObject({ code: 250 });
    await host.delivery('whole@example.test');
    expect(await host.inside('/usr/lib/mailserver/postfix-gate status; stat -c "%U:%G %a" /etc/mail/transport')).toBe(
      'current\nroot:service 664',
    );
  });

  test('R46: everything is up after a power cut in the middle of an apply, in the old state, and mail that was taken is there', async () => {
    const held: DesiredState = {
      ...host.desired({ mainCf: { maximal_queue_lifetime: '1d' }, messageSizeLimit: 1_000_000, greylistDelaySeconds: 7 }),
      probes: [{ name: 'held', command: 'test -e /run/release', timeoutSeconds: 120 }],
    };
    await host.inside('mv /home/webapp/bin/deliver /home/webapp/bin/away');
    expect(await host.send(25, { to: 'taken@example.test' })).toMatchObject({ code: 250 });
    let cut: Promise<void> | undefined;
    const cutPower = async () => {
      await host.machine.cutPower();
      await host.machine.bootAgain();
    };
    const onLine = (line: string) => {
      if (line.includes('probe: held')) cut ??= cutPower();
    };
    const error = await host.machine.apply(held, { onLine }).catch((thrown: unknown) => thrown);
    await cut;
    expect(error).toBeInstanceOf(HostError);
    expect((error as HostError).kind).toBe('rolledBack');
    expect(await host.inside('systemctl is-system-running --wait; systemctl --failed --no-legend')).toBe('running');
    await host.startAll();
    expect(
      await host.inside('postconf -h maximal_queue_lifetime message_size_limit; grep -c delay=1 /etc/default/postgrey'),
    ).toBe('5d\n26214400\n1');
    await host.inside('mv /home/webapp/bin/away /home/webapp/bin/deliver; postqueue -f');
    await host.delivery('taken@example.test');
    expect(await host.send(25, { to: 'after@example.test' })).toMatchObject({ code: 250 });
    const { planIsEmpty } = await host.machine.look(host.desired());
    expect(planIsEmpty).toBe(true);
    const units = ['postfix', 'amavis', 'postgrey', 'policyd-weight', 'clamav-daemon'].map((unit) => `-u ${unit}`).join(' ');
    expect(await host.inside(`journalctl -b -p warning -o cat ${units}`)).toBe('');
  });
}
