import { eicar, gtube } from '../../../lab/world/sender';
import { message } from '../support/smtp-session';
import type { MailHost } from './mail-host';
import { RulesChannel } from './rules-channel';

const LIMIT = 25 * 1024 * 1024;

const BASE64_LINE = `${'QUJD'.repeat(19)}\r\n`;

/** A mail of exactly so many bytes, as Postfix counts them on its way in. */
function mailOf(bytes: number, subject: string): Buffer {
  const fields = 'MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n';
  const small = message(subject, '', fields);
  const room = bytes - (small.length - '.\r\n'.length);
  const lines = Math.floor(room / BASE64_LINE.length);
  const body = BASE64_LINE.repeat(lines) + 'A'.repeat(room - lines * BASE64_LINE.length);
  return Buffer.from(small.replace(/\r\n\.\r\n$/, `${body}\r\n.\r\n`), 'latin1');
}

interface Part {
  readonly name: string;
  readonly type?: string;
  /** Lines of base64. */
  readonly content: string;
}

function mailWith(subject: string, parts: readonly Part[]): string {
  const body = parts.map(
    ({ name, type = 'application/octet-stream', content }) =>
      `--b\r\nContent-Type: ${type}; name="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${content.replace(/\r?\n/g, '\r\n')}`,
  );
  const text = '--b\r\nContent-Type: text/plain\r\n\r\nGood day, here are the files.';
  const fields = 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n';
  return message(subject, [text, ...body, '--b--'].join('\r\n'), fields);
}

/** AMaViS, SpamAssassin and ClamAV, before the queue and behind it (R5, R6, R15, R16, R40). */
export function filters(host: MailHost): void {
  test('R15: a mail of message_size_limit passes the filters on port 25', async () => {
    expect(await host.inside('postconf -h message_size_limit')).toBe(String(LIMIT));
    const data = mailOf(LIMIT, 'large');
    const letter = { to: 'large@example.test', data, parameters: `SIZE=${LIMIT}` };
    expect(await host.send(25, letter)).toMatchObject({ code: 250 });
    await host.eventually('grep -qs "Subject: large" /home/webapp/inbox/*.json');
    await host.inside('rm -f $(grep -l "Subject: large" /home/webapp/inbox/*.json)');
  });

  test('R16: a mail of message_size_limit passes the filters behind the queue', async () => {
    const letter = {
      to: 'submitted@example.test',
      from: 'app@example.test',
      data: mailOf(LIMIT, 'large too'),
      login: await host.login(),
    };
    expect(await host.send(465, letter)).toMatchObject({ code: 250 });
    await host.eventually('grep -qs "Subject: large too" /home/webapp/inbox/*.json', 60);
    await host.inside('rm -f $(grep -l "Subject: large too" /home/webapp/inbox/*.json)');
    expect(await host.bounces()).toEqual([]);
  });

  test('R15: a larger mail is refused, announced or not', async () => {
    const letter = { to: 'larger@example.test', parameters: `SIZE=${LIMIT + 1}` };
    expect(await host.send(25, letter)).toMatchObject({ code: 552 });
    expect(await host.send(25, { to: 'larger@example.test', data: mailOf(LIMIT + 1000, 'larger') })).toMatchObject({ code: 552 });
  });

  test('R40: a virus in an archive is found behind all that a mail may hold', async () => {
    const zip = await host.inside(
      `cd /tmp && printf %s '${eicar}' >eicar.txt && python3 -c 'import zipfile; zipfile.ZipFile("/tmp/e.zip", "w").write("/tmp/eicar.txt", "invoice.txt")' && base64 -w 76 /tmp/e.zip; rm -f /tmp/e*`,
    );
    const parts = [
      { name: 'big.bin', content: BASE64_LINE.repeat(330_000) },
      { name: 'invoice.zip', content: zip },
    ];
    const data = mailWith('archive', parts);
    expect(await host.send(25, { to: 'app@example.test', data })).toMatchObject({
      code: 554,
      text: expect.stringContaining('INFECTED: Eicar'),
    });
  });

  test('R6: spam is refused in the dialogue for all recipients at once, and nobody gets a bounce', async () => {
    const to = ['one@example.test', 'two@example.test', 'postmaster@mail.example.test'];
    const reply = await host.send(25, { to, from: 'victim@receiver.test', data: message('spam', gtube) });
    expect(reply).toMatchObject({ code: 554, text: expect.stringMatching(/^5\.7\.0 Reject, id=\S+ - spam/) });
    expect(await host.bounces()).toEqual([]);
  });

  test('R16: spam and viruses that were submitted are kept, and neither sent nor bounced', async () => {
    const kept = () => host.inside('ls /var/lib/amavis/virusmails | sort');
    expect(await kept()).toBe('');
    const before = host.sink.mails.length;
    const login = await host.login();
    for (const [subject, sample] of Object.entries({ spam: gtube, virus: eicar })) {
      const letter = { from: 'victim@receiver.test', to: 'customer@receiver.test', data: message(subject, sample), login };
      expect(await host.send(465, letter)).toMatchObject({ code: 250 });
    }
    await host.eventually("[ $(ls /var/lib/amavis/virusmails | wc -l) = 2 ] && mailq | grep -q 'is empty'");
    expect(await kept()).toMatch(/^spam-\S+\.gz\nvirus-\S+$/);
    expect(host.sink.mails.slice(before)).toEqual([]);
    await host.inside('rm /var/lib/amavis/virusmails/*');
  });

  test('R6: what the daily update of the rules brings counts from then on, and nothing of it when its signature is wrong', async () => {
    const offer = { to: 'offered@example.test', data: message('offer', 'A brand-new offer.') };
    const rule = 'body NEW_RULE /brand-new offer/\nscore NEW_RULE 50';
    const channel = await RulesChannel.open(host);
    try {
      await channel.publish(rule, { tampered: true });
      expect(await channel.update()).toContain('GPG validation failed');
      expect(await host.send(25, offer)).toMatchObject({ code: 250 });
      await channel.publish(rule);
      expect(await channel.update()).not.toMatch(/fail|error/i);
      expect(await host.send(25, offer)).toMatchObject({ code: 554, text: expect.stringMatching(/ - spam$/) });
    } finally {
      await channel.close();
    }
  });

  test('R6: a mail that the SPF record of its sender disowns gets the points that the stack gives for it', async () => {
    const reply = await host.send(25, { to: 'app@example.test', from: 'boss@forged.test' });
    expect(reply).toMatchObject({ code: 554, text: expect.stringMatching(/^5\.7\.0 Reject, id=\S+ - spam/) });
  });

  test('R5: an office document with macros and a program pass, names and types are not judged', async () => {
    const content = Buffer.from('MZ not really').toString('base64');
    const data = mailWith('files', [
      { name: 'report.docm', type: 'application/vnd.ms-word.document.macroEnabled.12', content },
      { name: 'setup.exe', type: 'application/x-msdownload', content },
    ]);
    expect(await host.send(25, { to: 'files@example.test', data })).toMatchObject({ code: 250 });
    expect((await host.delivery('files@example.test')).text).toContain('setup.exe');
  });

  test('R5: the way back from the filter takes no TLS and no stranger', async () => {
    const answers = await host.inside(`python3 - <<'EOF'
import smtplib
with smtplib.SMTP('127.0.0.1', 10025, timeout=30) as session:
    session.ehlo()
    print(sorted(name for name in session.esmtp_features if name in ('starttls', 'auth', 'xforward')))
EOF
ss -Hltn | awk '{ print $4 }' | grep -E ':(10023|10024|10025|10026|10027|12525|783)$' | grep -v '^127\\.0\\.0\\.1:' || true`);
    expect(answers).toBe("['xforward']");
  });

  test('R6: rules are updated daily, by a timer that survives a reboot; no daemon of SpamAssassin runs', async () => {
    expect(
      await host.inside(
        'systemctl is-enabled mailserver-rules.timer; systemctl is-active mailserver-rules.timer; systemctl show -P Triggers mailserver-rules.timer',
      ),
    ).toBe('enabled\nactive\nspamassassin-maintenance.service');
    expect(await host.inside('systemctl show -P TimersCalendar mailserver-rules.timer')).toMatch(/OnCalendar=\*-\*-\* /);
    expect(await host.inside('pgrep -c spamd || true')).toBe('0');
  });

  test('R40: amavis knows no second scanner', async () => {
    expect(await host.inside('dpkg-query -W -f "\\${db:Status-Status}" clamav 2>/dev/null || true')).not.toBe('installed');
    expect(await host.inside('ls /usr/bin/clamscan 2>&1 || true')).toContain('No such file');
  });
}
