import { clients, type MailHost } from './mail-host';

/** Mail that leaves this host, as the receiving server sees it (R1, R33). */
export function outgoing(host: MailHost): void {
  const submit = async (to: string, from = 'app@example.test') =>
    expect(await host.send(465, { to, from, login: await host.login() })).toMatchObject({ code: 250 });

  test('R1, R30: mail leaves with the HELO name, from the address of the host, and tells other servers nothing of its clients', async () => {
    await submit('plain@receiver.test');
    const { peer, said, text } = await host.sink.mailFor('plain@receiver.test');
    expect(said[0]).toBe('EHLO mail.example.test');
    expect(said.filter((line) => /^(XFORWARD|XCLIENT|HELO)/i.test(line))).toEqual([]);
    expect(peer).toBe('198.51.100.68');
    expect(text).toContain('Subject: a word');
  });

  test.each([587, 465] as const)(
    'R1: other servers see nothing of who submitted a mail on port %i, and who is here sees all',
    async (port) => {
      const letter = { from: 'app@example.test', helo: 'laptop.office.test', login: await host.login(), startTls: port === 587 };
      const [outside, inside] = [`traced-${port}@receiver.test`, `traced-${port}@example.test`];
      expect(await host.send(port, { ...letter, to: [outside, inside] }, 'far')).toMatchObject({ code: 250 });
      const { text } = await host.sink.mailFor(outside);
      expect(text).toMatch(/^Received: by mail\.example\.test \(Postfix\) with ESMTPSA id \S+/m);
      for (const trace of ['laptop', 'far.sender.test', clients.far]) expect(text).not.toContain(trace);
      expect((await host.delivery(inside)).text).toMatch(
        new RegExp(`from laptop\\.office\\.test \\(unknown \\[${clients.far}\\]\\)`),
      );
      expect(await host.inside(`journalctl -o cat -t postfix/submission${port === 465 ? 's' : ''}/smtpd`)).toContain(
        `client=unknown[${clients.far}], sasl_method=PLAIN, sasl_username=alice`,
      );
    },
  );

  test('R1: other servers see nothing of the user and the program that sent a mail on the host', async () => {
    await host.asUser("printf 'Subject: by program\\n\\nx\\n' | /usr/sbin/sendmail -f app@example.test program@receiver.test");
    const script = `import smtplib
with smtplib.SMTP('127.0.0.1', 587, local_hostname='app-3.internal') as session:
    session.sendmail('app@example.test', ['socket@receiver.test'], 'Subject: x\\r\\n\\r\\nx\\r\\n')`;
    await host.inside(`python3 - <<'EOF'\n${script}\nEOF`);
    const program = (await host.sink.mailFor('program@receiver.test')).text;
    expect(program).toMatch(/^Received: by mail\.example\.test \(Postfix\)/m);
    expect(program).not.toContain('userid');
    expect((await host.sink.mailFor('socket@receiver.test')).text).not.toContain('app-3');
  });

  test('R1: a temporary refusal of the next server is tried again and never becomes a bounce', async () => {
    // The other server remembers whom it has put off.
    const to = `later-${Date.now()}@receiver.test`;
    await submit(to);
    await host.eventually(`postqueue -j | grep ${to} | grep -q "450 4.2.0 come again"`);
    await host.inside('postqueue -f');
    await host.sink.mailFor(to);
    expect(await host.bounces()).toEqual([]);
  });

  test('R1: a permanent refusal of the next server is reported to the sender', async () => {
    await submit('unknown@receiver.test', 'writer@example.test');
    expect((await host.delivery('writer@example.test')).text).toContain('550 5.1.1 no such user here');
  });

  test('R16: the resolvers of the stack are those in use, and nothing rewrites them', async () => {
    expect(await host.inside('test ! -L /etc/resolv.conf; grep -v "^#" /etc/resolv.conf')).toBe(
      'nameserver 127.0.0.1\noptions edns0',
    );
  });
}
