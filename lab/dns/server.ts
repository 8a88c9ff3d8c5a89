import { isDeepStrictEqual } from 'node:util';
import { execIn } from '../machines';
import type { LabConditions } from '../model/conditions';
import type { CloudSnapshot } from '../model/contracts';
import { setMachineRules } from '../network';
import type { Lab } from '../system';
import { proxyConfiguration, proxyRedirection } from './fault-proxy';
import faultProxy from './fault-proxy.sh';
import { type DnsFaults, withRecordFaults } from './faults';
import { type Entry, type Registry, withAll, withEntry } from './registry';
import { crowdRules, resolverFiles } from './resolvers';
import { nsdFiles, serverOfFile, tells } from './server-files';
import writeFiles from './write-files.sh';
import { allZones, type ServedZone } from './zones';

type Snapshot = Pick<CloudSnapshot, 'zones' | 'elasticIps'>;

/** nsd and unbound on the machine `dns`, which runs the image `world`. */
export class DnsServer {
  private readonly written = new Map<string, string>();
  private serial = Math.floor(Date.now() / 1000);
  private faults: DnsFaults = {};
  /** What owners have entered at their registrars, and what got there by itself. */
  private entered: Registry = new Map();
  private automatic: Registry = new Map();
  /** One change at a time: the end of the last one. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly lab: Lab,
    private readonly conditions: LabConditions,
    private readonly machine = 'dns',
  ) {}

  /** All servers up, with the zones of a cloud in which there is nothing yet. */
  async start(): Promise<void> {
    await this.write(resolverFiles(this.conditions), ['start']);
    await setMachineRules(this.lab, this.machine, crowdRules());
    await setMachineRules(this.lab, this.machine, proxyRedirection(false));
    await this.update({ zones: [], elasticIps: [] });
  }

  /**
   * Makes DNS wrong in exactly these ways, in place of earlier ones; none of them: DNS is well again.
   * Returns when the servers answer so.
   * @throws when a fault names what the lab has not; nothing is changed then.
   */
  setFaults(faults: DnsFaults, snapshot: Snapshot): Promise<void> {
    return this.inTurn(() => this.makeWrong(faults, snapshot));
  }

  private async makeWrong(faults: DnsFaults, snapshot: Snapshot): Promise<void> {
    this.served(snapshot, faults);
    const earlier = this.faults;
    this.faults = faults;
    const [before, after] = [proxyConfiguration(earlier), proxyConfiguration(faults)];
    if (before !== after) {
      // Never a redirection to nobody.
      if (after === undefined) await setMachineRules(this.lab, this.machine, proxyRedirection(false));
      const args = ['bash', '-c', faultProxy, 'fault-proxy', after === undefined ? 'stop' : 'start'];
      await execIn(this.lab, this.machine, args, { input: after ?? '', timeout: 20_000 });
      if (after !== undefined) await setMachineRules(this.lab, this.machine, proxyRedirection(true));
    }
    await this.serve(snapshot);
    // A restart forgets what the resolver has kept: of records, and of servers that failed.
    const keeps = faults.resolverCacheSeconds !== undefined && faults.resolverCacheSeconds === earlier.resolverCacheSeconds;
    if (!keeps && !isDeepStrictEqual(faults, earlier))
      await this.write(resolverFiles(this.conditions, faults.resolverCacheSeconds), ['start']);
  }

  /** Serves what the snapshot says; returns when the name server answers with it. */
  update(snapshot: Snapshot): Promise<void> {
    return this.inTurn(() => this.serve(snapshot));
  }

  /**
   * Enters name servers for a domain, as its owner does at a registrar; returns when the world knows.
   * @throws when it is not known which ones.
   */
  delegate(entry: Entry, snapshot: Snapshot): Promise<void> {
    return this.inTurn(async () => {
      this.entered = withEntry(this.entered, snapshot.zones, entry);
      await this.serve(snapshot);
    });
  }

  /** Name servers by domain, as the world finds them. */
  get delegations(): Registry {
    return new Map([...this.automatic, ...this.entered].filter(([, hosts]) => hosts.length > 0));
  }

  private served(snapshot: Snapshot, faults: DnsFaults): readonly ServedZone[] {
    const all = allZones(snapshot, this.delegations);
    const zones = withRecordFaults(
      all.map(({ zone }) => zone),
      faults,
    );
    return all.map((one, index) => ({ ...one, zone: zones[index] ?? one.zone }));
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async serve(snapshot: Snapshot): Promise<void> {
    if (this.conditions.delegation === 'at once') this.automatic = withAll(this.automatic, snapshot.zones);
    const zones = this.served(snapshot, this.faults);
    // Compared without the serial: that of a zone counts up only when the zone has changed.
    const compared = nsdFiles(zones, 0, this.conditions.timeFactor);
    const changed = [...compared.keys()].filter((path) => this.written.get(path) !== compared.get(path));
    const servers = new Set(changed.map(serverOfFile));
    if (servers.size === 0) return;
    this.serial += 1;
    const files = nsdFiles(zones, this.serial, this.conditions.timeFactor);
    const paths = [...files.keys()].filter((path) => changed.includes(path) || (tells(path) && servers.has(serverOfFile(path))));
    await this.write(new Map(paths.map((path) => [path, files.get(path) ?? ''])), [String(this.serial), ...servers]);
    for (const path of changed) this.written.set(path, compared.get(path) ?? '');
    for (const path of this.written.keys()) if (!compared.has(path)) this.written.delete(path);
  }

  private async write(files: ReadonlyMap<string, string>, args: readonly string[]): Promise<void> {
    const list = [...files].map(([path, text]) => `${path} ${Buffer.from(text).toString('base64')}\n`).join('');
    await execIn(this.lab, this.machine, ['bash', '-c', writeFiles, 'write-files', ...args], { input: list, timeout: 20_000 });
  }
}
