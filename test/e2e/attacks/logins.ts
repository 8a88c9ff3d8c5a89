import { waitFor } from '../../../lab/system';
import { type Client, clients, type MailHost } from '../requirements/mail-host';
import { expectWithin } from '../support/pace';
import { sampled } from '../support/sampled';
import type { Letter, Reply } from '../support/smtp-session';

const REFUSED = { code: 550, text: expect.stringMatching(/^5\.7\.1 /) };
const TAKEN = { code: 250 };

/** A mail with just these From fields. */
const written = (...from: string[]) =>
  `${from.map((field) => `From: ${field}\r\n`).join('')}To: <x@receiver.test>\r\nSubject: a word\r\n\r\nGood day.\r\n.\r\n`;

/** Whether the database has the limit that a login has met, and the ban of a client. */
const isWrittenDown = (login: string, client: string) =>
  `python3 -c "
import json, sqlite3, sys
database = sqlite3.connect('/var/lib/mailserver/logins/logins.sqlite', timeout=5)
(account,) = database.execute('select record from accounts where name = ?', ('${login}',)).fetchone() or ('{}',)
(guard,) = database.execute('select value from facts where name = ?', ('guard',)).fetchone() or ('{}',)
sys.exit(not (json.loads(account).get('over') and '${client}' in json.loads(guard).get('bans', {})))"`;

const auth = ({ user, password }: { user: string; password: string }) =>
  `AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString('base64')}`;

/** What somebody with a stolen password, or in a known network, may not: write in a name that is not theirs. */
export function logins(host: MailHost): void {
  const submit = async (letter: Partial<Letter>, port: 587 | 465 = 465): Promise<Reply> =>
    host.send(port, { to: 'x@receiver.test', startTls: port === 587, login: await host.login('mallory'), ...letter }, 'far');

  test.each<[what: string, letter: Partial<Letter>, wanted: object]>([
    ['a domain of the stack', { from: 'mallory@example.test', data: written('Mallory <mallory@example.test>') }, TAKEN],
    ['another domain of the stack', { from: 'x@other.test', data: written('x@other.test') }, TAKEN],
    ['the host itself', { from: 'x@mail.example.test', data: written('x@mail.example.test') }, TAKEN],
    ['nobody, as a notice', { from: '', data: written('Mail robot <postmaster@example.test>') }, TAKEN],
    ['a name without a From field', { from: 'mallory@example.test', data: written() }, TAKEN],
    ['a foreign sender', { from: 'ceo@bank.test', data: written('x@example.test') }, REFUSED],
    ['a subdomain', { from: 'x@sub.example.test', data: written('x@example.test') }, REFUSED],
    ['a foreign From field', { from: 'x@example.test', data: written('ceo@bank.test') }, REFUSED],
    ['a foreign From field of a notice', { from: '', data: written('ceo@bank.test') }, REFUSED],
    ['two From fields', { from: 'x@example.test', data: written('x@example.test', 'ceo@bank.test') }, REFUSED],
    ['a From field that hides another', { from: 'x@example.test', data: written('ceo@bank.test <x@example.test>') }, REFUSED],
    ['a route', { from: 'x%bank.test@example.test', data: written('x@example.test') }, REFUSED],
  ])('a login of the service users writes as %s as far as the domains of the stack go', async (_, letter, wanted) => {
    for (const port of [465, 587] as const) expect(await submit(letter, port)).toMatchObject(wanted);
  });

  test('a login that is taken with the realm of the host is the same login', async () => {
    const { user, password } = await host.login('mallory');
    const login = { user: `${user}@mailserver`, password };
    expect(await submit({ login, from: 'x@example.test', data: written('x@example.test') })).toMatchObject(TAKEN);
    expect(await submit({ login, from: 'ceo@bank.test' })).toMatchObject(REFUSED);
  });

  test('what service users say of their logins and of networks counts with the next reload', async () => {
    const ours = { from: 'x@example.test', data: written('x@example.test') };
    const foreign = { from: 'ceo@bank.test', data: written('ceo@bank.test') };
    const undo = await host.edit({
      '/etc/mail/submission-senders': `mallory .bank.test, x@example.test\n${clients.far} example.test`,
      '/etc/mail/external-networks': `${clients.far}\n${clients.neighbour}`,
    });
    try {
      expect(await submit(ours)).toMatchObject(TAKEN);
      expect(await submit({ ...ours, from: 'y@example.test' })).toMatchObject(REFUSED);
      expect(await submit({ from: 'ceo@eu.bank.test', data: written('ceo@eu.bank.test') })).toMatchObject(TAKEN);
      expect(await submit({ ...ours, login: undefined })).toMatchObject(TAKEN);
      expect(await submit({ ...foreign, login: undefined })).toMatchObject(REFUSED);
      expect(await host.send(465, { to: 'x@receiver.test', ...foreign }, 'neighbour')).toMatchObject(TAKEN);
    } finally {
      await undo();
    }
    expect(await submit(ours)).toMatchObject(TAKEN);
  });

  describe('who sends without a password', () => {
    /** As a local user; says how many recipients port 25 of the host took, and what it said to the last one. */
    const fill = `python3 - <<'END'
import smtplib
session, taken, code = smtplib.SMTP("127.0.0.1", 25), 0, 250
session.ehlo()
while taken < 3000 and code == 250:
    if taken % 500 == 0:
        session.rset()
        session.mail("x@example.test")
    code = session.rcpt(f"victim-{taken}@receiver.test")[0]
    taken += code == 250
print(taken, code)
END`;
    const bySendmail = (word: string, sender: string, from: string) =>
      host.asUser(
        `printf 'From: ${from}\nSubject: ${word}\n\nGood day.\n' | /usr/sbin/sendmail -f '${sender}' y@receiver.test`,
        'plain',
      );

    test('a known network writes through port 25 as whom it may, and others in no case', async () => {
      const undo = await host.edit({
        '/etc/mail/submission-senders': `${clients.far} example.test`,
        '/etc/mail/external-networks': `${clients.far}\n${clients.neighbour}`,
      });
      try {
        const mail = (from: string, client: Client, to = 'x@receiver.test') =>
          host.send(25, { to, from, data: written(from || 'postmaster@example.test') }, client);
        expect(await mail('x@example.test', 'far')).toMatchObject(TAKEN);
        expect(await mail('', 'far')).toMatchObject(TAKEN);
        for (const to of ['x@receiver.test', 'app@example.test'])
          expect(await mail('ceo@bank.test', 'far', to)).toMatchObject({
            code: 550,
            text: expect.stringContaining('may not send as'),
          });
        const hop = 'Received: from x (x [198.51.100.9])\r\n\tby mail.example.test (Postfix) with ESMTPSA; now\r\n';
        for (const [data, said] of [
          [written('ceo@bank.test'), `[${clients.far}] may not write From: <ceo@bank.test>`],
          [hop + written('ceo@bank.test'), `[${clients.far}] may not write From: <ceo@bank.test>`],
          [written('x@example.test', 'ceo@bank.test'), `more than one From field ([${clients.far}])`],
        ])
          expect(await host.send(25, { to: 'x@receiver.test', from: 'x@example.test', data }, 'far')).toMatchObject({
            code: 550,
            text: expect.stringContaining(said as string),
          });
        expect(await mail('ceo@bank.test', 'neighbour')).toMatchObject(TAKEN);
        expect(await mail('x@example.test', 'stranger')).toMatchObject({ code: 554 });
      } finally {
        await undo();
      }
    });

    test.each<[what: string, sender: string, from: string, where: 'out' | 'held' | 'bounced']>(
      sampled(
        [
          ['as itself', 'x@example.test', 'x@example.test', 'out'],
          ['in a foreign name', 'ceo@bank.test', 'ceo@bank.test', 'held'],
          ['with a foreign envelope', 'ceo@bank.test', 'x@example.test', 'held'],
          ['with a foreign From field', 'x@example.test', 'ceo@bank.test', 'bounced'],
          ['as a notice with a foreign From field', '<>', 'ceo@bank.test', 'held'],
        ],
        3,
      ),
    )('a program of this host writes by sendmail as whom the host may: %s', async (what, sender, from, where) => {
      const undo = await host.edit({ '/etc/mail/submission-senders': '127.0.0.0/8 example.test' });
      try {
        const word = `sendmail ${what} ${Math.random()}`;
        const isOut = (to: string) => host.sink.mails.some(({ text, said }) => text.includes(word) && said.join().includes(to));
        expect(await bySendmail(word, sender, from)).toBe('exit 0');
        if (where === 'out') await waitFor('the mail', async () => isOut('y@receiver.test') || undefined, { deadline: 30_000 });
        if (where === 'held') await host.eventually(`grep -qrs '${word}' /var/spool/postfix/hold`);
        // The bounce goes to who sent it.
        if (where === 'bounced') await host.eventually(`grep -lsF '${word}' /home/webapp/inbox/*.json`);
        expect(isOut('y@receiver.test')).toBe(where === 'out');
        expect(JSON.stringify(host.sink.mails.filter(({ text }) => text.includes(word)))).not.toContain('ceo@bank.test');
      } finally {
        await host.inside('postsuper -d ALL hold 2>&1 || true');
        await undo();
      }
    });

    test('this host has limits on port 25 and by sendmail; others and the alert get through', async () => {
      await host.asUser("sudo -n mailserver-logins release '[127.0.0.1]'");
      expect(await host.asUser(fill, 'plain')).toMatch(/^10\d\d 450\n/);
      expect(await host.asUser('sudo -n mailserver-logins list')).toContain('[127.0.0.1]: met its limit of');
      await host.eventually("grep -qs 'Subject: .* \\[127.0.0.1\\] has reached its limit' /var/mail/root");
      const word = `waits ${Math.random()}`;
      expect(await bySendmail(word, 'x@example.test', 'x@example.test')).toBe('exit 0');
      await host.eventually(
        'journalctl -u postfix.service --since -30s -o cat | grep -q "milter-reject: MAIL from localhost.*may send"',
      );
      expect(await host.inside(`grep -lrs '${word}' /var/spool/postfix/maildrop | wc -l`)).toBe('1');
      const innocent = { from: 'x@example.test', data: written('x@example.test'), login: await host.login('bystander') };
      expect(await submit(innocent)).toMatchObject(TAKEN);
      expect(await host.asUser("sudo -n mailserver-logins release '[127.0.0.1]'")).toBe('[127.0.0.1] may send again\nexit 0');
      // The next one has the queue looked at.
      expect(await bySendmail('another', 'x@example.test', 'x@example.test')).toBe('exit 0');
      await waitFor('the mail', async () => host.sink.mails.some(({ text }) => text.includes(word)) || undefined, {
        deadline: 30_000,
      });
    });
  });

  test('a thief is stopped early and told of, and others in the same network send all the while', async () => {
    const login = await host.login('thief');
    const innocent = { from: 'x@example.test', data: written('x@example.test'), login: await host.login('bystander') };
    // After 10 refusals Postfix would slow them down.
    const attempts = Array.from({ length: 20 }, async (_, session) => {
      const smtp = await host.dial(465, 'far');
      const begin = [await smtp.reply(), await smtp.say('EHLO thief.test'), await smtp.say(auth(login))];
      let taken = 0;
      for (let mail = 0; begin[2]?.code === 235 && mail < 4; mail += 1) {
        if ((await smtp.say('MAIL FROM:<x@example.test>')).code !== 250) break;
        for (let to = 0; to < 5; to += 1) {
          if ((await smtp.say(`RCPT TO:<victim-${session}-${mail}-${to}@receiver.test>`)).code === 250) taken += 1;
        }
        if ((await smtp.say('RSET')).code !== 250) break;
      }
      smtp.close();
      return taken;
    });
    const taken = (await Promise.all(attempts)).reduce((sum, each) => sum + each, 0);
    expect(taken).toBeGreaterThanOrEqual(200);
    // What runs empty while they try.
    expect(taken).toBeLessThan(300);
    expect(
      await submit({ login, from: 'x@example.test', to: Array.from({ length: 90 }, (_, n) => `more-${n}@receiver.test`) }),
    ).toMatchObject({
      code: 450,
      text: expect.stringMatching(/^4\.7\.1 thief may send (200 recipients a minute|.* a day|.* an hour): try again in \d+ s/),
    });
    expect(await submit(innocent)).toMatchObject(TAKEN);
    await host.eventually("grep -qs 'Subject: .* thief has reached its limit' /var/mail/root");
    expect(await host.inside('/usr/lib/mailserver/check logins || true')).toMatch(/^LOGINS WARNING - .*thief/);
  });

  test('a login whose mail is mostly refused is stopped until a service user releases it, through a restart too', async () => {
    const login = await host.login('spammer');
    const ours = { login, from: 'x@example.test', data: written('x@example.test') };
    expect(await submit(ours)).toMatchObject(TAKEN);
    for (let round = 0; round < 3; round += 1) {
      const to = Array.from({ length: 8 }, (_, n) => `no-such-${round}-${n}@mail.example.test`);
      const smtp = await host.dial(465, 'far');
      for (const line of ['', 'EHLO x.test', auth(login), 'MAIL FROM:<x@example.test>', ...to.map((each) => `RCPT TO:<${each}>`)])
        await (line === '' ? smtp.reply() : smtp.say(line));
      smtp.close();
    }
    const stopped = { code: 450, text: expect.stringMatching(/^4\.7\.1 spammer is stopped: of \d+ recipients/) };
    expect(await submit(ours)).toMatchObject(stopped);
    expect(await host.asUser('sudo -n mailserver-logins list')).toMatch(/^spammer: stopped: of/m);
    await host.inside('systemctl restart mailserver-logins');
    expect(await submit(ours)).toMatchObject(stopped);
    expect(await host.asUser('sudo -n mailserver-logins release spammer')).toBe('spammer may send again\nexit 0');
    expect(await submit(ours)).toMatchObject(TAKEN);
  });

  describe('who guesses passwords', () => {
    const guess = async (client: Client, user = 'mallory'): Promise<number> => {
      const smtp = await host.dial(465, client);
      const greeting = await smtp.reply();
      if (greeting.code !== 220) return greeting.code;
      await smtp.say('EHLO guesser.test');
      const { code } = await smtp.say(auth({ user, password: `guess ${Math.random()}` }));
      smtp.close();
      return code;
    };
    const banned = () => host.inside('nft list set inet mailserver_bans clients4');
    const ours = { from: 'x@example.test', data: written('x@example.test') };

    test('is shut out after a few tries, through a restart too; the owner and others send all the while', async () => {
      await host.login('mallory');
      const codes: number[] = [];
      for (let round = 0; round < 30; round += 1)
        codes.push(...(await Promise.all(Array.from({ length: 10 }, () => guess('nameless').catch(() => 0)))));
      const answered = codes.filter((code) => code === 535).length;
      expect(answered).toBeGreaterThanOrEqual(10);
      expect(answered).toBeLessThan(60);
      expect(await banned()).toContain(clients.nameless);
      expect(await submit(ours)).toMatchObject(TAKEN);
      // Mail itself is not concerned.
      expect(await host.send(25, { to: 'app@example.test' }, 'nameless')).not.toMatchObject({ code: 0 });
      await host.inside(
        'systemctl stop mailserver-logins; nft flush ruleset; systemctl start mailserver-logins mailserver-local-ports',
      );
      await host.eventually(`nft list set inet mailserver_bans clients4 | grep -qF ${clients.nameless}`);
      expect(await host.asUser('sudo -n mailserver-logins list')).toContain(`${clients.nameless}: shut out`);
      expect(await host.asUser(`sudo -n mailserver-logins unban ${clients.nameless}`)).toBe(
        `${clients.nameless} may connect again\nexit 0`,
      );
      expect(await guess('nameless')).toBe(535);
    });

    test('is shut out, and limits count, through a power cut', async () => {
      // The journal, which the program learns it from, is a moment behind.
      let tries = 1;
      while ((await guess('pool').catch(() => 0)) === 535 && tries < 200) tries += 1;
      expect(tries).toBeGreaterThanOrEqual(10);
      expect(tries).toBeLessThan(60);
      // More than new recipients a day: of those a minute some are free again before a slow host has taken as many.
      const to = Array.from({ length: 520 }, (_, n) => `hasty-${n}@receiver.test`);
      expect(await submit({ ...ours, login: await host.login('hasty'), to })).toMatchObject({ code: 450 });
      const wanted = /^hasty: met its limit[\s\S]*^203\.0\.113\.10: shut out of ports 587 and 465 for \d+ more minutes/m;
      expect(await host.asUser('sudo -n mailserver-logins list')).toMatch(wanted);
      await host.eventually(isWrittenDown('hasty', clients.pool));
      await host.machine.cutPower();
      await host.machine.bootAgain();
      await host.eventually('systemctl -q is-active postfix mailserver-logins', 120);
      await host.startAll();
      expect(await host.asUser('sudo -n mailserver-logins list')).toMatch(wanted);
      await host.eventually(`nft list set inet mailserver_bans clients4 | grep -qF ${clients.pool}`);
      expect(await guess('pool').catch(() => 0)).toBe(0);
      expect(await submit(ours)).toMatchObject(TAKEN);
      expect(await host.asUser(`sudo -n mailserver-logins unban ${clients.pool}`)).toMatch(/exit 0$/);
    });

    test('is not shut out where the stack or a service user names the network, nor on the host itself', async () => {
      const undo = await host.edit({ '/etc/mail/external-networks': clients.barred });
      try {
        for (let round = 0; round < 15; round += 1) expect(await guess('barred')).toBe(535);
        expect(await banned()).not.toContain(clients.barred);
      } finally {
        await undo();
      }
    });
  });

  test.each(['stop', 'kill -s STOP'])('mail is taken while the program is gone or hangs: %s', async (how) => {
    await host.inside(`systemctl ${how} mailserver-logins`);
    try {
      const begin = performance.now();
      expect(await submit({ from: 'x@example.test', data: written('x@example.test') })).toMatchObject(TAKEN);
      await expectWithin(15_000, performance.now() - begin);
    } finally {
      await host.inside('systemctl kill -s CONT mailserver-logins; systemctl start mailserver-logins');
    }
    expect(await submit({ from: 'ceo@bank.test' })).toMatchObject(REFUSED);
  });
}
