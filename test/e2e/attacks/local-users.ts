import { type MailHost, quoted } from '../requirements/mail-host';
import { FILTER_PORTS as PORTS } from '../support/filter-ports';

/** Who may connect to which port next to root; the mail host itself is the only other client. */
const CLIENTS: Readonly<Record<keyof typeof PORTS, readonly string[]>> = {
  postgrey: ['postfix'],
  filterIncoming: ['postfix'],
  filterSubmission: ['postfix'],
  policydWeight: ['postfix'],
  reinjection: ['amavis'],
  filterCheck: [],
};
const USERS = ['nobody', 'webapp', 'daemon', 'postfix', 'amavis', 'clamav', 'postgrey', 'www-data', 'root'];

/** Ports that are there for everybody on the host: mail comes in by them, through the filter. */
const PUBLIC = ['25', '465', '587', '53', '22'];

const CONNECT = `
import socket, sys
for place in sys.argv[1:]:
    name = socket.AF_INET if place.isdigit() else socket.AF_UNIX
    with socket.socket(name) as client:
        client.settimeout(5)
        try:
            client.connect(("127.0.0.1", int(place)) if place.isdigit() else place)
            print(place, "open")
        except OSError as error:
            print(place, type(error).__name__)
`;

const SHUTDOWN = `
import socket
with socket.socket(socket.AF_UNIX) as clamd:
    clamd.connect("/run/clamav/clamd.ctl")
    clamd.sendall(b"nSHUTDOWN\\n")
    print(clamd.recv(1))
`;

const INJECT = `
import smtplib, sys
with smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=5) as session:
    session.ehlo("localhost")
    print(session.docmd("XFORWARD", "NAME=mail.bank.example ADDR=203.0.113.99"))
    print(session.sendmail("ceo@example.test", ["app@example.test"], "Subject: canary-of-a-local-user\\r\\n\\r\\nx\\r\\n"))
`;

/** What somebody with an account on the mail host may not: talk to filters and scanner in place of Postfix. */
export function localUsers(host: MailHost): void {
  const python = (user: string, program: string, ...args: readonly (string | number)[]) =>
    host.asUser(`python3 -c ${quoted(program)} ${args.join(' ')}`, user);
  const opened = async (user: string, places: readonly (string | number)[]): Promise<string[]> =>
    (await python(user, CONNECT, ...places))
      .split('\n')
      .flatMap((line) => (line.endsWith(' open') ? [line.split(' ')[0] ?? ''] : []));

  test.each(USERS)('a port between Postfix and its filters is for its own client: %s', async (user) => {
    const own = Object.entries(PORTS).filter(([name]) => user === 'root' || CLIENTS[name as keyof typeof PORTS].includes(user));
    expect(await opened(user, Object.values(PORTS))).toEqual(own.map(([, port]) => String(port)));
  });

  test('no port of the host but those for mail answers a local user', async () => {
    const listening = (await host.inside("ss -ltnH | awk '{print $4}' | sed 's/.*://' | sort -un")).split('\n');
    expect(listening).toEqual(expect.arrayContaining(Object.values(PORTS).map(String)));
    expect((await opened('nobody', listening)).filter((port) => !PUBLIC.includes(port))).toEqual([]);
  });

  test('no socket of the mail services answers a local user but the one that checks are asked for', async () => {
    const sockets = (await host.inside("ss -lxH | awk '{print $5}' | grep ^/ | sort -u")).split('\n');
    const mail = sockets.filter((path) => /postfix|clamav|amavis|postgrey|policyd|mailserver|sasl/.test(path));
    expect(mail).toEqual(expect.arrayContaining(['/run/clamav/clamd.ctl', '/run/mailserver-check.sock']));
    for (const user of ['nobody', 'webapp']) expect(await opened(user, mail)).toEqual(['/run/mailserver-check.sock']);
  });

  test('nobody tells clamd to end', async () => {
    const pid = () => host.inside('systemctl show -P MainPID clamav-daemon');
    const before = await pid();
    for (const user of ['nobody', 'webapp']) expect(await python(user, SHUTDOWN)).toMatch(/PermissionError/);
    expect(await pid()).toBe(before);
  });

  test('nobody puts a mail behind the filter, in the name of another client', async () => {
    for (const port of [PORTS.reinjection, PORTS.filterIncoming, PORTS.filterCheck]) {
      expect(await python('webapp', INJECT, port)).toMatch(/ConnectionRefusedError/);
    }
    expect(await host.inside('mailq; grep -l canary-of-a-local-user /home/webapp/inbox/* 2>/dev/null || true')).toBe(
      'Mail queue is empty',
    );
  });

  test('every user may have the services checked all the same', async () => {
    for (const name of ['processes', 'spam', 'virus']) {
      expect(await host.asUser(`/usr/lib/mailserver/check ${name}`, 'nobody')).toMatch(/^[A-Z]+ OK - .*\nexit 0$/);
    }
  });

  test.each(['', 'x', 'ports', 'processes; id', 'x'.repeat(70_000)].map((request) => [request.slice(0, 20), request]))(
    'the service that checks for others does nothing else: %j',
    async (_title, request) => {
      const ask = `import socket
with socket.socket(socket.AF_UNIX) as service:
    service.connect("/run/mailserver-check.sock")
    try:
        service.sendall(${JSON.stringify(request)}.encode() + b"\\n")
    except OSError:
        pass
    service.settimeout(30)
    try:
        print(repr(service.recv(100)))
    except ConnectionError:
        print("b''")`;
      expect(await python('nobody', ask)).toBe("b''\nexit 0");
    },
  );

  test('rules that somebody flushed are found as a change, and put back', async () => {
    await host.inside('nft delete table inet mailserver_local_ports');
    expect(await opened('nobody', [PORTS.postgrey])).toEqual([String(PORTS.postgrey)]);
    const { lines } = await host.machine.apply(host.desired());
    expect(lines.join('\n')).toContain('local ports');
    expect(await opened('nobody', [PORTS.postgrey])).toEqual([]);
  });

  test.each(['restart', 'reload', 'stop'])('a %s of nftables.service, which flushes all rules, keeps them', async (verb) => {
    await host.inside('systemctl start nftables.service');
    await host.inside(`systemctl ${verb} nftables.service`);
    expect(await opened('nobody', Object.values(PORTS))).toEqual([]);
    await host.inside('systemctl stop nftables.service');
  });

  test('the rules come with every boot, before the services that they are for', async () => {
    expect(
      await host.inside('systemctl is-enabled mailserver-local-ports; systemctl show -P Before mailserver-local-ports'),
    ).toMatch(/^enabled\n.*postfix\.service/);
  });
}
