import type { MailHost } from './mail-host';

/** The files of /etc/mail that people write. */
export const MAPS: readonly string[] = [
  'access-client',
  'access-helo',
  'access-recipient',
  'access-sender',
  'canonical',
  'canonical.pcre',
  'external-networks',
  'local-aliases',
  'relay-domains',
  'transport',
  'virtual-aliases',
];

/** The maps of the service users, the HELO name and the fragments of main.cf (R7 to R12, R26, R37). */
export function maps(host: MailHost): void {
  test('R8: all eleven maps are there and compiled from the first moment on', async () => {
    const compiled = (await host.inside('ls /var/lib/mailserver/postfix/current/maps')).split('\n');
    for (const name of MAPS) expect(compiled).toContain(/pcre|networks/.test(name) ? name : `${name}.cdb`);
    const config = await host.inside('postconf -n');
    for (const name of MAPS)
      expect(config).toMatch(new RegExp(`(cdb|pcre|cidr):/var/lib/mailserver/postfix/current/maps/${name}\\b`));
    expect(await host.inside('/usr/lib/mailserver/postfix-gate status')).toBe('current');
  });

  test('R7: the names that every mail host must have are there', async () => {
    for (const name of [
      'postmaster',
      'abuse',
      'root',
      'hostmaster',
      'noc',
      'security',
      'webmaster',
      'mailer-daemon',
      'virusalert',
      'Postmaster',
    ]) {
      const session = await host.dial(25);
      await session.reply();
      await session.say('EHLO mail.sender.test');
      await session.say('MAIL FROM:<alice@sender.test>');
      expect(await session.say(`RCPT TO:<${name}@mail.example.test>`)).toMatchObject({ code: 250 });
      session.close();
    }
  });

  test('R9: the name in /etc/postfix/myhostname is what banner, HELO and filter say', async () => {
    const saved = await host.inside('cat /etc/postfix/myhostname');
    await host.inside('echo other.example.test >/etc/postfix/myhostname; /etc/init.d/postfix reload');
    try {
      await host.greetsWith('other.example.test ESMTP');
      await host.send(465, { to: 'named@receiver.test', from: 'app@example.test', login: await host.login() });
      expect((await host.sink.mailFor('named@receiver.test')).said[0]).toBe('EHLO other.example.test');
    } finally {
      await host.inside(`echo ${saved} >/etc/postfix/myhostname; /etc/init.d/postfix reload`);
      await host.greetsWith(`${saved} ESMTP`);
    }
    expect(await host.inside("grep -h 'myhostname =' /etc/amavis/conf.d/50-user; cat /etc/mailname")).toBe(
      `$myhostname = '${saved}';\n${saved}`,
    );
  });
}
