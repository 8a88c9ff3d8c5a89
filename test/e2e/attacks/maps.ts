import { HostError } from '../../../lib/host/host-error';
import { quoted } from '../requirements/mail-host';
import { expectWithin } from '../support/pace';
import { sampled } from '../support/sampled';
import { message } from '../support/smtp-session';
import { type AttackedHost, NO_HARM } from './support/attacked-host';

/** Files of service users, and what would have root, or a daemon that began as root, read a file of root's for them. */
const READERS: readonly (readonly [file: string, line: string])[] = [
  ['/etc/mail/local-aliases', 'spy: :include:/root/canary'],
  ['/etc/mail/local-aliases', 'spy: ":include:/root/canary"'],
  ['/etc/mail/local-aliases', 'spy: "\\:InClude:/root/canary"'],
  ['/etc/mail/local-aliases', 'spy: (a comment):include:/root/canary'],
  ['/etc/mail/local-aliases', 'spy: webapp, ":include:/root/canary"@localhost'],
  ['/etc/mail/access-sender', 'spy.test check_sender_access cidr:/root/canary'],
  ['/etc/mail/access-client', '198.51.100.60 check_client_access pcre:/root/canary'],
  ['/etc/mail/access-recipient', 'spy@example.test reject_rbl_client cidr:/root/canary'],
  ['/etc/mail/transport', 'spy.test lmtp:unix:../../../../root/canary'],
  ['/etc/mail/virtual-aliases', 'spy@example.test ":include:/root/canary"@mail.example.test'],
  ['/etc/postfix/postgrey_whitelist_clients.local', '/(?{ open F, "/root/canary" })/'],
];

/** Files that are nobody's lists: the limit in the message, and how one is made. */
const LARGE: readonly (readonly [file: string, make: string, told: string])[] = [
  ['/etc/mail/canonical', 'truncate -s 700M', 'is larger than 64 MiB'],
  ['/etc/mail/virtual-aliases', 'yes "a@b.test c@d.test" | head -n 2800000 >', 'has 2800'],
  ['/etc/postfix/main.d/zz.cf', 'truncate -s 1500M', ''],
  ['/etc/postfix/main.d/60_zz.cf', 'truncate -s 1500M', 'is larger than 1 MiB'],
  ['/etc/postfix/postgrey_whitelist_clients.local', 'truncate -s 700M', ''],
];

/** What service users write is read by root; no more than that. */
export function maps(host: AttackedHost): void {
  const gate = '/usr/lib/mailserver/postfix-gate';
  const memory = (command: string) =>
    host.inside(`systemd-run -q --wait --pipe -p MemoryMax=200M -p MemorySwapMax=0 ${command} 2>&1 || echo "exit $?"`);
  const restoring = async (file: string, work: () => Promise<void>) => {
    await host.inside(`rm -f /root/saved; [ ! -e ${file} ] || cp -a ${file} /root/saved`);
    try {
      await work();
    } finally {
      await host.inside(`rm -rf ${file}; [ ! -e /root/saved ] || cp -a /root/saved ${file}`);
    }
  };

  test.each(sampled(READERS, 2))('root reads no file that a service user names: in %s: %s', async (file, line) => {
    let said = '';
    const harm = await host.harmOf('webapp', async ({ word }) => {
      await host.asUser(`echo ${quoted(line)} >>${file}`);
      said = await host.asUser(`sudo -n /etc/init.d/${file.includes('postgrey') ? 'postgrey restart' : 'postfix reload'}`);
      const answers = [];
      for (const to of ['spy@mail.example.test', 'spy@example.test']) {
        answers.push(await host.send(25, { from: 'a@spy.test', to, data: message(word) }));
      }
      return [said, answers];
    });
    expect(said).toMatch(new RegExp(`${file}:\\d+: [\\s\\S]*exit 1$`));
    expect({ ...harm, delivered: harm.delivered.filter((to) => !to.startsWith('/home/webapp/')) }).toEqual(NO_HARM);
  });

  test('a command and a file of an alias are used as nobody', async () => {
    const undo = await host.edit({
      '/etc/mail/local-aliases': 'runner: "|/usr/bin/id >/tmp/runner-was"\nwriter: /tmp/written/here',
    });
    await host.inside('install -d -m 1777 /tmp/written');
    for (const name of ['runner', 'writer']) {
      expect(await host.send(25, { to: `${name}@mail.example.test` })).toMatchObject({ code: 250 });
    }
    await host.eventually('[ -s /tmp/runner-was ] || ls /tmp/systemd-private-*postfix*/tmp/runner-was >/dev/null 2>&1');
    const found = await host.inside('cat /tmp/runner-was /tmp/systemd-private-*postfix*/tmp/runner-was 2>/dev/null || true');
    expect(found).toMatch(/^uid=65534\(nobody\)/);
    await undo();
  });

  test.each(sampled(LARGE, 2))(
    'a file that is larger than any list takes neither memory nor time of root: %s (%s)',
    async (file, make, told) => {
      await restoring(file, async () => {
        await host.asUser(`rm -f ${file}; ${make} ${file}`);
        const start = performance.now();
        const said = await host.asUser('sudo -n /etc/init.d/postfix reload');
        expect(said).toContain(told);
        expect(await memory(`${gate} status`)).not.toContain('137');
        expect(await memory('/usr/lib/mailserver/check maps')).toMatch(/^MAPS (WARNING|OK)/);
        await expectWithin(30_000, performance.now() - start);
        await host.machine.look(host.desired());
      });
      await host.reload();
    },
  );

  const BAD: readonly (readonly [what: string, file: string, make: string])[] = [
    ['a map with a bad line', '/etc/mail/transport', 'echo "x.test nowhere:" >>'],
    ['a map that is a pipe', '/etc/mail/access-sender', 'rm -f /etc/mail/access-sender; mkfifo'],
    ['a fragment with a bad line', '/etc/postfix/main.d/41_new.cf', 'echo "daemon_directory = /tmp" >'],
    [
      'a fragment that only the trial finds to be bad',
      '/etc/postfix/main.d/41_new.cf',
      'echo "smtpd_client_restrictions = reject" >',
    ],
  ];
  test.each(sampled(BAD, 1))(
    'a push goes on without %s, with the last good state of it, and says so',
    async (_what, file, make) => {
      const good = await host.edit({ '/etc/mail/transport': 'kept.test discard:' });
      const lifetime = `${5 + BAD.findIndex(([what]) => what === _what)}h`;
      await restoring(file, async () => {
        await host.asUser(`${make} ${file}`);
        await host.machine.apply(host.desired({ mainCf: { delay_warning_time: lifetime } }));
        expect(await host.inside('cat /var/lib/mailserver/transaction/log')).toMatch(
          /warning: [^\n]*\n[^\n]*the last good state stays in effect/,
        );
        expect(
          await host.inside(
            'postconf -h delay_warning_time; postmap -q kept.test cdb:/var/lib/mailserver/postfix/current/maps/transport',
          ),
        ).toBe(`${lifetime}\ndiscard:`);
        expect(await host.inside(`${gate} status`)).toMatch(/^warning: .*the last good state stays in effect/);
        expect(await host.inside('/usr/lib/mailserver/check maps || true')).toMatch(/^MAPS WARNING/);
        expect((await host.machine.look(host.desired({ mainCf: { delay_warning_time: lifetime } }))).planIsEmpty).toBe(true);
        expect(await host.asUser('sudo -n /etc/init.d/postfix reload')).toMatch(/nothing was changed[\s\S]*exit 1$/);
      });
      await host.reload();
      expect(await host.inside(`${gate} status`)).toBe('current');
      await good();
    },
  );

  test('a mistake of the stack itself is not a mistake of the service users: the push fails', async () => {
    const error = await host.machine
      .apply(host.desired({ mainCf: { smtpd_client_restrictions: 'reject' } }))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HostError);
    expect(await host.inside(`${gate} status`)).toBe('current');
    await host.machine.apply(host.desired());
  });
}
