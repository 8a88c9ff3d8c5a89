import { message } from '../support/smtp-session';
import type { MailHost } from './mail-host';

/** Ends of a text that some servers take for one and others do not. */
const ENDS: readonly [name: string, bytes: string][] = [
  ['LF . LF', '\n.\n'],
  ['LF . CR LF', '\n.\r\n'],
  ['CR LF . LF', '\r\n.\n'],
  ['CR . CR', '\r.\r'],
  ['CR . CR LF', '\r.\r\n'],
  ['CR LF . CR', '\r\n.\r'],
  ['CR LF NUL . CR LF', '\r\n\0.\r\n'],
  ['LF LF . CR CR LF', '\n\n.\r\r\n'],
];

/** A mail that goes on, after an end that is none, with the commands for another one. */
const outer = (end: string, to: string) =>
  message('outer').slice(0, -'\r\n.\r\n'.length) +
  `${end}MAIL FROM:<boss@example.test>\r\nRCPT TO:<${to}>\r\nDATA\r\nSubject: smuggled\r\n\r\nPay.\r\n.\r\n`;

/** Mails inside of mails, and clients that do not wait for their turn (R2). */
export function smuggling(host: MailHost): void {
  test.each(ENDS)('R2: nothing is smuggled into port 25 behind %s', async (name, end) => {
    const id = Buffer.from(name).toString('hex').slice(0, 24);
    const data = outer(end, `smuggled-${id}@example.test`);
    expect(await host.send(25, { to: `outer-${id}@example.test`, data })).toMatchObject({ code: 250 });
    const delivered = await host.delivery(`outer-${id}@example.test`);
    expect(delivered.text).toContain('RCPT TO:<smuggled');
    expect(JSON.stringify((await host.deliveries()).map((call) => call.arguments))).not.toContain(`smuggled-${id}`);
  });

  test.each(ENDS)('R2: nothing leaves this host that another server could take for two mails: %s', async (name, end) => {
    const id = Buffer.from(name).toString('hex').slice(0, 24);
    const data = outer(end, `smuggled-${id}@receiver.test`);
    const login = await host.login();
    const letter = { to: `outer-${id}@receiver.test`, from: 'app@example.test', data, login, startTls: true };
    expect(await host.send(587, letter)).toMatchObject({ code: 250 });
    const { text } = await host.sink.mailFor(letter.to);
    expect(text).toContain('RCPT TO:<smuggled');
    // Every line ends in CR LF, and none of them is a lone dot.
    expect(text.replaceAll('\r\n', '')).not.toMatch(/\n/);
    expect(text).not.toMatch(/(^|\n)\.\r?\n/);
  });

  test('R2: a client that talks before it is asked is hung up on', async () => {
    const session = await host.dial(25);
    session.send('EHLO mail.sender.test\r\nMAIL FROM:<alice@sender.test>\r\nRCPT TO:<early@example.test>\r\nDATA\r\n');
    const replies = [];
    for (let reply = await session.reply(); reply.code !== 0; reply = await session.reply()) replies.push(reply);
    expect(replies.at(-1)).toMatchObject({ code: 554, text: expect.stringContaining('SMTP protocol synchronization') });
    expect(replies.some(({ code }) => code === 354)).toBe(false);
  });

  test('R2: a text that follows DATA without a pause is refused', async () => {
    const session = await host.dial(25);
    await session.reply();
    for (const line of ['EHLO mail.sender.test', 'MAIL FROM:<alice@sender.test>', 'RCPT TO:<early@example.test>']) {
      expect(await session.say(line)).toMatchObject({ code: 250 });
    }
    session.send('DATA\r\nSubject: no time\r\n\r\nHurry.\r\n.\r\n');
    expect((await session.reply()).code).toBeGreaterThanOrEqual(500);
    session.close();
  });

  test('R2: commands behind STARTTLS in the same packet are thrown away', async () => {
    const session = await host.dial(25);
    await session.reply();
    await session.say('EHLO mail.sender.test');
    session.send('STARTTLS\r\nMAIL FROM:<injected@sender.test>\r\n');
    expect(await session.reply()).toMatchObject({ code: 220 });
    // Either the server takes what was sent in the clear for a broken handshake, or it has forgotten it inside TLS.
    const secured = await session.secure().then(
      () => true,
      () => false,
    );
    if (secured) {
      await session.say('EHLO mail.sender.test');
      expect(await session.say('RCPT TO:<app@example.test>')).toMatchObject({ code: 503 });
    }
    session.close();
    expect(await host.inside('journalctl -t postfix/smtpd --since -1min -o cat | grep -c injected@sender.test || true')).toBe(
      '0',
    );
  });
}
