import type { MailHost } from '../requirements/mail-host';
import { sampled } from '../support/sampled';

/** Where root's programs and Postfix keep what they write. */
const PLACES = '/run /etc/postfix /etc/mail /usr/lib/mailserver /var/lib/mailserver /var/lib/postfix /var/spool/postfix';

/** Takes a lock on every file and folder that it can open, of both kinds that Linux has, and keeps them. */
const HOLD_EVERYTHING = `
ulimit -n $(ulimit -H -n); find ${PLACES} \\( -type f -o -type d \\) -readable 2>/dev/null | perl -MFcntl=:flock,:seek,:DEFAULT -e '
  while (<STDIN>) { chomp; sysopen(my $file, $_, O_RDONLY | O_NONBLOCK) or next; flock($file, LOCK_EX | LOCK_NB); my $shared = pack("s s l! l! i", F_RDLCK, SEEK_SET, 0, 0, 0); fcntl($file, F_SETLK, $shared); push @held, $file }
  open my $ready, ">", "/tmp/holding"; close $ready; sleep 300'`;

/** Reloads, and has what that says wait behind a pipe that is full and that nobody reads. */
const MUTE_RELOAD = `rm -f /tmp/full; mkfifo /tmp/full; exec 3<>/tmp/full; head -c 65536 /dev/zero >&3
exec sudo -n /etc/init.d/postfix reload >&3 2>&1`;

/** Limits and habits of a caller that would break what root does, if they reached it. */
const CALLERS: readonly string[] = [
  'ulimit -f 0',
  'ulimit -n 12',
  'ulimit -t 1; ulimit -s 64',
  'ulimit -u 3',
  "umask 0777; renice -n 19 $$; echo 1000 >/proc/self/oom_score_adj; trap '' TERM HUP INT CHLD PIPE; exec <&-",
  'umask 0; mkdir -p /tmp/gone && cd /tmp/gone && rmdir /tmp/gone',
];

/** Who can hold a lock of root's, or make root wait while it holds one, keeps mail from flowing. */
export function locks(host: MailHost): void {
  const inBackground = (unit: string, user: string, script: string) =>
    host.inside(`systemd-run -q --unit=${unit} --uid=${user} sh -c '${script.replaceAll("'", "'\\''")}'`);
  const end = (unit: string) =>
    host.inside(`systemctl kill -s KILL ${unit} 2>/dev/null; systemctl reset-failed ${unit} 2>/dev/null; true`);

  beforeAll(() => host.inside('id plain >/dev/null 2>&1 || useradd -m plain'));

  test('who holds a lock on everything that they can open delays no reload, restart, push or password', async () => {
    await host.inside('rm -f /tmp/holding');
    await inBackground('holder', 'plain', HOLD_EVERYTHING);
    try {
      await host.eventually('[ -e /tmp/holding ]');
      const undo = await host.edit({ '/etc/mail/canonical': 'held@example.test open@example.test' });
      await undo();
      expect(await host.asUser('sudo -n /etc/init.d/postfix restart')).toMatch(/exit 0$/);
      expect(await host.asUser('echo 9-lively-otters | sudo -n saslpasswd2 -p held && sudo -n saslpasswd2 -d held')).toBe(
        'exit 0',
      );
      // Who waits for the gate's lock says so.
      const { lines } = await host.machine.apply(host.desired({ mainCf: { bounce_queue_lifetime: '4d' } }));
      expect(lines.filter((line) => /waiting/.test(line))).toEqual([]);
      await host.machine.apply(host.desired());
    } finally {
      await end('holder');
    }
  });

  test('a start waits for no change that is under way: Postfix comes up with what was before it', async () => {
    await host.inside('systemd-run -q --unit=busy flock /run/mailserver/postfix-gate.lock sleep 300');
    await host.asUser('echo "x@busy.test REJECT" >>/etc/mail/access-sender');
    try {
      await host.eventually('! flock -n /run/mailserver/postfix-gate.lock true');
      const begin = await host.inside('date +%s');
      await host.inside('systemctl restart postfix');
      expect(await host.inside(`journalctl -q -o cat -u postfix --since=@${begin}`)).toContain(
        'a change is under way; Postfix starts with what was before it',
      );
      expect(await host.inside('systemctl is-active busy')).toBe('active');
      expect(await host.inside('/usr/lib/mailserver/postfix-gate status || true')).toContain('not reloaded');
    } finally {
      await end('busy');
    }
    await host.reload();
    await host.asUser('sed -i /busy.test/d /etc/mail/access-sender');
    await host.reload();
  });

  test('what a reload has to say is short, and keeps nobody waiting when nobody reads it', async () => {
    await host.asUser('yes "x@example.test no such action" | head -n 4000 >>/etc/mail/access-sender');
    try {
      const said = await host.asUser('sudo -n /etc/init.d/postfix reload 2>&1 | wc -c');
      expect(Number(said.split('\n')[0])).toBeGreaterThan(100);
      expect(Number(said.split('\n')[0])).toBeLessThan(20_000);
      await inBackground('mute', 'webapp', MUTE_RELOAD);
      // What there is to say is written down while the lock is held.
      await host.eventually('ls /run/mailserver/said.* >/dev/null 2>&1 && flock -n /run/mailserver/postfix-gate.lock true');
    } finally {
      await host.asUser('sed -i "/no such action/d" /etc/mail/access-sender');
    }
    expect(await host.reload()).not.toMatch(/waiting/);
    // Nobody has read it yet.
    expect(await host.inside('systemctl is-active mute')).toBe('active');
    await end('mute');
  });

  test.each(sampled(CALLERS, 2))('nothing of the caller reaches what root does for them: %s', async (habit) => {
    const line = `limited@example.test open-${CALLERS.indexOf(habit)}@example.test`;
    await host.asUser(`echo "${line}" >/etc/mail/canonical`);
    const said = await host.asUser(`${habit}; /usr/bin/sudo -n /etc/init.d/postfix reload`);
    const status = await host.inside('/usr/lib/mailserver/postfix-gate status || true');
    // A limit may keep sudo itself from starting; half a reload there is none.
    expect({
      habit,
      whole: said.endsWith('exit 0') ? status === 'current' : /not reloaded/.test(status),
      said: said.slice(0, 300),
    }).toMatchObject({ whole: true });
    const modes = await host.inside(
      `cd /var/lib/mailserver/postfix/current/; stat -c %a . maps maps/canonical.cdb main.cf; stat -c %a /etc/postfix/main.cf; systemctl is-active postfix`,
    );
    expect(modes).toBe('755\n755\n644\n644\n644\nactive');
  });

  test('of a change that is killed nothing stays, and meanwhile nobody else can look at it', async () => {
    await host.asUser('echo "killed@example.test open@example.test" >/etc/mail/canonical');
    const work = '/var/lib/mailserver/postfix/work';
    await host.inside(`for n in 1 2; do
  systemd-run -q --unit=killed-$n /usr/lib/mailserver/postfix-gate check; until ls -d ${work}/*/trial >/dev/null 2>&1; do sleep 0.01; done
  runuser -u plain -- ls ${work} >/tmp/seen 2>&1 && exit 1
  systemctl kill -s KILL killed-$n
done; true`);
    await host.inside(`find ${work} -mindepth 1 -maxdepth 1 -exec touch -d '5 minutes ago' {} +`);
    await host.reload();
    expect(await host.inside(`ls ${work}; ls -d /var/tmp/postfix-gate.* 2>/dev/null || true`)).toBe('');
    await host.asUser('echo >/etc/mail/canonical');
    await host.reload();
  });
}
