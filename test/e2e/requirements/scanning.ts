import { everyRow } from '../support/sampled';
import { message } from '../support/smtp-session';
import type { MailHost } from './mail-host';
import samplesProgram from './samples.py';

const PROGRAM = '/root/samples.py';

/** What the table of samples expects, and the replies that are this. */
const OUTCOMES: Readonly<Record<string, RegExp>> = {
  virus: /^554 5\.7\.0 Reject, id=\S+ - INFECTED: Eicar-Test-Signature/,
  unscanned: /^554 5\.7\.0 Reject, id=\S+ - could not be scanned for viruses \(.+\)$/,
  refused: /^554 5\.7\.0 Reject, id=\S+ - (INFECTED: |could not be scanned for viruses )/,
  'kept out': /^(554 5\.7\.0 Reject, id=\S+ - could not be scanned for viruses |451 4\.5\.0 )/,
  passes: /^250 /,
};

interface Sent {
  readonly name: string;
  readonly expected: string;
  readonly reply: string;
}

/** The body of clamav-testfiles' program, which all of its files hold. */
const TEST_FILE_SIGNATURE = 'ClamAV-Test-File:0:*:bb7110400033c050508bf3535350b02940300466ac79f9';

/** Header fields that amavis would repair by itself. */
const ODD_FIELDS = `X-Long: ${'long '.repeat(300)}\r\nX-Folded: one\r\n \t\r\n two\r\n`;

/** Nothing unscanned gets in, and no mail is changed on its way (R16, R40). */
export function scanning(host: MailHost): void {
  const send = async (port: number, only = '', login = ''): Promise<Sent[]> => {
    const lines = await host.inside(`python3 ${PROGRAM} ${port} app@example.test alice@sender.test '${only}' ${login}`);
    return lines.split('\n').map((line) => {
      const [name = '', expected = '', reply = ''] = line.split('\t');
      return { name, expected, reply };
    });
  };
  const unexpected = (sent: readonly Sent[], outcomes = OUTCOMES) =>
    sent.filter(({ expected, reply }) => !outcomes[expected]?.test(reply));

  beforeAll(() => host.inside(`cat >${PROGRAM} <<'END_OF_PROGRAM'\n${samplesProgram}\nEND_OF_PROGRAM`));

  test('R40: what is infected or cannot be scanned whole is refused, and ordinary mail passes', async () => {
    const [share, fewest] = everyRow ? ['', 130] : ['1/3', 43];
    const sent = await send(25, share);
    expect(sent.length).toBeGreaterThan(fewest);
    expect(unexpected(sent)).toEqual([]);
  });

  test("R40: each file of Debian's clamav-testfiles is refused as an attachment", async () => {
    await host.inside(`DEBIAN_FRONTEND=noninteractive apt-get -qqy install clamav-testfiles >/dev/null 2>&1
echo '${TEST_FILE_SIGNATURE}' >/var/lib/clamav/test-files.ndb; systemctl restart clamav-daemon`);
    await host.startAll();
    try {
      const sent = await send(25, 'file:/usr/share/clamav-testfiles');
      expect(sent.length).toBeGreaterThan(40);
      expect(unexpected(sent)).toEqual([]);
    } finally {
      await host.inside(
        'rm /var/lib/clamav/test-files.ndb; apt-get -qqy purge clamav-testfiles >/dev/null; systemctl restart clamav-daemon',
      );
      await host.startAll();
    }
  });

  test('R16: what was submitted and cannot be scanned is kept and reported, and neither sent nor bounced', async () => {
    const { user, password } = await host.login();
    const before = host.sink.mails.length;
    const names = ['plain', 'zip, cut short', 'bz2 of 600 MB', '20 tars deep', 'lzop', 'encrypted zip'];
    const sent = await send(465, `^(${names.join('|')})$`, `${user} '${password.replaceAll("'", "'\\''")}'`);
    expect(sent.map(({ name, reply }) => `${name}: ${reply.slice(0, 3)}`).sort()).toEqual(
      names.map((name) => `${name}: 250`).sort(),
    );
    await host.eventually("[ $(ls /var/lib/amavis/virusmails | wc -l) -ge 5 ] && mailq | grep -q 'is empty'", 90);
    const kept = (await host.inside('ls /var/lib/amavis/virusmails')).split('\n').map((name) => name.replace(/-.*/, ''));
    expect(kept.sort()).toEqual(['unscanned', 'unscanned', 'unscanned', 'virus', 'virus']);
    await host.eventually('[ $(grep -ci "^Subject: .*UNCHECKED contents" /var/mail/root) -ge 3 ]');
    await host.delivery('app@example.test');
    expect(host.sink.mails.slice(before)).toEqual([]);
    expect(await host.bounces()).toEqual([]);
    await host.inside('rm /var/lib/amavis/virusmails/*');
  });

  test('R5: a mail is not changed on its way, but for header fields that the host puts before it', async () => {
    const secret = await host.inside(`python3 ${PROGRAM} show 'encrypted zip'`);
    for (const port of [25, 465] as const) {
      const to = `unchanged-${port}@example.test`;
      const data = message('Payslip', '', `${ODD_FIELDS}${secret.replaceAll('\n', '\r\n')}`);
      const login = port === 465 ? await host.login() : undefined;
      expect(await host.send(port, { to, data, login })).toMatchObject({ code: 250 });
      const sent = data
        .replace(/\r\n\.\r\n$/, '')
        .replaceAll('\r\n', '\n')
        .trimEnd();
      const { text } = await host.delivery(to);
      expect(text.trimEnd().slice(-sent.length)).toBe(sent);
    }
  });

  test('R40: mail is put off while clamd hangs', async () => {
    await host.inside(
      "echo '$child_timeout = 8; 1;' >/etc/amavis/conf.d/60-test; systemctl restart amavis; systemctl kill -s STOP clamav-daemon",
    );
    try {
      await host.eventually('/usr/lib/mailserver/probe smtp 127.0.0.1 10024 >/dev/null');
      expect(await host.send(25, { to: 'hanging@example.test' })).toMatchObject({ code: 451 });
    } finally {
      await host.inside('systemctl kill -s CONT clamav-daemon; rm /etc/amavis/conf.d/60-test; systemctl restart amavis');
      await host.startAll();
    }
  });

  test('R40: with encryptedContent "refuse" mail that is encrypted is refused', async () => {
    await host.machine.apply(host.desired({ encryptedContent: 'refuse' }));
    try {
      const sent = await send(25, 'encrypted|OpenPGP|S/MIME');
      expect(sent.length).toBeGreaterThan(6);
      expect(unexpected(sent, { ...OUTCOMES, passes: OUTCOMES.unscanned as RegExp })).toEqual([]);
    } finally {
      await host.machine.apply(host.desired());
    }
  });
}
