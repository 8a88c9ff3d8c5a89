import type { CloudZone } from '../model/contracts';
import { cloudNameServers, nameServer, rootServer } from '../model/world-addresses';
import { record } from './world-zones';
import { zoneFile, zoneFileName } from './zone-file';
import type { ServedZone } from './zones';

/** Where nsd keeps the zones, in the machine. */
const zonesFolder = '/etc/nsd/zones';

/** A zone of every server, whose serial tells that the server has taken over the newest files. */
const tellingZone = 'serial.invalid.';

/**
 * The files of the authoritative servers, the root's and all others, by path in the machine.
 * @param timeFactor What times to live are divided by, but for those that a customer of the cloud has set.
 */
export function nsdFiles(zones: readonly ServedZone[], serial: number, timeFactor = 1): Map<string, string> {
  const files = new Map<string, string>();
  const server = (name: string, addresses: readonly string[], served: readonly CloudZone[]) => {
    const all = [...served, { name: tellingZone, records: [record(tellingZone, 'NS', nameServer.name)] }];
    for (const zone of all) files.set(`${zonesFolder}/${name}/${zoneFileName(zone.name)}`, zoneFile(zone, serial, timeFactor));
    files.set(`/etc/nsd/${name}.conf`, nsdConf(name, addresses, all));
  };
  const isRoot = ({ zone }: ServedZone) => zone.name === '.';
  const zonesOf = (some: readonly ServedZone[]) => some.map(({ zone }) => zone);
  server('root', [rootServer.ipv4], zonesOf(zones.filter(isRoot)));
  for (const [index, addresses] of cloudNameServers.entries()) {
    const served = zonesOf(zones.filter((one) => !isRoot(one) && one.server === index));
    server(
      `server${index}`,
      addresses.map(({ ipv4 }) => ipv4),
      served,
    );
  }
  return files;
}

/** The server that a file is of: `server0`. */
export function serverOfFile(path: string): string {
  return /^\/etc\/nsd\/(?:zones\/([^/]+)\/.*|(.*)\.conf)$/.exec(path)?.slice(1).find(Boolean) ?? '';
}

/** Whether the file is that of the zone that tells which serial its server has. */
export function tells(path: string): boolean {
  return path.endsWith(`/${zoneFileName(tellingZone)}`);
}

/** Each server has its own state and control socket. */
function nsdConf(name: string, addresses: readonly string[], zones: readonly CloudZone[]): string {
  const entries = zones.map((zone) => `zone:\n    name: "${zone.name}"\n    zonefile: "${zoneFileName(zone.name)}"\n`);
  return `server:
${addresses.map((address) => `    ip-address: ${address}\n`).join('')}    server-count: 1
    zonesdir: "${zonesFolder}/${name}"
    pidfile: "/run/nsd/${name}.pid"
    xfrdfile: "/var/lib/nsd/${name}.state"
    zonelistfile: "/var/lib/nsd/${name}.list"
    hide-version: yes
    minimal-responses: yes
    # Debian's nsd drops what is asked beyond 200 times a second; Route 53 answers all of it.
    rrl-ratelimit: 0
remote-control:
    control-enable: yes
    control-interface: /run/nsd/${name}.ctl
${entries.join('')}`;
}
