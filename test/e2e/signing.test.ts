import { MailHost, quoted } from './requirements/mail-host';
import { message } from './support/smtp-session';

/** A host that signs what leaves it (DKIM), and a name server that has the records once somebody writes them. The tests run in order. */
const host = new MailHost({ dkim: {}, antivirus: false, clamavTestSignatureOnly: undefined });
beforeAll(() => host.start());
afterAll(() => host.stop());

/** Another implementation than that which signs, with the records of the name server: `DOMAIN SELECTOR RESULT` for each signature. */
const VERIFIER = `
use strict; use warnings; use Mail::DKIM::Verifier;
my $verifier = Mail::DKIM::Verifier->new;
binmode STDIN; local $/; my $mail = <STDIN>;
$verifier->PRINT($mail); $verifier->CLOSE;
print join(" ", $_->domain, $_->selector, $_->result), "\\n" for $verifier->signatures;`;

const written = (from: string, body = 'Good day.', fields = '') =>
  message('a word', body, fields).replace('<alice@sender.test>', `<${from}>`);

/** What a receiver finds who verifies the mail. */
async function signaturesOf(recipient: string): Promise<string[]> {
  const { text } = await host.sink.mailFor(recipient, 60_000);
  const mail = Buffer.from(text.replace(/^\.\./gm, '.')).toString('base64');
  const lines = await host.inside(`echo ${mail} | base64 -d | perl -e ${quoted(VERIFIER)}`);
  return lines.split('\n').filter(Boolean);
}

const submit = async (to: string, from = 'app@example.test', data = written(from), port: 465 | 587 = 465) =>
  expect(await host.send(port, { to, from, data, login: await host.login(), startTls: port === 587 })).toMatchObject({
    code: 250,
  });

async function inQuickSuccession(name: string) {
  const recipients = Array.from({ length: 12 }, (_, number) => `${name}-${number}@receiver.test`);
  for (const to of recipients) await submit(to);
  return Promise.all(recipients.map((to) => host.sink.mailFor(to, 60_000)));
}

const check = () => host.inside('/usr/lib/mailserver/check signing || true');
const NAMES = ['mail.example.test', 'example.test', 'partner.test'];

/** Public halves, by selector. */
async function publicKeys(): Promise<Record<string, string>> {
  return JSON.parse((await host.inside('/usr/lib/mailserver/dkim keys check')).replace(/^value: /, ''));
}

/** The records that the stack would write: the keys next to the HELO name, and aliases at the mail domains. */
async function publish(): Promise<void> {
  const records = Object.entries(await publicKeys()).flatMap(([selector, text]) => [
    `${selector}._domainkey.mail.example.test. TXT ${text
      .match(/.{1,200}/g)
      ?.map((part) => `"${part}"`)
      .join(' ')}`,
    ...NAMES.slice(1).map((name) => `${selector}._domainkey.${name}. CNAME ${selector}._domainkey.mail.example.test.`),
  ]);
  await host.inside(`sed -i /_domainkey/d /etc/nsd/zone
cat >>/etc/nsd/zone <<'END'\n${records.join('\n')}\nEND\nsystemctl reset-failed nsd; systemctl restart nsd`);
}

const STATE = `import json, sys, time; path = '/var/lib/mailserver/dkim/state.json'; state = json.load(open(path)); records = state['records'].values()`;
/** Whether every record was seen. */
const SEEN = `${STATE}; sys.exit(not records or not all(each['seen'] for each in records))`;
/** A quarter of an hour later, which is what resolvers remember of a zone that says nothing of it. */
const LATER = `${STATE}; [each.update(usable=time.time() - 1, next=0) for each in records]; json.dump(state, open(path, 'w'))`;
/** Every record is due. */
const DUE = `${STATE}; [each.update(next=0) for each in records]; json.dump(state, open(path, 'w'))`;
const daysAgo = (field: 'since' | 'retired', days: number) =>
  `${STATE}; state['${field}'] = time.time() - ${days} * 86400; json.dump(state, open(path, 'w'))`;
const look = (...changes: string[]) =>
  host.inside([...changes.map((change) => `python3 -c "${change}"`), 'systemctl start mailserver-dkim'].join('; '));

describe('mail that leaves', () => {
  test('is not signed while nobody could verify it, and the check says which record is missing', async () => {
    await submit('early@receiver.test');
    expect(await signaturesOf('early@receiver.test')).toEqual([]);
    const state = JSON.parse(await host.inside('/usr/lib/mailserver/dkim state')) as { domains: Record<string, { signs: null }> };
    expect(Object.values(state.domains).map(({ signs }) => signs)).toEqual(Object.keys(state.domains).map(() => null));
    // Two hours are patience with new records.
    const earlier = `${STATE}; [each.update(asked=each['asked'] - 3 * 3600) for each in records]; json.dump(state, open(path, 'w'))`;
    await host.inside(`systemctl start mailserver-dkim; python3 -c "${earlier}"`);
    expect(await check()).toMatch(/^SIGNING WARNING - mail of \S+ leaves unsigned: mta1\._domainkey\.\S+ has no TXT record/);
  });

  test('is signed by itself once the world has seen the records for as long as resolvers may remember that there were none', async () => {
    await publish();
    // The timer looks every minute.
    await host.eventually(`python3 -c "${SEEN}"`);
    await submit('seen@receiver.test');
    expect(await signaturesOf('seen@receiver.test')).toEqual([]);
    // Each process of the filter has a way to the signer, and keeps it if it may.
    await inQuickSuccession('before');
    await look(LATER);
    const mails = await inQuickSuccession('after');
    expect(mails.map(({ text }) => text.match(/^DKIM-Signature:/gm)?.length)).toEqual(mails.map(() => 1));
    await submit('first@receiver.test');
    expect(await signaturesOf('first@receiver.test')).toEqual(['example.test mta1 pass']);
    expect(await check()).toMatch(/^SIGNING OK - (\d+) of \1 names sign with mta1 \|/);
  });

  test.each<[what: string, send: (to: string) => Promise<unknown>, signature: string]>([
    ['submitted on port 587', (to) => submit(to, 'app@example.test', undefined, 587), 'example.test mta1 pass'],
    ['in the name of the host itself', (to) => submit(to, 'app@mail.example.test'), 'mail.example.test mta1 pass'],
    [
      'of a program that uses sendmail',
      (to) =>
        host.asUser(`printf 'From: app@example.test\\nSubject: x\\n\\nx\\n' | /usr/sbin/sendmail -f app@example.test ${to}`),
      'example.test mta1 pass',
    ],
    [
      'with text beyond ASCII, sent as it is',
      (to) =>
        submit(
          to,
          'app@example.test',
          written(
            'app@example.test',
            'Grüße aus Köln: 5 €',
            'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n',
          ),
        ),
      'example.test mta1 pass',
    ],
    [
      'with a line of 5,000 letters',
      (to) => submit(to, 'app@example.test', written('app@example.test', 'x'.repeat(5000))),
      'example.test mta1 pass',
    ],
    [
      'with lines that begin with a dot',
      (to) => submit(to, 'app@example.test', written('app@example.test', '..\r\n... and so on')),
      'example.test mta1 pass',
    ],
    ['with an empty text', (to) => submit(to, 'app@example.test', written('app@example.test', '')), 'example.test mta1 pass'],
  ])('is signed once, and verifies at another implementation: %s', async (_, send, signature) => {
    const to = `kind-${Math.random().toString(36).slice(2)}@receiver.test`;
    await send(to);
    expect(await signaturesOf(to)).toEqual([signature]);
  });

  test('is signed when it is a bounce, in the name of the host', async () => {
    const writer = `writer-${Date.now()}@receiver.test`;
    await submit('unknown@receiver.test', writer, written(writer));
    expect(await signaturesOf(writer)).toEqual(['mail.example.test mta1 pass']);
  });

  test('is not signed when it says another domain, or comes from outside and goes on', async () => {
    await submit('foreign@receiver.test', 'someone@receiver.test', written('someone@receiver.test'));
    expect(await signaturesOf('foreign@receiver.test')).toEqual([]);
    const undo = await host.edit({ '/etc/mail/virtual-aliases': 'onward@example.test onward@receiver.test' });
    try {
      expect(await host.send(25, { to: 'onward@example.test', data: message('onward') })).toMatchObject({ code: 250 });
      expect(await signaturesOf('onward@receiver.test')).toEqual([]);
    } finally {
      await undo();
    }
  });

  test('waits while the signer is down, and leaves signed then', async () => {
    await host.inside('systemctl stop opendkim');
    try {
      await submit('waits@receiver.test');
      await host.eventually(`postqueue -j | grep -q '"deferred".*waits@receiver.test'`);
      expect(await check()).toMatch(/^SIGNING CRITICAL - the signer does not sign a test mail as it must .*: mail waits/);
    } finally {
      await host.inside('systemctl start opendkim');
      await host.eventually('/usr/lib/mailserver/dkim trial');
      await host.inside('postqueue -f');
    }
    expect(await signaturesOf('waits@receiver.test')).toEqual(['example.test mta1 pass']);
  });

  test('is signed by the next key at once where the stack asks for a change, and the key that signed is there no more', async () => {
    const before = await publicKeys();
    await host.machine.apply(host.desired({ dkim: { rotation: 2 } }));
    const after = await publicKeys();
    expect(after.mta2).toBe(before.mta2);
    expect(after.mta1).not.toBe(before.mta1);
    await publish();
    await submit('changed@receiver.test');
    expect(await signaturesOf('changed@receiver.test')).toEqual(['example.test mta2 pass']);
    await host.machine.apply(host.desired({ dkim: { rotation: 2 } }));
    expect(await publicKeys()).toEqual(after);
  });

  test('is signed by the next key when its time has come; the one before stays public for twelve days, then a new one follows', async () => {
    await publish();
    const before = await publicKeys();
    await look(DUE);
    await look(LATER, daysAgo('since', 181));
    await submit('due@receiver.test');
    expect(await signaturesOf('due@receiver.test')).toEqual(['example.test mta1 pass']);
    await look(daysAgo('retired', 11));
    expect(await publicKeys()).toEqual(before);
    await look(daysAgo('retired', 13));
    const { mta1, mta2 } = await publicKeys();
    expect(mta1).toBe(before.mta1);
    expect(mta2).not.toBe(before.mta2);
    expect(await host.inside('journalctl -u mailserver-dkim -o cat --no-pager')).toMatch(
      /mta1 signs from now on, mta2 stays public for 12 days\n(.*\n)*mta2 is a new key: its record is in the next plan of the stack/,
    );
    await submit('on@receiver.test');
    expect(await signaturesOf('on@receiver.test')).toEqual(['example.test mta1 pass']);
  });
});
