import { setTimeout } from 'node:timers/promises';
import { waitFor } from '../../../lab/system';
import type { Reply } from '../support/smtp-session';
import deliverProgram from './deliver.py';
import { type Client, DELAY_SECONDS, type MailHost } from './mail-host';

const GREYLISTED = { code: 450, text: expect.stringContaining('Greylisted') };
const TAKEN = { code: 250 };

/** As clamdscan, it stays until clamd hangs up: clamd reads no command of a client that is gone already. */
const TELL_CLAMD_TO_END = `runuser -u amavis -- python3 -c '
import socket
with socket.socket(socket.AF_UNIX) as clamd:
    clamd.connect("/run/clamav/clamd.ctl")
    clamd.sendall(b"nSHUTDOWN\\n")
    clamd.recv(1)'`;

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
    // postgrey counts whole seconds.
    await setTimeout((DELAY_SECONDS + 1) * 1000);
    expect(await host.send(25, { to: 'grey@example.test' }, 'stranger')).toMatchObject(TAKEN);
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

  test('R35, R36: a mistake in their lists is reported with its place, and greylisting goes on', async () => {
    const clients = '/etc/postfix/postgrey_whitelist_clients.local';
    const pid = () => host.inside('systemctl show -P MainPID postgrey');
    const before = await pid();
    await host.asUser(`cat ${clients} >/tmp/lists; echo "/(far/" >>${clients}`);
    try {
      const said = await host.asUser('sudo -n /etc/init.d/postgrey restart');
      expect(said).toMatch(/clients\.local:\d+: '\/\(far\/' does not compile: .*\n.*nothing was changed.*\nexit 1$/);
      expect(await pid()).toBe(before);
      // Nor does a start end at it, as one after a reboot.
      await host.inside('systemctl restart postgrey');
      await host.startAll();
      expect(await host.send(25, { to: 'third@example.test' }, 'far')).toMatchObject(GREYLISTED);
      expect(await host.send(25, { to: 'third@example.test' })).toMatchObject(TAKEN);
    } finally {
      expect(await host.asUser(`cat /tmp/lists >${clients}; sudo -n /etc/init.d/postgrey restart`)).toMatch(/exit 0$/);
    }
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

  test.each([
    ['policyd-weight', 'policyd-weight', 'systemctl kill -s KILL policyd-weight', 'policy 127.0.0.1 12525'],
    ['postgrey', 'postgrey', 'systemctl kill -s KILL postgrey', 'policy 127.0.0.1 10023'],
    ['amavis', 'amavis', 'systemctl kill -s KILL amavis', 'smtp 127.0.0.1 10024'],
    ['clamd, told to end', 'clamav-daemon', TELL_CLAMD_TO_END, 'clamd /run/clamav/clamd.ctl'],
    ["Postfix' master", 'postfix', 'kill -KILL $(cat /var/spool/postfix/pid/master.pid)', 'smtp 127.0.0.1 25'],
  ])('R2, R3, R4, R5, R40: what dies comes back by itself: %s', async (_name, unit, kill, probe) => {
    const before = await host.inside(`systemctl show -P MainPID ${unit}`);
    await host.inside(kill);
    await host.eventually(
      `! systemctl show -P MainPID ${unit} | grep -qx -e ${before} -e 0 && /usr/lib/mailserver/probe ${probe} >/dev/null`,
    );
    expect(await host.send(25, { to: `survived-${unit}@example.test` })).toMatchObject(TAKEN);
  });

  test('R2: a script of a service user that the kernel ends for its memory takes no other process with it, and mail waits for it', async () => {
    await host.installDeliver('#!/usr/bin/python3\nlines = [b"x" * (1 << 20) for _ in range(4096)]\n');
    const master = 'cat /var/spool/postfix/pid/master.pid';
    const before = await host.inside(master);
    // Postfix and all that it starts, which may have 300 MiB together.
    const memory = await host.machine.limitMemory(Number(before), 300);
    try {
      // One that waits for its next mail was started before.
      await host.inside('pkill -x pipe || true');
      expect(await host.send(25, { to: 'greedy@example.test' })).toMatchObject(TAKEN);
      await host.eventually('postqueue -j | grep -F greedy@example.test | grep -q "could not be run or was killed (exit 137)"');
      expect(await memory.killed()).toBeGreaterThan(0);
      expect(await host.inside(`${master}; systemctl is-active postfix amavis`)).toBe(`${before}\nactive\nactive`);
      expect(await host.send(25, { to: 'meanwhile@example.test' })).toMatchObject(TAKEN);
    } finally {
      await memory.free();
      await host.installDeliver(deliverProgram);
    }
    await host.inside('postqueue -f');
    await host.delivery('greedy@example.test');
  });

  test('R2, R5: systemd is told to go on with Postfix and amavis when the kernel has ended one of their processes', async () => {
    expect(await host.inside('systemctl show -P OOMPolicy postfix amavis')).toBe('continue\n\ncontinue');
  });

  test('R3: a client whose names contradict one another is refused', async () => {
    const refused = { code: 550, text: expect.stringContaining('correct HELO and DNS MX settings') };
    expect(await host.send(25, { from: 'bob@sender.test', to: 'app@example.test' }, 'nameless')).toMatchObject(refused);
  });

  test('R15: a failure of DNS puts mail off on port 25 and loses none', async () => {
    await host.inside('systemctl stop nsd');
    try {
      const letter = { from: 'bob@sender.test', to: 'unresolved@example.test' };
      for (const client of ['known', 'far'] as const) {
        const { code } = await host.send(25, letter, client);
        expect({ client, putOff: code >= 400 && code < 500 }).toEqual({ client, putOff: true });
      }
      const outgoing = { to: 'patient@receiver.test', from: 'app@example.test', login: await host.login() };
      expect(await host.send(465, outgoing)).toMatchObject(TAKEN);
      await host.eventually('postqueue -j | grep patient@receiver.test | grep -q "queue_name.*deferred"');
    } finally {
      await host.startAll();
    }
    expect(await again('unresolved@example.test', 'known')).toMatchObject(TAKEN);
    await host.inside('postqueue -f');
    await host.sink.mailFor('patient@receiver.test');
    expect(await host.bounces()).toEqual([]);
  });
}
