import { operatorIpv4, operatorIpv6 } from '../../../lab/network';
import { type Letter, message } from '../support/smtp-session';
import deliverProgram from './deliver.py';
import { type Client, clients, type MailHost, secondAddresses } from './mail-host';

/** A table of their own, which only smtp(8) opens. */
const OUTSIDE = '/etc/postfix/tables/outside';

/** What service users write into their files; one reload puts all of it into effect. */
const EDITS: Readonly<Record<string, string>> = {
  '/etc/mail/access-client': `${clients.barred} REJECT not from there\n${clients.pool} OK\n${clients.nameless} OK\n${clients.listed} OK`,
  '/etc/mail/access-helo': 'bad.helo.test REJECT not by that name\nok.helo.test OK',
  '/etc/mail/access-sender': 'bad@sender.test REJECT not from them\nok@sender.test OK',
  '/etc/mail/access-recipient': 'closed@example.test REJECT not to them\nreceiver.test OK',
  '/etc/mail/canonical': 'old@example.test new@example.test',
  '/etc/mail/canonical.pcre': '/^(.*)@intern\\.test$/ ${1}@example.test',
  '/etc/mail/external-networks': `${clients.far}\n2001:db8:51:100::/64`,
  '/etc/mail/local-aliases': 'postmaster: chief@example.test\nlist: away@receiver.test, here-3@example.test',
  '/etc/mail/relay-domains': 'virtual.do.main\nnext.test\nfour.test\nsix.test\nv6.test\nrelayed.test\nguest.test',
  '/etc/mail/transport': [
    '@virtual.do.main  user-shop:',
    `next.test smtp:[${operatorIpv4}]:25`,
    'four.test smtp4:[mx.receiver.test]',
    'six.test smtp4:[six.receiver.test]',
    'v6.test smtp:[six.receiver.test]',
    `relayed.test relay:[${operatorIpv4}]:25`,
    'guest.test user-guest:',
  ].join('\n'),
  '/etc/mail/virtual-aliases': [
    'virtual.test anything',
    'team@virtual.test one@example.test, two@example.test',
    'everybody-25@example.test here-1@example.test, here-2@example.test, list@mail.example.test',
    'everybody-465@example.test here-1@example.test, here-2@example.test, list@mail.example.test',
  ].join('\n'),
  '/etc/postfix/main.d/40_local.cf': [
    'smtpd_banner = $myhostname ESMTP local',
    'delay_warning_time = 4h',
    'smtpd_sasl_auth_enable = yes',
    `smtp_generic_maps = cdb:${OUTSIDE}`,
    `smtp_bind_address = ${secondAddresses.ipv4}`,
    `smtp_bind_address6 = ${secondAddresses.ipv6}`,
    'user-shop_destination_recipient_limit = 1',
    'user-later_destination_recipient_limit = 1',
  ].join('\n'),
};

const TAKEN = { code: 250 };
const PORTS = [25, 587, 465] as const;

/** Every file of the service users has something in it (R7, R8, R11, R19, R20, R22, R25). */
export function configured(host: MailHost): void {
  let undo: () => Promise<void>;
  const submit = async (letter: Letter) =>
    expect(await host.send(465, { from: 'app@example.test', login: await host.login(), ...letter })).toMatchObject(TAKEN);

  beforeAll(async () => {
    await host.inside('useradd -m -s /bin/bash -G service guest');
    await host.installDeliver(deliverProgram, 'guest');
    await host.asUser(`echo 'cron@mail.example.test office@example.test' >${OUTSIDE}`);
    undo = await host.edit(EDITS);
  });
  afterAll(async () => {
    await undo?.();
  });

  test('R8: a REJECT in the access maps counts on ports 25, 587 and 465', async () => {
    const app = 'app@example.test';
    const refused: readonly [client: Client, letter: Letter, text: string][] = [
      ['barred', { to: app }, 'not from there'],
      ['known', { helo: 'bad.helo.test', to: app }, 'not by that name'],
      ['known', { from: 'bad@sender.test', to: app }, 'not from them'],
      ['known', { to: 'closed@example.test' }, 'not to them'],
    ];
    const login = await host.login();
    for (const [client, letter, text] of refused) {
      for (const port of PORTS) {
        const credentials = port === 25 ? {} : { login, startTls: port === 587 };
        const reply = await host.send(port, { ...letter, ...credentials }, client);
        expect({ port, ...reply }).toMatchObject({ port, code: 554, text: expect.stringContaining(text) });
      }
    }
  });

  test('R8: an OK in the access maps never opens a relay', async () => {
    for (const port of PORTS) {
      const reply = await host.send(port, { helo: 'ok.helo.test', from: 'ok@sender.test', to: 'somebody@receiver.test' }, 'pool');
      expect({ port, ...reply }).toMatchObject({ port, code: 554 });
    }
  });

  test('R8: an OK in access-client spares a client blocklists, DNS and greylisting', async () => {
    const letter = { from: 'bob@nowhere.test', to: 'permitted@example.test' };
    for (const client of ['nameless', 'listed'] as const) expect(await host.send(25, letter, client)).toMatchObject(TAKEN);
  });

  test('R8: addresses are rewritten by canonical and canonical.pcre', async () => {
    await submit({ to: 'old@example.test', from: 'alice@intern.test' });
    const { arguments: call } = await host.delivery('new@example.test');
    expect(call).toEqual(['-f', 'alice@example.test', 'example.test', 'new@example.test']);
  });

  test('R8: mail is routed by virtual-aliases, relay-domains and transport', async () => {
    await submit({ to: 'team@virtual.test' });
    for (const to of ['one@example.test', 'two@example.test']) await host.delivery(to);
    await submit({ to: 'y@next.test' });
    await host.sink.mailFor('y@next.test');
    expect(await host.send(25, { to: 'nobody@virtual.test' })).toMatchObject({ code: 550 });
    expect(await host.send(25, { to: 'y@next.test' })).toMatchObject(TAKEN);
  });

  test('R7: local-aliases overrules the aliases of the system, and what points to them follows', async () => {
    for (const name of ['postmaster', 'abuse', 'virusalert']) {
      expect(await host.send(25, { to: `${name}@mail.example.test`, data: message(`to ${name}`) })).toMatchObject(TAKEN);
      await host.eventually(`grep -l chief@example.test /home/webapp/inbox/*.json | xargs grep -q "Subject: to ${name}"`);
    }
  });

  test('R11: a parameter in 40_local.cf counts over the role', async () => {
    await host.greetsWith('mail.example.test ESMTP local');
  });

  test('R11, R33: mail leaves from the addresses in 40_local.cf, whatever transport it takes', async () => {
    const ways = { 'next.test': 'ipv4', 'relayed.test': 'ipv4', 'four.test': 'ipv4', 'v6.test': 'ipv6' } as const;
    for (const domain of Object.keys(ways)) await submit({ to: `bound@${domain}` });
    for (const [domain, family] of Object.entries(ways)) {
      expect({ domain, peer: (await host.sink.mailFor(`bound@${domain}`)).peer }).toEqual({
        domain,
        peer: secondAddresses[family],
      });
    }
  });

  test('R11: a table in /etc/postfix/tables counts for outgoing mail, and one with a mistake is refused', async () => {
    await submit({ to: 'generic@receiver.test', from: 'cron@mail.example.test' });
    expect((await host.sink.mailFor('generic@receiver.test')).said).toContainEqual(
      expect.stringMatching(/^MAIL FROM:<office@example\.test>/),
    );
    const reload = 'sudo -n /etc/init.d/postfix reload';
    const answer = await host.asUser(`echo 'cron@other.test |/bin/sh' >>${OUTSIDE}; ${reload}; rm ${OUTSIDE}; ${reload}`);
    expect(answer).toContain(`postfix-gate: ${OUTSIDE}:2: `);
    expect(answer).toMatch(/40_local\.cf:\d+: 'smtp_generic_maps' names \/etc\/postfix\/tables\/outside, which is not there/);
    expect(answer).toMatch(/exit 1$/);
    expect(await host.asUser(`echo 'cron@mail.example.test office@example.test' >${OUTSIDE}; ${reload}`)).toMatch(/exit 0$/);
  });

  test('R11: a reload says where a parameter does not count, and why', async () => {
    const local = '/etc/postfix/main.d/40_local.cf';
    const answer = await host.asUser(`echo '# once more' >>${local}; sudo -n /etc/init.d/postfix reload`);
    const line = (name: string) => `${local}:[0-9]+: '${name}' does not count for`;
    for (const note of [
      `${line('smtpd_sasl_auth_enable')} smtp, submission and submissions: a login belongs on 587 and 465`,
      `${line('smtp_bind_address')} smtp-amavis: the way through the filter`,
    ]) {
      expect(answer).toMatch(new RegExp(`^postfix-gate: note: ${note}`, 'm'));
    }
    expect(answer).toMatch(/exit 0$/);
  });

  test('R1, R19: other servers see nothing of a known network, and all of a stranger whose mail is forwarded', async () => {
    for (const port of PORTS) {
      const letter = { to: `hidden-${port}@receiver.test`, from: 'app@example.test', helo: 'laptop.office.test' };
      expect(await host.send(port, letter, 'far')).toMatchObject(TAKEN);
      expect(await (await host.dial(port, 'far', { ipv6: true })).deliver({ ...letter, to: `v6-${letter.to}` })).toMatchObject(
        TAKEN,
      );
      for (const to of [letter.to, `v6-${letter.to}`]) {
        const { text } = await host.sink.mailFor(to);
        expect(text).toMatch(/^Received: by mail\.example\.test \(Postfix\) with E?SMTPS?\s/m);
        for (const trace of ['laptop', 'far.sender.test', clients.far, operatorIpv6]) expect(text).not.toContain(trace);
      }
    }
    expect(await host.send(25, { to: 'forwarded@next.test' })).toMatchObject(TAKEN);
    expect((await host.sink.mailFor('forwarded@next.test')).text).toContain(
      `from mail.sender.test (mail.sender.test [${clients.known}])`,
    );
  });

  test('R14: port 25 offers no login, even if 40_local.cf switches it on for all ports', async () => {
    expect(await host.inside('postconf -h smtpd_sasl_auth_enable')).toBe('yes');
    const session = await host.dial(25);
    await session.reply();
    await session.startTls();
    expect((await session.say('EHLO mail.sender.test')).text).not.toMatch(/auth/i);
    expect(await session.say('AUTH PLAIN AGFsaWNlAHNlY3JldA==')).toMatchObject({ code: 503 });
    session.close();
  });

  test('R19: external networks send without a login, IPv6 as people write it, and nobody else does', async () => {
    const letter = { to: 'external@receiver.test', from: 'app@example.test' };
    for (const port of PORTS) {
      expect(await host.send(port, letter, 'far')).toMatchObject(TAKEN);
      expect(await (await host.dial(port, 'far', { ipv6: true })).deliver(letter)).toMatchObject(TAKEN);
      for (const client of ['stranger', 'listed'] as const)
        expect(await host.send(port, letter, client)).toMatchObject({ code: 554 });
    }
  });

  test('R22: a domain with an @ in front, as the documentation had it, is taken for the domain', async () => {
    expect(await host.send(25, { to: 'anybody.at.all@virtual.do.main' })).toMatchObject(TAKEN);
    expect(await host.delivery('anybody.at.all@virtual.do.main', 'shop')).toMatchObject({
      folder: '/home/shop',
      arguments: ['-f', 'alice@sender.test', 'virtual.do.main', 'anybody.at.all@virtual.do.main'],
    });
  });

  test('R24, R25: several recipients come in one call, or one by one where 40_local.cf says so', async () => {
    const people = (domain: string) => ['a', 'b', 'c'].map((name) => `${name}@${domain}`);
    const calls = async (domain: string, user: string) => {
      expect(await host.send(25, { to: people(domain) })).toMatchObject(TAKEN);
      for (const recipient of people(domain)) await host.delivery(recipient, user);
      const all = (await host.deliveries(user)).map((call) => call.arguments.slice(3));
      return all.filter((call) => people(domain).includes(call[0] ?? ''));
    };
    expect(await calls('example.test', 'webapp')).toEqual([people('example.test')]);
    expect((await calls('virtual.do.main', 'shop')).map((call) => call.length)).toEqual([1, 1, 1]);
  });

  test('R5: a mail is scanned once, however many people a list of the host sends it on to', async () => {
    const scans = () => host.inside('journalctl -t amavis -o cat | grep -c "Passed .*<once@sender.test>" || true');
    for (const port of [25, 465] as const) {
      const login = port === 465 ? await host.login() : undefined;
      const before = Number(await scans());
      expect(await host.send(port, { from: 'once@sender.test', to: `everybody-${port}@example.test`, login })).toMatchObject(
        TAKEN,
      );
      const seen = port === 25 ? 1 : 2;
      await host.eventually(`[ $(grep -l here-3@ /home/webapp/inbox/*.json | wc -l) -ge ${seen} ]`);
      await host.eventually("mailq | grep -q 'is empty'");
      expect(Number(await scans())).toBe(before + 1);
    }
    expect(host.sink.mails.filter(({ said }) => said.includes('RCPT TO:<away@receiver.test>'))).toHaveLength(2);
  });

  test('R1: the transport smtp4 uses IPv4, and nothing else where there is none', async () => {
    await submit({ to: 'x@four.test' });
    expect((await host.sink.mailFor('x@four.test')).peer).toBe(secondAddresses.ipv4);
    await submit({ to: 'x@six.test', from: 'no-ipv4@example.test' });
    expect((await host.delivery('no-ipv4@example.test')).text).toContain('six.receiver.test');
    expect(host.sink.mails.filter(({ said }) => said.includes('RCPT TO:<x@six.test>'))).toEqual([]);
  });

  test('R20: a member of the group service has a transport, and has none when the user is gone', async () => {
    expect(await host.send(25, { to: 'x@guest.test' })).toMatchObject(TAKEN);
    await host.delivery('x@guest.test', 'guest');
    await host.inside('userdel -r guest 2>/dev/null');
    // Mail for somebody who is gone must not be lost: the entry has to go first.
    expect(await host.asUser('sudo -n /etc/init.d/postfix reload')).toMatch(
      /transport:9: 'user-guest' is not a transport of this host: .*\(user-shop, user-webapp\)\nexit 1$/,
    );
    await undo();
    undo = async () => undefined;
    expect(await host.inside('postconf -M user-guest/unix 2>&1 || true')).not.toContain('pipe');
    expect(await host.inside('postconf -M user-webapp/unix')).toContain('argv=/usr/lib/mailserver/deliver /home/webapp');
    expect(await host.send(25, { to: 'team@virtual.test' })).toMatchObject({ code: 554 });
  });
}
