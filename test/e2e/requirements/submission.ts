import { expectWithin } from '../support/pace';
import type { MailHost } from './mail-host';

const PORTS = [587, 465] as const;

const HELPERS = 'amavis clamav-daemon policyd-weight postgrey nsd';

/** What filters, policy services and the name server can suffer: they take a question and never answer, or are not there. */
const CRIPPLED: Readonly<Record<string, string>> = {
  hung: `systemctl kill -s STOP ${HELPERS}`,
  dead: 'systemctl kill -s STOP amavis clamav-daemon; systemctl stop policyd-weight postgrey nsd',
};

/** Ports 587 and 465, and who may send through them (R13, R16 to R19). */
export function submission(host: MailHost): void {
  test('R18: a login is offered inside TLS only, by PLAIN and LOGIN only', async () => {
    const submission = await host.dial(587);
    await submission.reply();
    expect((await submission.say('EHLO app.test')).text).not.toMatch(/auth/i);
    expect(await submission.say('AUTH PLAIN AGFsaWNlAHNlY3JldA==')).toMatchObject({ code: 503 });
    await submission.startTls();
    const submissions = await host.dial(465);
    await submissions.reply();
    for (const session of [submission, submissions]) {
      const { text } = await session.say('EHLO app.test');
      expect(text.split('\n').filter((line) => /auth/i.test(line))).toEqual(['AUTH PLAIN LOGIN']);
      for (const mechanism of ['DIGEST-MD5', 'CRAM-MD5', 'NTLM', 'ANONYMOUS', 'GSSAPI']) {
        expect(await session.say(`AUTH ${mechanism}`)).toMatchObject({ code: 535 });
      }
    }
    const { user, password } = await host.login();
    expect(await submission.say('AUTH LOGIN')).toMatchObject({ code: 334 });
    expect(await submission.say(Buffer.from(user).toString('base64'))).toMatchObject({ code: 334 });
    expect(await submission.say(Buffer.from(password).toString('base64'))).toMatchObject({ code: 235 });
    submission.close();
    submissions.close();
  });

  test.each(PORTS)('R13: port %i takes mail of everybody who logged in, and of nobody else', async (port) => {
    const letter = { to: `out-${port}@receiver.test`, from: 'app@example.test', startTls: port === 587 };
    expect(await host.send(port, letter, 'stranger')).toMatchObject({ code: 554 });
    expect(await host.send(port, { ...letter, to: 'app@example.test' }, 'stranger')).toMatchObject({ code: 554 });
    const { user } = await host.login();
    expect(await host.send(port, { ...letter, login: { user, password: 'wrong' } }, 'stranger')).toMatchObject({ code: 535 });
    expect(await host.send(port, { ...letter, login: await host.login() }, 'stranger')).toMatchObject({ code: 250 });
    await host.sink.mailFor(letter.to);
  });

  test('R18: a user name may be a whole address, which is another user than the name alone', async () => {
    const login = await host.login('alice@mail.example.test');
    expect(await host.send(465, { to: 'app@example.test', login })).toMatchObject({ code: 250 });
    expect(await host.send(465, { to: 'app@example.test', login: { ...login, user: 'alice' } })).toMatchObject({ code: 535 });
  });

  test('R18: a user who was deleted cannot log in any more', async () => {
    const login = await host.login('passing');
    const letter = { to: 'app@example.test', login };
    expect(await host.send(465, letter)).toMatchObject({ code: 250 });
    expect(await host.asUser('sudo -n saslpasswd2 -d passing; sudo -n sasldblistusers2')).not.toContain('passing');
    expect(await host.send(465, letter)).toMatchObject({ code: 535 });
  });

  test.each(Object.entries(CRIPPLED))(
    'R16: ports 587 and 465 take mail in less than a second while filters, policy services and DNS are %s',
    async (how, cripple) => {
      const login = await host.login();
      await host.inside(cripple);
      try {
        for (const port of PORTS) {
          // The first one starts the processes.
          for (const round of [1, 2]) {
            const begin = performance.now();
            const letter = { to: `${how}-${port}-${round}@example.test`, from: 'app@sender.test', login, startTls: port === 587 };
            expect(await host.send(port, letter, 'far')).toMatchObject({ code: 250 });
            await expectWithin(round === 1 ? 2000 : 1000, performance.now() - begin);
          }
        }
      } finally {
        await host.inside(`systemctl kill -s CONT ${HELPERS} || true`);
        await host.startAll();
      }
      await host.inside('postqueue -f');
      for (const port of PORTS) await host.delivery(`${how}-${port}-2@example.test`);
      expect(await host.bounces()).toEqual([]);
    },
  );

  test('R17: localhost needs no login and no TLS, over IPv4 and IPv6', async () => {
    const script = `
import smtplib
for address in ('127.0.0.1', '::1'):
    for port in (25, 587):
        with smtplib.SMTP(address, port, timeout=60) as session:
            session.sendmail('cron@mail.example.test', ['local@receiver.test'], 'Subject: from here\\r\\n\\r\\nx\\r\\n')
            print(address, port)`;
    expect(await host.inside(`python3 - <<'EOF'${script}\nEOF`)).toBe('127.0.0.1 25\n127.0.0.1 587\n::1 25\n::1 587');
    await host.sink.mailFor('local@receiver.test');
  });
}
