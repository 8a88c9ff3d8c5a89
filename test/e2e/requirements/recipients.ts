import { waitFor } from '../../../lab/system';
import type { Reply } from '../support/smtp-session';
import type { MailHost } from './mail-host';

/** Who is not there, cannot be known here, or takes what comes: one reload puts all of it into effect. */
const EDITS: Readonly<Record<string, string>> = {
  '/etc/mail/virtual-aliases': [
    'alias.test anything',
    'ad.test anything',
    'info@alias.test one@example.test',
    'desk@alias.test webapp',
    'away@alias.test friend@receiver.test',
    'chain@alias.test away@alias.test',
    'gone@alias.test unknown-behind@partner.test',
    'lost@alias.test unknown-outside@receiver.test',
    'long-lost@alias.test lost@alias.test',
    'fax@example.test unknown-fax@receiver.test',
    '@ad.test @alias.test',
  ].join('\n'),
  '/etc/mail/local-aliases': ['out: unknown-out@receiver.test', 'fails: "|/bin/false"', 'nested: out, webapp'].join('\n'),
  '/etc/mail/canonical': 'moved@example.test desk@alias.test',
};

const UNKNOWN = /^5\.1\.[01] /;

/** What strangers name, by who has it. */
const NOBODY: readonly (readonly [what: string, to: string])[] = [
  ['a name of the host', 'nobody-here@mail.example.test'],
  ['a name with an extension', 'nobody-here+tag@mail.example.test'],
  ['an account that is not a mailbox', 'www-data@mail.example.test'],
  ['an address in a domain of aliases', 'nobody-here@alias.test'],
  ['an address in a domain that stands for another', 'nobody-here@ad.test'],
  ['an address that the next hop does not have', 'unknown-here@partner.test'],
  ['an alias of an address that the next hop does not have', 'gone@alias.test'],
  ['an alias of an address that another server does not have', 'lost@alias.test'],
  ['an alias of such an alias', 'long-lost@alias.test'],
  ['such an alias, by a domain that stands for its domain', 'lost@ad.test'],
  ['such an alias, with an extension', 'lost+tag@alias.test'],
  ['an alias next to the mail of an application', 'fax@example.test'],
];
const SOMEBODY = [
  'webapp@mail.example.test',
  'webapp+tag@mail.example.test',
  'info@alias.test',
  'info+tag@alias.test',
  'desk@alias.test',
  'away@alias.test',
  'chain@alias.test',
  'info@ad.test',
  'anybody-at-all@example.test',
  'friend@partner.test',
  'out@mail.example.test',
  'fails@mail.example.test',
  'nested@mail.example.test',
  'moved@example.test',
  'security@mail.example.test',
];

/** Recipients are known to the end (R7, R8, R23). */
export function recipients(host: MailHost): void {
  /** The answer to RCPT, and to the mail where it is taken; what somebody else says of a recipient may take some seconds. */
  const answer = (to: string): Promise<Reply> =>
    waitFor(
      `an answer for ${to}`,
      async () => {
        const said = await host.send(25, { to, from: 'victim@receiver.test' });
        return said.code === 450 ? undefined : said;
      },
      { deadline: 60_000, interval: 200 },
    );

  describe('with aliases of all kinds', () => {
    let undo: () => Promise<void>;
    let before = 0;
    beforeAll(async () => {
      undo = await host.edit(EDITS);
      await host.inside('echo unknown-forwarded@receiver.test >/home/webapp/.forward; chown webapp: /home/webapp/.forward');
      before = host.sink.mails.length;
    });
    afterAll(async () => {
      await host.inside('rm -f /home/webapp/.forward');
      await undo?.();
    });

    test.each(NOBODY)('R23: nobody has %s, and it is refused at RCPT: %s', async (_what, to) => {
      expect(await answer(to)).toMatchObject({ code: 550, text: expect.stringMatching(UNKNOWN) });
    });

    test('R23: what was taken never comes back to whomever a stranger named as the sender', async () => {
      for (const to of SOMEBODY) expect({ to, ...(await answer(to)) }).toMatchObject({ to, code: 250 });
      await host.eventually("mailq | grep -q 'is empty'", 60);
      const told = host.sink.mails.slice(before).filter(({ said }) => said.some((line) => line.startsWith('RCPT TO:<victim@')));
      expect(told).toEqual([]);
      expect((await host.sink.mailFor('friend@receiver.test')).said).toContain('RCPT TO:<friend@receiver.test>');
      // Who reads the mail of postmaster hears of what an alias could not hand on.
      expect(await host.inside('grep -c "^Subject: Undelivered Mail" /var/mail/root')).toMatch(/^[1-9]/);
    });
  });

  test('R7, R8: what goes round in a circle, is too much or leads nowhere is refused with its place, and the state stays', async () => {
    const all = Array.from({ length: 1001 }, (_, index) => `u${index}@example.test`).join(', ');
    const lines: Readonly<Record<string, string>> = {
      'virtual-aliases': [
        'alias.test anything',
        'ad.test anything',
        'dangling@alias.test missing@alias.test',
        'typo@alias.test no-such-user',
        'a@alias.test b@alias.test',
        'b@alias.test a@alias.test',
        `all@alias.test ${all}`,
        '@ad.test @empty.test',
        'empty.test anything',
        '@one.test @two.test',
        '@two.test @one.test',
        'team@alias.test team',
      ].join('\n'),
      'local-aliases': 'a: b\nb: a\ndesk: no-such-user\nteam: team@alias.test\nroot: postmaster',
      canonical: 'a@example.test b@example.test\nb@example.test a@example.test\nold@example.test gone@alias.test',
    };
    const told = [
      /virtual-aliases:\d+: 'missing@alias\.test' leads nowhere/,
      /virtual-aliases:\d+: 'no-such-user' leads nowhere/,
      /virtual-aliases:\d+: .*circle.*: a@alias\.test → b@alias\.test → a@alias\.test/,
      /virtual-aliases:\d+: 'all@alias\.test' stands for 1001 addresses.*virtual_alias_expansion_limit/,
      /virtual-aliases:\d+: '@empty\.test' leads nowhere/,
      /virtual-aliases:\d+: .*circle.*: @one\.test → @two\.test → @one\.test/,
      /local-aliases:\d+: .*circle.*: a → b → a/,
      /local-aliases:\d+: 'no-such-user' leads nowhere/,
      /local-aliases:\d+: .*circle.*: team → team@alias\.test → team/,
      /local-aliases:\d+: .*circle.*: (postmaster → root → postmaster|root → postmaster → root)/,
      /canonical:\d+: .*rewritten in a circle: a@example\.test → b@example\.test → a@example\.test/,
      /canonical:\d+: 'gone@alias\.test' leads nowhere/,
    ];
    const state = () => host.inside('readlink /var/lib/mailserver/postfix/current');
    const before = await state();
    const files = Object.keys(lines).join(' ');
    await host.inside(`mkdir /root/kept-mail; cd /etc/mail; cp ${files} /root/kept-mail`);
    try {
      for (const [file, text] of Object.entries(lines)) await host.inside(`cat >>/etc/mail/${file} <<'EOF'\n${text}\nEOF`);
      const said = await host.asUser('sudo -n /etc/init.d/postfix reload');
      expect(said).toMatch(/exit 1$/);
      expect(told.filter((each) => !each.test(said))).toEqual([]);
      expect(said.split('\n').filter((line) => line.includes('/etc/mail/'))).toHaveLength(told.length);
    } finally {
      await host.inside(`cd /root/kept-mail; for file in ${files}; do cat $file >/etc/mail/$file; done; rm -r /root/kept-mail`);
    }
    expect(await state()).toBe(before);
    await host.reload();
  });
}
