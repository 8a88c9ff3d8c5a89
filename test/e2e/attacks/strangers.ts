import { clients, type MailHost } from '../requirements/mail-host';
import type { Reply } from '../support/smtp-session';

const GREYLISTED = expect.stringMatching(/Greylisted, please try again later/);

/** What anybody on the internet may not: relay, write to accounts that nobody made a mailbox for, write in our name. */
export function strangers(host: MailHost): void {
  /** The answer to RCPT; no mail is sent. */
  async function rcpt(to: string, from = 'alice@sender.test', client: keyof typeof clients = 'stranger'): Promise<Reply> {
    const session = await host.dial(25, client);
    await session.reply();
    await session.say(`EHLO ${client}.sender.test`);
    const sender = await session.say(`MAIL FROM:<${from}>`);
    const reply = sender.code === 250 ? await session.say(`RCPT TO:<${to}>`) : sender;
    session.close();
    return reply;
  }

  test.each([
    'x@sub.example.test',
    'x@no-such-host.example.test',
    'x@a.b.c.example.test',
    'postmaster@sub.example.test',
    'x@SUB.Example.Test',
    'x@sub.example.test.',
    'x@sub.other.test',
    'x@no-such-host.mail.example.test',
    'x@localhost.example.test',
    'x%sub.example.test@example.test',
    '@example.test:x@sub.example.test',
  ])('a stranger relays nothing to a subdomain of a mail domain: %s', async (to) => {
    for (const client of ['known', 'stranger'] as const) {
      const { code } = await rcpt(to, 'victim@receiver.test', client);
      expect({ client, refused: code >= 500 }).toEqual({ client, refused: true });
    }
  });

  test('subdomains that are named are taken, one by one or all of them, and no others', async () => {
    const undo = await host.edit({
      '/etc/mail/relay-domains': '.named.test\none.example.test',
      '/etc/mail/transport': '.named.test user-other:\none.example.test user-other:',
    });
    try {
      for (const domain of ['any.named.test', 'a.b.named.test', 'one.example.test']) {
        expect(await rcpt(`x@${domain}`, undefined, 'known')).toMatchObject({ code: 250 });
      }
      for (const domain of ['named.test', 'two.example.test', 'below.one.example.test']) {
        expect(await rcpt(`x@${domain}`, undefined, 'known')).toMatchObject({ code: 554 });
      }
    } finally {
      await undo();
    }
  });

  test('every account of the system is refused as unknown, before greylisting and whoever asks', async () => {
    const accounts = (await host.inside('getent passwd | cut -d: -f1 | grep -vx -e root -e webapp -e other')).split('\n');
    expect(accounts).toEqual(expect.arrayContaining(['nobody', 'daemon', 'www-data', 'clamav', 'amavis', 'postfix', 'sshd']));
    for (const to of [...accounts, 'no-such-account', 'nobody+x', 'DAEMON']) {
      const reply = await rcpt(`${to}@mail.example.test`);
      expect({ to, ...reply }).toMatchObject({ to, code: 550, text: expect.stringContaining('5.1.1') });
    }
  });

  test.each(['root', 'postmaster', 'abuse', 'hostmaster', 'webapp', 'other', 'webapp+x', 'Postmaster'])(
    'mail for %s of this host is taken',
    async (name) => {
      expect(await rcpt(`${name}@mail.example.test`, undefined, 'known')).toMatchObject({ code: 250 });
    },
  );

  test('an account has a mailbox once it has an alias', async () => {
    expect(await rcpt('games@mail.example.test', undefined, 'known')).toMatchObject({ code: 550 });
    const undo = await host.edit({ '/etc/mail/local-aliases': 'games: games' });
    try {
      expect(await rcpt('games@mail.example.test', undefined, 'known')).toMatchObject({ code: 250 });
    } finally {
      await undo();
    }
  });

  test.each([
    'boss@example.test',
    'Boss@Example.Test',
    'boss+news@example.test',
    '"boss"@example.test',
    'x@other.test',
    'root@mail.example.test',
    'root@localhost',
  ])('a stranger does not write in our name: %s', async (from) => {
    for (const client of ['known', 'stranger'] as const) {
      const { code } = await rcpt('app@example.test', from, client);
      expect({ client, refused: code >= 500 }).toEqual({ client, refused: true });
    }
  });

  test('mail without a sender, of others, and of subdomains that services elsewhere send from is taken', async () => {
    for (const from of ['', 'alice@sender.test', 'app+example.test@sender.test', 'x@mail.sender.test']) {
      expect(await rcpt('app@example.test', from, 'known')).toMatchObject({ code: 250 });
    }
    expect(await rcpt('app@example.test', 'alice@sender.test')).toMatchObject({ code: 450, text: GREYLISTED });
  });

  test('whom an access map permits, and who may send without a login, writes in our name', async () => {
    const undo = await host.edit({
      '/etc/mail/access-client': `${clients.far} OK`,
      '/etc/mail/external-networks': clients.stranger,
    });
    try {
      for (const client of ['far', 'stranger'] as const) {
        expect(await rcpt('app@example.test', 'boss@example.test', client)).toMatchObject({ code: 250 });
      }
    } finally {
      await undo();
    }
  });

  test('ETRN is offered on no port', async () => {
    for (const port of [25, 587, 465]) {
      const session = await host.dial(port);
      await session.reply();
      const { text } = await session.say('EHLO mail.sender.test');
      expect(text.split('\n')).not.toContain('ETRN');
      session.close();
    }
  });
}
