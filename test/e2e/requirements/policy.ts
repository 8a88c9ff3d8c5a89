import { waitFor } from '../../../lab/system';
import type { Reply } from '../support/smtp-session';
import type { Client, MailHost } from './mail-host';

const GREYLISTED = { code: 450, text: expect.stringContaining('Greylisted') };
const TAKEN = { code: 250 };

/** Greylisting and blocklists: what they stop, whom they spare, and what happens without them (R3, R4, R34 to R36). */
export function policy(host: MailHost): void {
  const again = (to: string, client: Client): Promise<Reply> =>
    waitFor(
      `an end of the greylisting of ${client}`,
      async () => {
        const reply = await host.send(25, { to }, client);
        return reply.code === 450 ? undefined : reply;
      },
      { deadline: 20_000, interval: 500 },
    );

  test('R34: a stranger is put off at first, and taken with the first retry after the delay', async () => {
    expect(await host.send(25, { to: 'grey@example.test' }, 'stranger')).toMatchObject(GREYLISTED);
    expect(await again('grey@example.test', 'stranger')).toMatchObject(TAKEN);
    expect(await host.send(25, { to: 'grey@example.test' }, 'stranger')).toMatchObject(TAKEN);
    await host.delivery('grey@example.test');
  });

  test('R34: a retry may come from another address of the same network', async () => {
    expect(await host.send(25, { to: 'roaming@example.test' }, 'stranger')).toMatchObject(GREYLISTED);
    expect(await again('roaming@example.test', 'neighbour')).toMatchObject(TAKEN);
  });

  test('R35: the lists of the service users count, and those that are shipped', async () => {
    expect(await host.send(25, { to: 'first@example.test' }, 'far')).toMatchObject(GREYLISTED);
    // Shipped: mail pools that never come back from the same address, and two recipients that everybody must reach.
    expect(await host.send(25, { to: 'app@example.test' }, 'pool')).toMatchObject(TAKEN);
    expect(await host.send(25, { to: 'abuse@example.test' }, 'far')).toMatchObject(TAKEN);
    const clients = '/etc/postfix/postgrey_whitelist_clients.local';
    const recipients = '/etc/postfix/postgrey_whitelist_recipients.local';
    const edit = `cp ${clients} ${recipients} /tmp; echo stranger.sender.test >>${clients}; echo open@ >>${recipients}`;
    expect(await host.asUser(`${edit}; sudo -n /etc/init.d/postgrey restart`)).toMatch(/exit 0$/);
    await host.startAll();
    expect(await host.send(25, { to: 'second@example.test' }, 'stranger')).toMatchObject(TAKEN);
    expect(await host.send(25, { to: 'open@example.test' }, 'far')).toMatchObject(TAKEN);
    expect(await host.send(25, { to: 'closed@example.test' }, 'far')).toMatchObject(GREYLISTED);
    expect(await host.send(25, { to: 'app@example.test' }, 'pool')).toMatchObject(TAKEN);
    const undo = `cat /tmp/postgrey_whitelist_clients.local >${clients}; cat /tmp/postgrey_whitelist_recipients.local >${recipients}`;
    expect(await host.asUser(`${undo}; sudo -n /etc/init.d/postgrey restart`)).toMatch(/exit 0$/);
    await host.startAll();
  });

  test('R3: a client on a blocklist is refused, one that the list does not want to judge is not', async () => {
    const refused = { code: 550, text: expect.stringContaining('listed in too many DNSBLs') };
    expect(await host.send(25, { to: 'app@example.test' }, 'listed')).toMatchObject(refused);
    expect(await host.send(25, { to: 'app@example.test' }, 'misjudged')).toMatchObject(GREYLISTED);
  });

  test('R3, R4: mail flows while both policy services are dead', async () => {
    await host.inside('systemctl stop policyd-weight postgrey');
    try {
      for (const client of ['far', 'listed'] as const) {
        expect(await host.send(25, { to: `unasked-${client}@example.test` }, client)).toMatchObject(TAKEN);
      }
    } finally {
      await host.startAll();
    }
    await host.delivery('unasked-far@example.test');
  });

  test('R3: policyd-weight comes back by itself when it dies', async () => {
    await host.inside('systemctl kill -s KILL policyd-weight');
    await host.eventually('/usr/lib/mailserver/probe policy 127.0.0.1 12525 >/dev/null');
    expect(await host.send(25, { to: 'app@example.test' }, 'listed')).toMatchObject({ code: 550 });
  });

  test('R15: a failure of DNS puts mail off on port 25 and loses none', async () => {
    await host.inside('systemctl stop nsd');
    try {
      const letter = { from: 'bob@sender.test', to: 'unresolved@example.test' };
      for (const client of ['known', 'far'] as const) {
        const { code } = await host.send(25, letter, client);
        expect({ client, refused: code >= 500 }).toEqual({ client, refused: false });
      }
      const outgoing = { to: 'patient@receiver.test', from: 'app@example.test', login: await host.login() };
      expect(await host.send(465, outgoing)).toMatchObject(TAKEN);
      await host.eventually('postqueue -j | grep patient@receiver.test | grep -q "queue_name.*deferred"');
    } finally {
      await host.startAll();
    }
    await host.inside('postqueue -f');
    await host.sink.mailFor('patient@receiver.test');
    expect(await host.bounces()).toEqual([]);
  });
}
