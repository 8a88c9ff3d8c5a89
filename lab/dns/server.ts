import type { CloudSnapshot } from '../contracts';
import { execIn } from '../machines';
import type { Lab } from '../system';
import { nameServer } from '../world/addresses';
import { nsdFiles, unboundFiles } from './server-files';
import writeFiles from './write-files.sh';
import { allZones } from './zones';

/** nsd and unbound on the machine `dns`, which runs the image `world`. */
export class DnsServer {
  private readonly written = new Map<string, string>();
  private serial = Math.floor(Date.now() / 1000);

  constructor(
    private readonly lab: Lab,
    private readonly machine = 'dns',
  ) {}

  /** Both servers up, with the zones of a cloud in which there is nothing yet. */
  async start(): Promise<void> {
    await this.write(unboundFiles(), 'start');
    await this.update({ zones: [], elasticIps: [] });
  }

  /** Serves what the snapshot says; returns when the name server answers with it. */
  async update(snapshot: Pick<CloudSnapshot, 'zones' | 'elasticIps'>): Promise<void> {
    const zones = allZones(snapshot);
    // Compared without the serial: that of a zone counts up only when the zone has changed.
    const compared = nsdFiles(zones, 0);
    const changed = [...compared].filter(([path, text]) => this.written.get(path) !== text).map(([path]) => path);
    if (changed.length === 0) return;
    this.serial += 1;
    const files = nsdFiles(zones, this.serial);
    // The root's serial tells when the name server has taken over.
    const paths = new Set([...changed, ...[...files.keys()].filter((path) => path.endsWith('/root.zone'))]);
    await this.write(new Map([...files].filter(([path]) => paths.has(path))), String(this.serial));
    for (const path of changed) this.written.set(path, compared.get(path) ?? '');
    for (const path of this.written.keys()) if (!compared.has(path)) this.written.delete(path);
  }

  private async write(files: ReadonlyMap<string, string>, serial: string): Promise<void> {
    const list = [...files].map(([path, text]) => `${path} ${Buffer.from(text).toString('base64')}\n`).join('');
    await execIn(this.lab, this.machine, ['bash', '-c', writeFiles, 'write-files', nameServer.ipv4, serial], {
      input: list,
      timeout: 20_000,
    });
  }
}
