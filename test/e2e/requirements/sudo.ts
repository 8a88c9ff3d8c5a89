import type { MailHost } from './mail-host';

/** What root's programs would run or load if the caller's environment reached them; each leaves a trace. */
const TRAP = `
mkdir -p /tmp/trap
for name in postfix postconf postmap postalias getent find sort sha256sum awk sed flock mktemp basename systemctl python3 id saslpasswd2 db5.3_load; do
  printf '#!/bin/sh\\ntouch /tmp/sprung; exit 0\\n' >/tmp/trap/$name
done
printf 'touch /tmp/sprung\\n' >/tmp/trap/env.sh
printf 'open("/tmp/sprung", "w")\\n' >/tmp/trap/sitecustomize.py
printf 'myhostname = sprung.test\\n' >/tmp/trap/main.cf
printf 'sasldb_path: /tmp/sprung\\n' >/tmp/trap/saslpasswd.conf
chmod -R 755 /tmp/trap`;

const ENVIRONMENT = [
  'PATH=/tmp/trap:$PATH',
  'ENV=/tmp/trap/env.sh',
  'BASH_ENV=/tmp/trap/env.sh',
  'PYTHONPATH=/tmp/trap',
  'PYTHONSTARTUP=/tmp/trap/env.sh',
  'MAIL_CONFIG=/tmp/trap',
  'SASL_CONF_PATH=/tmp/trap',
  'SASL_PATH=/tmp/trap',
  'LD_PRELOAD=/tmp/trap/x.so',
  'LD_LIBRARY_PATH=/tmp/trap',
  'TMPDIR=/tmp/trap',
  'SYSTEMCTL_SKIP_REDIRECT=1',
  'IFS=/',
];

const VERBS = ['/etc/init.d/postfix reload', '/etc/init.d/postgrey restart', 'sasldblistusers2', 'mailserver-logins list'];

/** What service users may do as root, and all that they may not (R36 to R39). */
export function sudo(host: MailHost): void {
  const traces = () => host.inside('ls -d /tmp/sprung* /tmp/x /root/sprung* 2>/dev/null || true');

  test('R36, R37, R38, R39: sudo lists the documented verbs and no other', async () => {
    const listed = await host.inside('sudo -l -U webapp | sed -n "/may run/,\\$p" | tail -n +2 | tr "\\n" " " | tr -s " "');
    expect(listed).toBe(
      '(root) NOPASSWD: /etc/init.d/postfix reload, /etc/init.d/postfix restart, /etc/init.d/postgrey restart, /usr/local/sbin/mailserver-logins, /usr/local/sbin/saslpasswd2, /usr/local/sbin/sasldblistusers2',
    );
  });

  test.each(['/etc/init.d/postfix reload', '/etc/init.d/postfix restart', '/etc/init.d/postgrey restart'])(
    'R36, R37: sudo %s works as the service user',
    async (verb) => {
      expect(await host.asUser(`sudo -n ${verb}`)).toMatch(/exit 0$/);
      await host.startAll();
    },
  );

  test.each(VERBS)('R37, R38, R39: nothing of the environment reaches what sudo %s runs', async (verb) => {
    await host.asUser(TRAP);
    await host.asUser('PATH=/tmp/trap:/usr/bin:/bin postconf');
    expect(await traces()).toBe('/tmp/sprung');
    await host.inside('rm /tmp/sprung');
    for (const variable of ENVIRONMENT) {
      const before = await host.inside('postconf -h myhostname');
      // Loaders complain and go on: whether the verb still works is not what is asked here.
      await host.asUser(`export ${variable.replace('$PATH', '/usr/bin:/bin')}; /usr/bin/sudo -n ${verb}`);
      expect({ variable, traces: await traces() }).toEqual({ variable, traces: '' });
      expect(await host.inside('postconf -h myhostname')).toBe(before);
    }
    await host.inside('rm -rf /tmp/trap');
  });

  test.each([
    // Other commands, other arguments.
    '-i',
    '-s',
    'id',
    '/bin/sh -c id',
    '/usr/sbin/postfix reload',
    '/usr/sbin/postsuper -d ALL',
    '/usr/bin/systemctl reload postfix',
    '/etc/init.d/postfix',
    '/etc/init.d/postfix start',
    '/etc/init.d/postgrey stop',
    '/etc/init.d/postgrey reload',
    '/etc/init.d/ssh restart',
    '/etc/init.d/postfix "reload restart"',
    '/etc/init.d/postfix "reload; id"',
    '/etc/init.d/postfix reload --',
    // Wildcards and ways around.
    '"/etc/init.d/post*" reload',
    '"/etc/init.d/postfix reload"',
    '/etc/init.d/postfix "re*"',
    '/etc/init.d/../init.d/postfix stop',
    '/etc/init.d/postgrey/../postfix stop',
    // Other users, other places, other environments.
    '-u postfix /etc/init.d/postfix reload',
    '-u webapp2 /etc/init.d/postfix reload',
    '-g sasl /etc/init.d/postfix reload',
    '-E /etc/init.d/postfix reload',
    '--preserve-env=PATH /etc/init.d/postfix reload',
    'PATH=/tmp/trap /etc/init.d/postfix reload',
    'LD_PRELOAD=/tmp/trap/x.so sasldblistusers2',
    'MAIL_CONFIG=/tmp/trap /etc/init.d/postfix reload',
    '-D /root /etc/init.d/postfix reload',
    '-R /tmp /etc/init.d/postfix reload',
    '-C 9 /etc/init.d/postfix reload',
    '-e /etc/shadow',
    '-e /etc/mail/transport',
    // Passwords: other files, other programs, names that are none.
    'saslpasswd2 -f/tmp/x carol',
    'saslpasswd2 -p -cf /tmp/x carol',
    'saslpasswd2 --file=/tmp/x carol',
    'saslpasswd2 -V',
    'saslpasswd2 carol -f /tmp/x',
    'saslpasswd2 "carol -f /tmp/x"',
    'saslpasswd2 "\\$(touch /tmp/sprung)"',
    'saslpasswd2 "../../etc/passwd"',
    'saslpasswd2 ""',
    'saslpasswd2 -u',
    'saslpasswd2 -- -a',
    'sasldblistusers2 --',
    'sasldblistusers2 ""',
  ])('R38, R39: a service user gets no more by sudo %s', async (attempt) => {
    expect(await host.asUser(`echo x | sudo -n ${attempt}`)).toMatch(/exit (1|64)$/);
    expect(await traces()).toBe('');
  });

  test.each([
    ['/etc/init.d/postfix', 'postfix', 'stop'],
    ['/usr/sbin/saslpasswd2', 'saslpasswd2', '-p -f /tmp/x carol'],
    ['/usr/sbin/sasldblistusers2', 'sasldblistusers2', '-f /etc/sasldb2'],
    ['/usr/local/sbin/saslpasswd2', 'sasldblistusers2', '-f /tmp/x'],
    ['/bin/sh', 'saslpasswd2', '-c "touch /tmp/sprung"'],
  ])('R38, R39: nor by a link to %s that is called %s', async (target, name, options) => {
    await host.asUser(`mkdir -p /tmp/links; ln -sf ${target} /tmp/links/${name}`);
    expect(await host.asUser(`cd /tmp/links; sudo -n /tmp/links/${name} ${options}`)).toMatch(/exit (1|64)$/);
    expect(await host.asUser(`cd /tmp/links; PATH=/tmp/links:$PATH; sudo -n ./${name} ${options}`)).toMatch(/exit (1|64)$/);
    expect(await traces()).toBe('');
    expect(await host.inside('systemctl is-active postfix; rm -rf /tmp/links')).toBe('active');
  });

  test('R38: passwords are in no argument list, and in a file that service users cannot read', async () => {
    await host.login();
    // While the database is held the programs that hand the password on are all there, and can be looked at.
    const exposed =
      await host.inside(`cd /run; head -c 18 /dev/urandom | base64 >password; exec 9>/run/mailserver/sasl.lock; flock 9
runuser -u webapp -- sudo -n saslpasswd2 -p watched <password 9>&- & asked=$!
for i in $(seq 100); do if pgrep -x flock >/dev/null; then break; fi; sleep 0.1; done
pgrep -cx flock
grep -alF -f password /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null || true
exec 9>&-; wait $asked; journalctl -o cat --since -5min | grep -cF -f password || true; rm password`);
    expect(exposed).toBe('1\n0');
    expect(await host.asUser('sudo -n sasldblistusers2; sudo -n saslpasswd2 -d watched')).toContain('watched@');
    expect(await host.asUser('cat /var/lib/mailserver/sasl/sasldb2 /etc/sasldb2')).toMatch(/exit 1$/);
    expect(await host.inside('stat -c "%U:%G %a" /var/lib/mailserver/sasl /var/lib/mailserver/sasl/sasldb2')).toBe(
      'root:sasl 2750\nroot:sasl 640',
    );
  });

  test('R37: somebody outside of the group may do nothing of it', async () => {
    await host.inside('id nosy >/dev/null 2>&1 || useradd -m nosy');
    for (const verb of VERBS) expect(await host.asUser(`sudo -n ${verb}`, 'nosy')).toMatch(/exit 1$/);
    expect(await host.asUser('echo x >>/etc/mail/transport', 'nosy')).toMatch(/Permission denied[\s\S]*exit [12]$/);
    await host.inside('userdel -r nosy 2>/dev/null');
  });
}
