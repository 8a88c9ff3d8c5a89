import { operatorIpv4 } from '../../../lab/network';
import { waitFor } from '../../../lab/system';
import type { MailHost } from './mail-host';

/** Port 25, as the internet sees it (R1, R2, R14, R15). */
export function incoming(host: MailHost): void {
  test('R14: port 25 offers no login and takes none, inside TLS neither', async () => {
    const session = await host.dial(25);
    await session.reply();
    const offers = [await session.say('EHLO mail.sender.test')];
    expect(await session.startTls()).toMatchObject({ code: 220 });
    offers.push(await session.say('EHLO mail.sender.test'));
    for (const { text } of offers) expect(text).not.toMatch(/auth/i);
    expect(await session.say('AUTH PLAIN AGFsaWNlAHNlY3JldA==')).toMatchObject({ code: 503 });
    session.close();
  });

  test.each([
    ['VRFY postmaster', 502],
    ['ETRN example.test', 554],
    ['XFORWARD ADDR=127.0.0.1', 550],
    ['XCLIENT ADDR=127.0.0.1', 550],
    ['AUTH LOGIN', 503],
  ])('R2: port 25 refuses %s', async (command, code) => {
    const session = await host.dial(25);
    await session.reply();
    await session.say('EHLO mail.sender.test');
    expect(await session.say(command)).toMatchObject({ code });
    session.close();
  });

  test.each([
    'somebody@receiver.test',
    'somebody%receiver.test@mail.example.test',
    'somebody%receiver.test@example.test',
    'somebody%receiver.test',
    'receiver.test!somebody',
    '"somebody@receiver.test"',
    '"somebody@receiver.test"@mail.example.test',
    '"somebody%receiver.test"@mail.example.test',
    '@mail.example.test:somebody@receiver.test',
    `somebody@[${operatorIpv4}]`,
    'somebody@example.test@receiver.test',
  ])('R2: port 25 is not an open relay for %s', async (to) => {
    const before = host.sink.mails.length;
    for (const from of ['alice@sender.test', 'app@example.test', 'postmaster@mail.example.test', '']) {
      const { code } = await host.send(25, { from, to });
      expect({ from, refused: code >= 500 }).toEqual({ from, refused: true });
    }
    expect(host.sink.mails.length).toBe(before);
  });

  test('R23: an unknown recipient is refused at RCPT, and nobody gets a bounce', async () => {
    const before = host.sink.mails.length;
    for (const to of ['nobody-here@mail.example.test', 'unknown-here@partner.test']) {
      // What the next hop says of a recipient may take some seconds; until then the sender is put off.
      const reply = await waitFor(
        `an answer for ${to}`,
        async () => {
          const said = await host.send(25, { to, from: 'victim@receiver.test' });
          return said.code === 450 ? undefined : said;
        },
        { deadline: 30_000, interval: 500 },
      );
      expect(reply).toMatchObject({ code: 550, text: expect.stringMatching(/^5\.1\.[01] /) });
    }
    expect(await host.inside('mailq')).toBe('Mail queue is empty');
    expect(host.sink.mails.slice(before)).toEqual([]);
  });

  test('R23: nobody is told of a delivery because a stranger named him as the sender', async () => {
    const session = await host.dial(25);
    await session.reply();
    expect((await session.say('EHLO mail.sender.test')).text.split('\n')).not.toContain('DSN');
    expect(await session.say('MAIL FROM:<victim@receiver.test>')).toMatchObject({ code: 250 });
    expect((await session.say('RCPT TO:<app@example.test> NOTIFY=SUCCESS')).code).toBeGreaterThanOrEqual(500);
    session.close();
  });

  test('R5: one client gets half of the workers, sends through all of them at once, and leaves the others to the rest', async () => {
    const half = Number(host.capacity.workers) / 2;
    const sessions = await Promise.all(Array.from({ length: half }, () => host.dial(25, 'far')));
    for (const session of sessions) expect(await session.reply()).toMatchObject({ code: 220 });
    const tooMany = await host.dial(25, 'far');
    expect(await tooMany.reply()).toMatchObject({ code: 421, text: expect.stringContaining('too many connections') });
    expect(await host.send(25, { to: 'while-busy@example.test' })).toMatchObject({ code: 250 });
    // A recipient that everybody must reach, and so is not greylisted.
    const letter = { helo: 'far.sender.test', to: 'postmaster@mail.example.test' };
    const replies = await Promise.all(sessions.map((session) => session.greeted(letter)));
    expect(replies.map(({ code }) => code)).toEqual(Array(half).fill(250));
  });

  test('R5: has one filter for each smtpd of port 25', async () => {
    const { workers } = host.capacity;
    expect(await host.inside("postconf -M smtp/inet | awk '{ print $7 }'")).toBe(workers);
    expect(await host.inside('pgrep -cf "^/usr/sbin/amavisd \\((ch|virgin)"')).toBe(workers);
  });
}
