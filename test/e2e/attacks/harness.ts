import { message } from '../support/smtp-session';
import { type AttackedHost, type Harm, NO_HARM } from './support/attacked-host';
import { secrets, victim } from './support/canaries';

const [root, , , , login] = secrets;

/** An attack that holds proves something only where a successful one would have been seen. */
export function harness(host: AttackedHost): void {
  test('the harness sees nothing where a service user reloads what they may change', async () => {
    expect(await host.harmOf('webapp', () => host.reload())).toEqual(NO_HARM);
  });

  const acts: readonly (readonly [what: string, act: (word: string) => Promise<unknown>, harm: Partial<Harm>])[] = [
    [
      'a secret of root in a file that others can read',
      () => host.inside('install -m 644 /root/canary /tmp/leak'),
      { read: [`${root?.name}, in /tmp/leak`] },
    ],
    [
      'a secret in what the attacker saw',
      async () => `warning: ${root?.token}`,
      { read: [`${root?.name}, in what the attacker saw`] },
    ],
    [
      'a password as clients send it, in a transcript',
      () => host.inside(`printf '\\0${victim.user}\\0${victim.password}' | base64 -w 0 >/tmp/transcript`),
      { read: [`${login?.name}, in /tmp/transcript`] },
    ],
    [
      'a program that root ran',
      async () => {
        await host.plant('/home/webapp/x', 'webapp');
        await host.asUser('/home/webapp/x');
        await host.inside('/home/webapp/x');
      },
      { ran: ['root'] },
    ],
    ['a service that was stopped', () => host.inside('systemctl stop postgrey'), { down: ['postgrey'] }],
    [
      'a mail that was delivered',
      (word) => host.send(25, { to: 'app@example.test', data: message(word) }),
      { delivered: [expect.stringMatching('^/home/webapp/inbox/')] as unknown as string[] },
    ],
  ];

  test('the harness sees secrets that were read, a program that root ran, a stopped service and a delivered mail, and none of it again', async () => {
    const seen = await host.harmOf('webapp', async ({ word }) => {
      const said: unknown[] = [];
      // The mail before the service that it needs is gone.
      for (const [, act] of [...acts].reverse()) said.push(await act(word));
      return said;
    });
    const each = (kind: keyof Harm) => acts.flatMap(([, , harm]) => harm[kind] ?? []);
    expect({ ...seen, read: [...seen.read].sort() }).toEqual({
      read: each('read').sort(),
      ran: each('ran'),
      down: each('down'),
      delivered: each('delivered'),
    });
    expect(await host.harmOf('webapp', async () => undefined)).toEqual(NO_HARM);
    // Later tests look at files of any age.
    await host.inside('rm -f /tmp/leak /tmp/transcript');
  });

  test('the harness puts back what an attacker left in files, and into effect', async () => {
    const banner = await host.banner();
    const fragment = '/etc/postfix/main.d/41_left.cf';
    await host.harmOf('webapp', async () => {
      await host.asUser(`echo 'smtpd_banner = $myhostname ESMTP left' >${fragment}; echo 'a.test error:x' >>/etc/mail/transport`);
      await host.reload();
      await host.greetsWith('mail.example.test ESMTP left');
    });
    await host.greetsWith(banner);
    expect(await host.inside(`ls ${fragment} 2>&1 || grep a.test /etc/mail/transport || true`)).toMatch('No such file');
  });
}
