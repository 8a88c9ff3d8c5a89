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
    for (const name of MAPS) expect(host.firstMaps).toContain(/pcre|networks/.test(name) ? name : `${name}.cdb`);
    const config = await host.inside('postconf -n');
    for (const name of MAPS)
      expect(config).toMatch(new RegExp(`(cdb|pcre|cidr):/var/lib/mailserver/postfix/current/maps/${name}\\b`));
    expect(await host.inside('/usr/lib/mailserver/postfix-gate status')).toBe('current');
  });

  test('the map of senders is there, judged and compiled with the others', async () => {
    expect(await host.inside('cat /var/lib/mailserver/postfix/current/maps/submission-senders')).toMatch(/^alice \*$/m);
    expect(
      await host.asUser('echo "alice @example.test" >>/etc/mail/submission-senders && sudo -n /etc/init.d/postfix reload'),
    ).toMatch(/\/etc\/mail\/submission-senders:\d+: 'alice' is there already in line/);
    await host.asUser("sed -i '$d' /etc/mail/submission-senders");
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

  test('R9: the name in /etc/postfix/myhostname is what banner, HELO, filter, mailname, certificate and checks say', async () => {
    const saved = await host.inside('cat /etc/postfix/myhostname');
    const rename = (name: string) =>
      host.inside(`echo ${name} >/etc/postfix/myhostname; /etc/init.d/postfix reload; cat /etc/mailname`);
    const login = await host.login();
    const looksEverywhere = async (name: string) => {
      expect(await rename(name)).toBe(name);
      await host.greetsWith(`${name} ESMTP`);
      const to = `named-${name}@receiver.test`;
      expect(await host.send(465, { to, from: 'app@example.test', login })).toMatchObject({ code: 250 });
      const { said, text } = await host.sink.mailFor(to);
      expect(said[0]).toBe(`EHLO ${name}`);
      expect(text).toMatch(new RegExp(`by localhost \\(${name.replaceAll('.', '\\.')} \\[127\\.0\\.0\\.1\\]\\)\\s+\\(amavis`));
      const certificate = 'openssl s_client -connect 127.0.0.1:465 </dev/null 2>/dev/null | openssl x509 -noout -checkhost';
      expect(await host.inside(`${certificate} ${name}`)).toContain('does match');
      for (const check of ['ports', 'spam', 'certificate']) {
        expect(await host.inside(`/usr/lib/mailserver/check ${check}`)).toMatch(new RegExp(`^${check.toUpperCase()} OK`));
      }
      const letter = { from: `somebody@${name}`, to: 'app@example.test' };
      expect(await host.send(25, letter)).toMatchObject({ code: 554, text: expect.stringContaining(`${name} is a domain of`) });
    };
    try {
      await looksEverywhere('other.example.test');
    } finally {
      await rename(saved);
    }
    await looksEverywhere(saved);
    expect((await host.machine.look(host.desired())).planIsEmpty).toBe(true);
  });

  test('R37: a table that only a later mail would open, and that is missing, is reported before the change', async () => {
    const missing: Readonly<Record<string, string>> = {
      smtp_sasl_password_maps: 'cdb:/etc/postfix/none',
      smtp_tls_policy_maps: 'texthash:/etc/postfix/none',
      sender_dependent_relayhost_maps: 'proxy:hash:/etc/postfix/none',
      sender_dependent_default_transport_maps: 'lmdb:/etc/postfix/none',
      smtp_generic_maps: 'cdb:/etc/postfix/none',
      smtp_header_checks: 'pcre:/etc/postfix/none',
      smtp_reply_filter: 'regexp:/etc/postfix/none',
      lmtp_tls_policy_maps: 'cdb:/etc/postfix/none',
      smtp_tls_CAfile: '/etc/postfix/none',
    };
    const fragment = Object.entries(missing).map(([name, value]) => `${name} = ${value}`);
    const file = '/etc/postfix/main.d/31_more.cf';
    const answer = await host.inside(
      `printf '%s\\n' ${fragment.map((line) => `'${line}'`).join(' ')} >${file}
       /usr/lib/mailserver/postfix-gate check 2>&1 && echo taken; rm ${file}`,
    );
    Object.keys(missing).forEach((name, index) => {
      expect(answer).toMatch(new RegExp(`^postfix-gate: ${file}:${index + 1}: ${name}: `, 'm'));
    });
    expect(answer).not.toContain('taken');
    // One that root alone can read is as good as any other; Postfix opens it before it gives up its rights.
    const secret = '/etc/postfix/relay-passwords';
    expect(
      await host.inside(
        `umask 077; echo '[next.test] user:password' >${secret}; postmap cdb:${secret}; echo 'smtp_sasl_password_maps = cdb:${secret}' >${file}; chmod 644 ${file}
         /usr/lib/mailserver/postfix-gate check 2>&1 && echo taken; rm ${file} ${secret}*`,
      ),
    ).toContain('taken');
  });
}
