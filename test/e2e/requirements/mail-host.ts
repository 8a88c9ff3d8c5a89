import type { CloudVolume } from '../../../lab/model/contracts';
import { inOperatorNetwork, operatorIpv4, operatorIpv6 } from '../../../lab/network';
import { internetBridge } from '../../../lab/network/names';
import { run, waitFor } from '../../../lab/system';
import type { DesiredState } from '../../../lib/host/desired-state';
import { capacityOf } from '../../../lib/role/capacity';
import { renderRole } from '../../../lib/role/render';
import { type RoleSettings, roleSettings } from '../../../lib/role/settings';
import { ForwardedPort } from '../support/forwarded-port';
import { HostLab, type TestMachine } from '../support/host-lab';
import { withNameServer } from '../support/name-server';
import { type Letter, type Reply, SmtpSession } from '../support/smtp-session';
import { SmtpSink } from '../support/smtp-sink';
import deliverProgram from './deliver.py';
import { CHANNEL_RECORDS } from './rules-channel';

const NUMBER = 68;
const ADDRESS = `198.51.100.${NUMBER}`;
const IPV6 = `2001:db8:51:100::${NUMBER}`;

/** Further addresses of the host, which nothing uses of its own accord. */
const SECOND_NUMBER = 69;
export const secondAddresses = { ipv4: `198.51.100.${SECOND_NUMBER}`, ipv6: `2001:db8:51:100::${SECOND_NUMBER}` } as const;

/** Who connects; all of them are addresses of the operator's namespace. */
export const clients = {
  /** A and PTR agree; on the service users' whitelist of postgrey. */
  known: '198.51.100.200',
  /** As good, but on no list. */
  stranger: '198.51.100.201',
  /** Of the same network as the one before. */
  neighbour: '198.51.100.202',
  /** Of another network. */
  far: '203.0.113.9',
  /** Of a big pool that sends every attempt from another address. */
  pool: '203.0.113.10',
  /** For access maps. */
  barred: '203.0.113.11',
  /** Calls itself one of a large sender's, whose DNS knows nothing of it. */
  nameless: '203.0.113.12',
  /** On a blocklist that refuses by itself. */
  listed: '203.0.113.66',
  /** Told by that blocklist that it does not serve who asks. */
  misjudged: '203.0.113.67',
} as const;
export type Client = keyof typeof clients;

/** What a client says at EHLO; A and PTR agree with it. */
function nameOf(client: Client): string {
  const special = { known: 'mail.sender.test', pool: 'mail-1.outlook.com', nameless: 'mail-2.outlook.com' };
  return special[client as keyof typeof special] ?? `${client}.sender.test`;
}

function records(client: Client, address: string): string {
  const name = nameOf(client);
  return `${name}. A ${address}\n${address.split('.').reverse().join('.')}.in-addr.arpa. PTR ${name}.`;
}

const RECORDS = `
mail.example.test. A ${ADDRESS}
sender.test. MX 10 mail.sender.test.
${Object.entries(clients)
  .filter(([name]) => name !== 'nameless')
  .map(([name, address]) => records(name as Client, address))
  .join('\n')}
2.0.0.127.strict.dnsbl.test. A 127.0.0.2
66.113.0.203.strict.dnsbl.test. A 127.0.0.2
67.113.0.203.strict.dnsbl.test. A 127.255.255.254
forged.test. A 203.0.113.20
forged.test. TXT "v=spf1 -all"
receiver.test. MX 10 mx.receiver.test.
mx.receiver.test. A ${operatorIpv4}
mx.receiver.test. AAAA ${operatorIpv6}
six.receiver.test. AAAA ${operatorIpv6}
${CHANNEL_RECORDS}`;

/** Of greylisting. */
export const DELAY_SECONDS = 1;

const standard = {
  heloName: 'mail.example.test',
  antivirus: true,
  clamavTestSignatureOnly: true,
  resolvers: ['127.0.0.1'],
  greylistDelaySeconds: DELAY_SECONDS,
  dnsblSites: ['strict.dnsbl.test=127.0.0.[2..11]*2'],
  spam: { scores: { SPF_FAIL: 50 } },
  serviceUsers: ['webapp', 'shop'],
  domains: { 'example.test': { deliverTo: 'webapp' }, 'partner.test': { relayTo: `smtp:[${operatorIpv4}]:25` } },
};

/** A call of `bin/deliver`. */
export interface Delivery {
  readonly arguments: readonly string[];
  readonly folder: string;
  readonly text: string;
}

export const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** The whole role on one machine, a name server next to it, and the world that talks to it. */
export class MailHost {
  machine!: TestMachine;
  sink!: SmtpSink;
  /** Compiled maps, as the first apply left them. */
  firstMaps: readonly string[] = [];
  private lab!: HostLab;
  private readonly logins = new Set<string>();
  private readonly ways = new Map<string, ForwardedPort>();
  private readonly settings: RoleSettings;

  /**
   * @param changes settings of the role that differ from those of most tests
   * @param volumes what the machine has next to its disk
   */
  constructor(
    changes: Partial<RoleSettings> = {},
    private readonly volumes: readonly CloudVolume[] = [],
  ) {
    this.settings = roleSettings.parse({ ...standard, ...changes });
  }

  async start(): Promise<void> {
    this.lab = await HostLab.start('debian-13-mail');
    this.machine = await this.lab.boot('proof', {
      number: NUMBER,
      alsoNumbers: [SECOND_NUMBER],
      ipv6: IPV6,
      alsoIpv6: [secondAddresses.ipv6],
      volumes: this.volumes,
    });
    for (const address of Object.values(clients)) {
      const [file, ...args] = inOperatorNetwork(this.lab.lab, ['ip', 'addr', 'replace', `${address}/32`, 'dev', internetBridge]);
      await run(file, args);
    }
    this.sink = SmtpSink.open(this.lab.lab, [operatorIpv4, operatorIpv6]);
    await this.machine.apply(this.desired());
    this.firstMaps = (await this.inside('ls /var/lib/mailserver/postfix/current/maps')).split('\n');
    await this.inside(`echo ${clients.known} >>/etc/postfix/postgrey_whitelist_clients.local; systemctl restart postgrey`);
    // Most tests write as people elsewhere.
    await this.inside("printf 'alice *\\nalice@mail.example.test *\\npassing *\\n' >>/etc/mail/submission-senders");
    await this.reload();
    for (const user of this.settings.serviceUsers ?? []) await this.installDeliver(deliverProgram, user);
  }

  async stop(): Promise<void> {
    this.sink?.close();
    for (const way of this.ways.values()) way.close();
    await this.lab?.stop();
  }

  desired(changes: Partial<RoleSettings> = {}): DesiredState {
    const wanted = roleSettings.parse({ ...this.settings, ...changes });
    return withNameServer(renderRole(wanted, this.capacity), RECORDS);
  }

  /** What the role was rendered for. */
  readonly capacity = capacityOf(1, 4000, true);

  inside(script: string): Promise<string> {
    return this.machine.inside(script);
  }

  async installDeliver(program: string, user = 'webapp'): Promise<void> {
    const home = `/home/${user}`;
    await this.inside(`install -d -o ${user} -g ${user} ${home}/bin ${home}/inbox
printf %s ${quoted(program)} >${home}/bin/new; chmod 755 ${home}/bin/new; chown ${user}: ${home}/bin/new; mv ${home}/bin/new ${home}/bin/deliver`);
  }

  /** As a service user, without a terminal; the exit code is the last line. */
  asUser(command: string, user = 'webapp'): Promise<string> {
    return this.inside(
      `cd /tmp; runuser -u ${user} -- sh -c ${quoted(command)} </dev/null 2>&1 && echo "exit 0" || echo "exit $?"`,
    );
  }

  /** A login for submission, set as a service user sets it. */
  async login(user = 'alice'): Promise<{ user: string; password: string }> {
    const password = `9 lively otters of ${user}'s`;
    if (!this.logins.has(user)) {
      expect(await this.asUser(`echo "${password}" | sudo -n saslpasswd2 -p ${user}`)).toBe('exit 0');
      this.logins.add(user);
    }
    return { user, password };
  }

  /** Mails to senders that something was not delivered, but those to an `author-…`, who asked for it. */
  async bounces(): Promise<string[]> {
    const waiting = await this.inside('postqueue -j | grep \'"sender": "MAILER-DAEMON"\' || true');
    const bounced = this.sink.mails.filter(({ said }) => said.some((line) => line.startsWith('MAIL FROM:<>')));
    const gone = bounced.filter(({ said }) => !said.some((line) => line.startsWith('RCPT TO:<author-')));
    return [...waiting.split('\n').filter(Boolean), ...gone.map(({ text }) => text)];
  }

  /** A service user's reload; it has to succeed. */
  async reload(): Promise<string> {
    const answer = await this.asUser('sudo -n /etc/init.d/postfix reload');
    expect(answer).toMatch(/exit 0$/);
    return answer;
  }

  /** Appends to files of the service users and puts it into effect; gives a function that takes it away again. */
  async edit(lines: Readonly<Record<string, string>>): Promise<() => Promise<void>> {
    const saved = (file: string) => `/tmp/before${file.replaceAll('/', '-')}`;
    for (const [file, line] of Object.entries(lines)) {
      expect(await this.asUser(`cat ${file} >${saved(file)} && echo ${quoted(line)} >>${file}`)).toBe('exit 0');
    }
    const undo = async () => {
      await this.asUser(
        Object.keys(lines)
          .map((file) => `cat ${saved(file)} >${file}`)
          .join('; '),
      );
      await this.reload();
    };
    try {
      await this.reload();
    } catch (error) {
      await undo();
      throw error;
    }
    return undo;
  }

  async dial(port: number, client: Client = 'known', options: { ipv6?: boolean } = {}): Promise<SmtpSession> {
    const source = options.ipv6 ? operatorIpv6 : clients[client];
    const name = `${source} ${port}`;
    const way = this.ways.get(name) ?? (await ForwardedPort.open(this.lab.lab, options.ipv6 ? IPV6 : ADDRESS, port, source));
    this.ways.set(name, way);
    return SmtpSession.open(way.port, { tls: port === 465 });
  }

  /** Ends all connections at once: nobody tells a client that the machine at the other end is gone. */
  hangUp(): void {
    for (const way of this.ways.values()) {
      way.cut();
      way.restore();
    }
  }

  /** What port 25 greets with. */
  async banner(): Promise<string> {
    const session = await this.dial(25);
    const { text } = await session.reply();
    session.close();
    return text;
  }

  /** Waits for a banner: a daemon of before a reload may take one more connection. */
  async greetsWith(banner: string): Promise<void> {
    await waitFor(`the banner ${banner}`, async () => (await this.banner()) === banner, { deadline: 30_000, interval: 100 });
  }

  /** One mail from outside. */
  async send(port: number, letter: Letter, client: Client = 'known'): Promise<Reply> {
    return (await this.dial(port, client)).deliver({ helo: nameOf(client), ...letter });
  }

  /** What `bin/deliver` was called with so far. */
  async deliveries(user = 'webapp'): Promise<Delivery[]> {
    const lines = await this.inside(`cat /home/${user}/inbox/*.json 2>/dev/null || true`);
    return lines
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Delivery);
  }

  /** The call for a recipient, once it was made. */
  delivery(recipient: string, user = 'webapp'): Promise<Delivery> {
    return waitFor(
      `a mail for ${recipient}`,
      async () => (await this.deliveries(user)).find((call) => call.arguments.slice(3).includes(recipient)),
      { deadline: 30_000, interval: 100 },
    );
  }

  /** Waits for a condition of a shell inside the machine. */
  async eventually(condition: string, seconds = 120): Promise<void> {
    await this.inside(`for i in $(seq ${seconds * 10}); do if ${condition}; then exit 0; fi; sleep 0.1; done
      { mailq; journalctl -n 20 -o cat; } >&2; echo "not within ${seconds} s: "${quoted(condition)} >&2; exit 1`);
  }

  /** Starts what was stopped, and waits until it answers. */
  async startAll(): Promise<void> {
    await this.inside('systemctl start amavis clamav-daemon policyd-weight postgrey nsd postfix');
    for (const probe of this.desired().probes) await this.eventually(`${probe.command} >/dev/null`);
  }
}
