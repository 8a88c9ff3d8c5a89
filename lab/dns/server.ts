import type { LabConditions } from '../conditions';
import type { CloudSnapshot } from '../contracts';
import { execIn } from '../machines';
import { setMachineRules } from '../network';
import type { Lab } from '../system';
import { nameServer, rootServer } from '../world/addresses';
import { proxyConfiguration, proxyRedirection } from './fault-proxy';
import faultProxy from './fault-proxy.sh';
import { type DnsFaults, withRecordFaults } from './faults';
import { resolverFiles } from './resolvers';
import { nsdFiles } from './server-files';
import writeFiles from './write-files.sh';
import { allZones } from './zones';

/** nsd and unbound on the machine `dns`, which runs the image `world`. */
export class DnsServer {
  private readonly written = new Map<string, string>();
  private serial = Math.floor(Date.now() / 1000);
  private faults: DnsFaults = {};
  /** One change at a time: the end of the last one. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly lab: Lab,
    private readonly conditions: LabConditions,
    private readonly machine = 'dns',
  ) {}

  /** Both servers up, with the zones of a cloud in which there is nothing yet. */
  async start(): Promise<void> {
    await this.write(resolverFiles(this.conditions), 'start');
    await this.update({ zones: [], elasticIps: [] });
  }

  /**
   * Makes DNS wrong in exactly these ways, in place of earlier ones; none of them: DNS is well again.
   * Returns when the servers answer so.
   * @throws when a fault names what the lab has not; nothing is changed then.
   */
  setFaults(faults: DnsFaults, snapshot: Pick<CloudSnapshot, 'zones' | 'elasticIps'>): Promise<void> {
    return this.inTurn(() => this.makeWrong(faults, snapshot));
  }

  private async makeWrong(faults: DnsFaults, snapshot: Pick<CloudSnapshot, 'zones' | 'elasticIps'>): Promise<void> {
    withRecordFaults(allZones(snapshot), faults);
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
    if (!keeps) await this.write(resolverFiles(this.conditions, faults.resolverCacheSeconds), 'start');
  }

  /** Serves what the snapshot says; returns when the name server answers with it. */
  update(snapshot: Pick<CloudSnapshot, 'zones' | 'elasticIps'>): Promise<void> {
    return this.inTurn(() => this.serve(snapshot));
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async serve(snapshot: Pick<CloudSnapshot, 'zones' | 'elasticIps'>): Promise<void> {
    const zones = withRecordFaults(allZones(snapshot), this.faults);
    // Compared without the serial: that of a zone counts up only when the zone has changed.
    const compared = nsdFiles(zones, 0, this.conditions.timeFactor);
    const changed = [...compared].filter(([path, text]) => this.written.get(path) !== text).map(([path]) => path);
    if (changed.length === 0) return;
    this.serial += 1;
    const files = nsdFiles(zones, this.serial, this.conditions.timeFactor);
    // These serials tell when the name servers have taken over.
    const telling = [...files.keys()].filter((path) => path.endsWith('/root.zone') || path.endsWith('/world.test.zone'));
    const paths = new Set([...changed, ...telling]);
    await this.write(new Map([...files].filter(([path]) => paths.has(path))), String(this.serial));
    for (const path of changed) this.written.set(path, compared.get(path) ?? '');
    for (const path of this.written.keys()) if (!compared.has(path)) this.written.delete(path);
  }

  private async write(files: ReadonlyMap<string, string>, serial: string): Promise<void> {
    const list = [...files].map(([path, text]) => `${path} ${Buffer.from(text).toString('base64')}\n`).join('');
    await execIn(this.lab, this.machine, ['bash', '-c', writeFiles, 'write-files', serial, rootServer.ipv4, nameServer.ipv4], {
      input: list,
      timeout: 20_000,
    });
  }
}
