import { operatorIpv4 } from '../../lab/network';
import { waitFor } from '../../lab/system';
import { capacityOf } from '../../lib/role/capacity';
import { renderRole } from '../../lib/role/render';
import { type RoleSettings, roleSettings } from '../../lib/role/settings';
import type { Relay } from '../../lib/role/settings/relay';
import { HostLab, type TestMachine } from './support/host-lab';
import { withNameServer } from './support/name-server';
import { sampled } from './support/sampled';
import { SmtpSink } from './support/smtp-sink';
import { StrictRelay } from './support/strict-relay';

const PORT = 587;
const SECOND_PORT = 2587;

const RECORDS = `mail.example.test. A 198.51.100.71
receiver.test. MX 10 mx.receiver.test.
mx.receiver.test. A ${operatorIpv4}
slow.test. MX 10 mx.receiver.test.
relay.provider.test. A ${operatorIpv4}
other.provider.test. A ${operatorIpv4}`;

const login = (password: string = StrictRelay.password, passwordVersion = 1) => ({ user: 'mail', password, passwordVersion });
const smartHost = (changes: Partial<Relay> = {}): Relay => ({ host: 'relay.provider.test', login: login(), ...changes });

/** Hands mails to Postfix behind its filter, each to a recipient of its own, over a few connections at once. */
const SUBMIT = `import smtplib, sys, threading
prefix, first, count, sender, domain = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]
def part(start):
    with smtplib.SMTP('127.0.0.1', 10025, local_hostname='localhost') as session:
        for number in range(first + start, first + count, 4):
            session.sendmail(sender, [f'{prefix}-{number}@{domain}'], f'Subject: {number}\\r\\n\\r\\nx\\r\\n')
threads = [threading.Thread(target=part, args=(start,)) for start in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
`;

let lab: HostLab;
let host: TestMachine;
let relay: StrictRelay;
let world: SmtpSink;

const desired = (changes: Partial<RoleSettings> = {}) => {
  const settings = roleSettings.parse({
    heloName: 'mail.example.test',
    resolvers: ['127.0.0.1'],
    domains: { 'example.test': {} },
    ...changes,
  });
  return withNameServer(renderRole(settings, capacityOf(1, 4000, false)), RECORDS);
};
const submit = (prefix: string, count: number, first = 0, sender = 'app@example.test', domain = 'receiver.test') =>
  host.inside(`python3 /root/submit.py ${prefix} ${first} ${count} '${sender}' ${domain}`);
const check = () => host.inside('/usr/lib/mailserver/check relay || true');
const recipients = (mails: readonly { readonly said: readonly string[] }[]) =>
  mails.flatMap(({ said }) => said.flatMap((line) => /^RCPT TO:<([^>]*)>/.exec(line)?.[1] ?? []));
const arrived = (prefix: string) =>
  recipients([...relay.mails, ...world.mails]).filter((recipient) => recipient.startsWith(`${prefix}-`));
/** Every one of them, once. */
const allOnce = async (prefix: string, count: number) => {
  await waitFor(`${count} mails of ${prefix}`, async () => arrived(prefix).length >= count, { deadline: 120_000, interval: 200 });
  expect(arrived(prefix).sort()).toEqual(Array.from({ length: count }, (_, index) => `${prefix}-${index}@receiver.test`).sort());
};
/** Waits until the queue says so; shows it where it does not. */
const queueHas = (text: string, list = 'postqueue -j') =>
  host.inside(`for i in $(seq 600); do ${list} | grep -q ${text} && exit 0; sleep 0.1; done; postqueue -p; exit 1`);
const blockPort25 = () =>
  host.inside(`nft -f - <<'EOF'
table inet blocked {
  chain output {
    type filter hook output priority 0; policy accept;
    oif != "lo" tcp dport 25 drop
  }
}
EOF`);

beforeAll(async () => {
  lab = await HostLab.start('debian-13-mail');
  host = await lab.boot('mail', { number: 71 });
  relay = await StrictRelay.open(lab.lab, operatorIpv4, 'relay.provider.test', [PORT, SECOND_PORT]);
  world = SmtpSink.open(lab.lab, [operatorIpv4]);
  await host.apply(desired());
  await host.inside(`cat >/root/submit.py <<'EOF'\n${SUBMIT}\nEOF
cat >/usr/local/share/ca-certificates/test.crt <<'EOF'\n${relay.authority}\nEOF
update-ca-certificates >/dev/null`);
});
afterAll(async () => {
  relay?.close();
  world?.close();
  await lab?.stop();
});

describe('a smart host', () => {
  test('takes the mail of a host whose port 25 is blocked, and gives it back: none is lost, none comes twice', async () => {
    await blockPort25();
    await submit('switched', 80);
    await queueHas('" 80 Requests"', 'postqueue -p');
    expect(arrived('switched')).toEqual([]);
    const on = host.apply(desired({ relay: [smartHost()] }));
    await submit('switched', 80, 80);
    await on;
    await allOnce('switched', 160);
    expect(world.mails).toEqual([]);
    expect(relay.mails.every(({ said }) => said.includes('AUTH'))).toBe(true);

    await host.inside('nft delete table inet blocked');
    await relay.become(PORT, 'busy');
    await submit('back', 80);
    const off = host.apply(desired());
    await submit('back', 80, 80);
    await off;
    await allOnce('back', 160);
    expect(await host.inside('ls -A /var/lib/mailserver/relay 2>/dev/null || true; postqueue -p')).toBe('Mail queue is empty');
    await relay.become(PORT, 'well');
  });

  test.each<[string, () => Promise<unknown>, Partial<Relay>, RegExp]>(
    sampled(
      [
        [
          'the login',
          async () => undefined,
          { login: login('a wrong password') },
          /relay\.provider\.test:587 refuses the login of mail \(535 5\.7\.8 unknown user or wrong password\): correct user and password of relay, and raise its passwordVersion/,
        ],
        [
          'a certificate for another name',
          async () => undefined,
          { host: 'other.provider.test' },
          /the certificate of other\.provider\.test:587 is not accepted \(Hostname mismatch.*\): set host of relay to a name that it is for/,
        ],
        [
          'a name that is not in DNS',
          async () => undefined,
          { host: 'nowhere.provider.test' },
          /nowhere\.provider\.test has no address in DNS: correct the host of relay/,
        ],
      ],
      4,
    ),
  )('is refused at the change because of %s, and nothing changes', async (_what, prepare, changes, message) => {
    await prepare();
    const before = await host.inside('md5sum /etc/postfix/main.cf /etc/postfix/master.cf; ls /var/lib/mailserver');
    await expect(host.apply(desired({ relay: [smartHost(changes)] }))).rejects.toThrow(message);
    expect(await host.inside('md5sum /etc/postfix/main.cf /etc/postfix/master.cf; ls /var/lib/mailserver')).toBe(before);
  });

  test('that is down does not stop the change, and mail takes the next one', async () => {
    await relay.become(PORT, 'down');
    const both = desired({ relay: [smartHost(), smartHost({ port: SECOND_PORT })] });
    await host.apply(both);
    expect((await host.look(both)).warnings).toEqual([
      expect.stringMatching(/relay\.provider\.test:587 cannot be reached \(Connection refused\): mail waits/),
    ]);
    await submit('second', 20);
    await allOnce('second', 20);
    expect(
      new Set(relay.mails.filter(({ said }) => recipients([{ said }])[0]?.startsWith('second')).map(({ peer }) => peer)),
    ).toEqual(new Set([String(SECOND_PORT)]));
    expect(await check()).toMatch(/^RELAY WARNING - relay\.provider\.test:587 cannot be reached/);
    await relay.become(PORT, 'well');
    expect(await check()).toMatch(/^RELAY OK - /);
  });

  test('gets the mail of a sender domain, or for a recipient domain, and no other', async () => {
    await host.apply(
      desired({
        relay: [smartHost({ senders: ['example.test'] }), smartHost({ port: SECOND_PORT, recipients: ['receiver.test'] })],
      }),
    );
    await submit('recipient', 1, 0, 'app@other.test');
    await submit('sender', 1, 0, 'app@example.test', 'slow.test');
    await submit('neither', 1, 0, 'app@other.test', 'slow.test');
    await waitFor('three mails', async () => ['recipient', 'sender', 'neither'].every((each) => arrived(each).length > 0), {
      deadline: 60_000,
      interval: 100,
    });
    const ways = [...relay.mails, ...world.mails].map((mail) => `${recipients([mail])[0]} ${mail.peer}`);
    expect(ways).toEqual(expect.arrayContaining(['recipient-0@receiver.test 2587', 'sender-0@slow.test 587']));
    expect(recipients(world.mails)).toContain('neither-0@slow.test');
  });

  test('that refuses as Amazon SES does gets the mail of its domains; bounces and senders of others leave directly', async () => {
    await relay.become(PORT, 'unverified');
    await host.apply(desired({ relay: [smartHost({ senders: ['example.test'] })] }));
    await submit('own', 1);
    await submit('bounce', 1, 0, '');
    await submit('foreign', 1, 0, 'somebody@other.test');
    const all = ['own', 'bounce', 'foreign'];
    await waitFor('three mails', async () => all.every((each) => arrived(each).length > 0), { deadline: 60_000, interval: 100 });
    expect(recipients(relay.mails)).toContain('own-0@receiver.test');
    expect(recipients(world.mails)).toEqual(expect.arrayContaining(['bounce-0@receiver.test', 'foreign-0@receiver.test']));
    await relay.become(PORT, 'well');
  });

  test('tells in one line when it later refuses login or senders, or is busy, and no mail is lost by that', async () => {
    await host.apply(desired({ relay: [smartHost()] }));
    await relay.become(PORT, 'busy');
    expect(await check()).toMatch(
      /^RELAY CRITICAL - relay\.provider\.test:587 takes nothing now \(421 4\.7\.0 too many mails, try again later\)/,
    );
    await relay.become(PORT, 'expired');
    await submit('expired', 1);
    await queueHas('"SASL authentication failed"');
    expect(await check()).toMatch(/^RELAY CRITICAL - relay\.provider\.test:587 refuses the login of mail \(535/);
    await relay.become(PORT, 'strange');
    expect(await check()).toMatch(
      /^RELAY WARNING - relay\.provider\.test:587 refuses the sender postmaster@mail\.example\.test \(553 5\.7\.1 this sender is not yours\): have its operator allow the domain/,
    );
    await relay.become(PORT, 'well');
    await host.inside('postqueue -f');
    await allOnce('expired', 1);
    await relay.become(PORT, 'unloved');
    await submit('unloved', 1, 0, '');
    await waitFor(
      'the refusal in the check',
      async () => /relay\.provider\.test has refused 1 recipients within an hour.*554 5\.7\.1/.test(await check()),
      {
        deadline: 30_000,
        interval: 300,
      },
    );
    await relay.become(PORT, 'well');
  });

  test('never sees mail without a login while the password is not on the host', async () => {
    await host.inside('rm /var/lib/mailserver/relay/relay-1.cdb; postfix reload');
    await submit('waiting', 1);
    await queueHas('delay_reason');
    const state = desired({ relay: [smartHost()] });
    expect((await host.look(state)).changes.derived).toEqual([expect.objectContaining({ name: 'passwords for smart hosts' })]);
    await host.apply(state);
    await host.inside('postqueue -f');
    await allOnce('waiting', 1);
    expect(
      await host.inside(
        'stat -c "%a %U" /var/lib/mailserver/relay /var/lib/mailserver/relay/*; grep -rl "the right password" /etc /usr/lib/mailserver /var/lib/mailserver/backup || true',
      ),
    ).toMatch(/^700 root\n(600 root\n?)+$/);
  });
});

describe('a new address', () => {
  const slow = { outgoingPace: { warmUp: { days: 14 } } };

  test('sends one mail to a domain and has the others wait, which those to other domains overtake; the day is kept when the stack is applied again', async () => {
    await host.apply(desired(slow));
    await submit('slow', 3);
    await waitFor('the first mail', async () => arrived('slow').length === 1, { deadline: 60_000, interval: 100 });
    await submit('overtaking', 1, 0, 'app@example.test', 'slow.test');
    await waitFor('the mail to another domain', async () => arrived('overtaking').length === 1, {
      deadline: 60_000,
      interval: 100,
    });
    expect(arrived('slow')).toHaveLength(1);
    expect(await host.inside('/usr/lib/mailserver/check pace')).toMatch(
      /^PACE OK - day 1 of 14: 300 s between two mails to one domain, what is too much waits/,
    );
    const state = desired(slow);
    expect((await host.look(state)).changes.derived).toEqual([]);
  });

  test('sends as fast as others after the last day, which the timer brings', async () => {
    await host.inside(`python3 -c "
import json
path = '/var/lib/mailserver/warm-up/began.json'
began = json.load(open(path))
json.dump({address: time - 20 * 86400 for address, time in began.items()}, open(path, 'w'))"`);
    expect(await host.inside('/usr/lib/mailserver/check pace || true')).toMatch(
      /^PACE WARNING - the pace of outgoing mail is not that of the day/,
    );
    await host.inside('systemctl start mailserver-warm-up.service; postqueue -f');
    await allOnce('slow', 3);
    expect(await host.inside('/usr/lib/mailserver/check pace; postconf -h smtp_destination_rate_delay')).toMatch(
      /^PACE OK - the slow start is over: no pause between mails[^\n]*\n0s$/,
    );
  });

  test('leaves no trace where the stack ends its slow start', async () => {
    await host.apply(desired());
    expect(await host.inside('ls /etc/postfix/main.d; systemctl list-timers --all --no-legend')).not.toContain('warm-up');
  });
});
