import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DnsServer } from '../../lab/dns';
import { ensureImages } from '../../lab/images';
import { bootMachine, execIn, labKey, tearDown } from '../../lab/machines';
import { machineCgroup } from '../../lab/machines/paths';
import { defaultConditions } from '../../lab/model/conditions';
import type { CloudZone, MachineSpec } from '../../lab/model/contracts';
import { ensureInternet, internet, namespaceFile, operatorIpv4 } from '../../lab/network';
import { machineNamespace } from '../../lab/network/names';
import { machineInterface } from '../../lab/network/plug';
import { checkPreconditions, defaultCacheDir, describeLab, type Lab, run } from '../../lab/system';
import { resolver, senders, worldMachines } from '../../lab/world';
import { senderDomains } from './mails';
import slowDns from './slow-dns.sh';

/** The resolver that the mail hosts ask: as quick as `resolver` of the lab, or slower. */
const farResolver = '198.51.100.19';

const { sender } = worldMachines;
const dnsMachine = { ...worldMachines.dns, addresses: [...worldMachines.dns.addresses, `${farResolver}/24`] };

/** Who sends; each host has an address for each of them. */
export const clients = [senders.clean, senders.second] as const;

/** How DNS answers, from the hosts' point of view. */
export interface DnsTerms {
  /** Of each answer. */
  readonly milliseconds: number;
  /** A zone about which nothing is answered at all. */
  readonly silentZone?: string;
  /** Share of what is asked about foreign names, blocklists above all, that nobody answers, 0 to 1. */
  readonly lost?: number;
}

export interface HostSpec {
  readonly name: string;
  readonly hostName: string;
  /** As many as there are clients. */
  readonly addresses: readonly string[];
}

/** A sender, name servers and mail hosts on one switch, without a cloud. */
export class LoadLab {
  private constructor(
    readonly lab: Lab,
    private readonly dns: DnsServer,
    private readonly publicKey: string,
    readonly privateKeyPath: string,
  ) {}

  static async start(): Promise<LoadLab> {
    await checkPreconditions();
    const stateDir = await mkdtemp(join(tmpdir(), 'mailserver-load-'));
    const lab = describeLab({ name: `l${(process.pid % 36 ** 4).toString(36)}`, stateDir, cacheDir: defaultCacheDir() });
    await ensureImages(lab.cacheDir, ['debian-13', 'world'], ({ title, state }) => state === 'started' && console.error(title));
    await ensureInternet(lab);
    const { publicKey, path } = await labKey(lab);
    await Promise.all([dnsMachine, sender].map((machine) => bootMachine(lab, machine)));
    const dns = new DnsServer(lab, defaultConditions);
    await dns.start();
    const load = new LoadLab(lab, dns, publicKey, path);
    await load.answerDns({ milliseconds: 0 });
    return load;
  }

  async answerDns({ milliseconds, silentZone = '', lost = 0 }: DnsTerms): Promise<void> {
    await this.inside('dns', slowDns, [farResolver, resolver.ipv4, String(milliseconds), silentZone, String(lost)]);
  }

  /** Boots the mail hosts, gives them and the senders their names, and each client its own way to each host. */
  async boot(hosts: readonly HostSpec[]): Promise<void> {
    await this.dns.update({ zones: [...hosts.map(zoneOfHost), ...senderDomains.slice(1).map(zoneOfSender)], elasticIps: [] });
    await Promise.all(
      hosts.map(({ name, hostName, addresses }) => {
        const spec: MachineSpec = {
          name,
          image: 'debian-13',
          hostName,
          network: internet,
          addresses: addresses.map((address) => `${address}/24`),
          gateways: [operatorIpv4],
          nameServers: [farResolver],
          publicKeys: [this.publicKey],
          volumes: [],
        };
        return bootMachine(this.lab, spec);
      }),
    );
    const ways = hosts.flatMap(({ addresses }) => addresses.map((to, index) => ({ to, from: clients[index]?.ipv4 as string })));
    for (const { to, from } of ways) {
      const route = ['ip', 'route', 'add', `${to}/32`, 'dev', machineInterface, 'src', from];
      await run('nsenter', [`--net=${namespaceFile(machineNamespace(this.lab, sender.name))}`, '--', ...route]);
    }
  }

  /** A script as root inside a machine; its standard output. */
  async inside(machine: string, script: string, args: readonly string[] = [], input = ''): Promise<string> {
    const command = ['bash', '-ec', script, 'load', ...args];
    return (await execIn(this.lab, machine, command, { input, timeout: 900_000, name: `in ${machine}` })).stdout.trim();
  }

  /** Where the kernel counts what a machine uses. */
  cgroupOf(machine: string): Promise<string> {
    return machineCgroup(this.lab, machine);
  }

  async stop(): Promise<void> {
    await tearDown(this.lab);
    await rm(this.lab.stateDir, { recursive: true, force: true });
  }
}

const record = (name: string, type: string, value: string) => ({ name, type, ttl: 300, values: [value] });

function zoneOfHost({ hostName, addresses }: HostSpec): CloudZone {
  const zone = `${hostName.slice(hostName.indexOf('.') + 1)}.`;
  const name = `${hostName}.`;
  const records = [record(zone, 'NS', 'ns.world.test.'), record(zone, 'MX', `10 ${name}`)];
  return { name: zone, records: [...records, { ...record(name, 'A', ''), values: addresses }] };
}

function zoneOfSender(domain: string): CloudZone {
  const zone = `${domain}.`;
  const records = [
    record(zone, 'NS', 'ns.world.test.'),
    record(zone, 'MX', '10 mail.sender.test.'),
    record(zone, 'A', clients[0].ipv4),
    record(`www.${zone}`, 'A', clients[0].ipv4),
    record(zone, 'TXT', `"v=spf1 ${clients.map(({ ipv4 }) => `ip4:${ipv4}`).join(' ')} -all"`),
  ];
  return { name: zone, records };
}
