import type { MailHost } from './mail-host';

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

  test('R1: a temporary refusal of the next server is tried again and never becomes a bounce', async () => {
    await submit('later@receiver.test');
    await host.eventually('postqueue -j | grep later@receiver.test | grep -q "450 4.2.0 come again"');
    await host.inside('postqueue -f');
    await host.sink.mailFor('later@receiver.test');
    expect(await host.bounces()).toEqual([]);
  });

  test('R1: a permanent refusal of the next server is told to the sender', async () => {
    await submit('unknown@receiver.test', 'writer@example.test');
    expect((await host.delivery('writer@example.test')).text).toContain('550 5.1.1 no such user here');
  });

  test('R16: the resolvers of the stack are the ones in use, and nothing rewrites them', async () => {
    expect(await host.inside('test ! -L /etc/resolv.conf; grep -v "^#" /etc/resolv.conf')).toBe(
      'nameserver 127.0.0.1\noptions edns0',
    );
  });
}
