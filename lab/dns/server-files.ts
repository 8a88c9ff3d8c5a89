import type { CloudZone } from '../contracts';
import { nameServer, rootServer, secondNameServer } from '../world/addresses';
import { zoneFile, zoneFileName } from './zone-file';

/** Where nsd keeps the zones, in the machine. */
export const zonesFolder = '/etc/nsd/zones';

/**
 * The files of the authoritative servers, the root's and everybody's, by path in the machine.
 * @param timeFactor What times to live are divided by, but for those that a customer of the cloud has set.
 */
export function nsdFiles(zones: readonly CloudZone[], serial: number, timeFactor = 1): Map<string, string> {
  const files = new Map<string, string>();
  for (const zone of zones) files.set(`${zonesFolder}/${zoneFileName(zone.name)}`, zoneFile(zone, serial, timeFactor));
  const isRoot = ({ name }: CloudZone) => name === '.';
  files.set('/etc/nsd/root.conf', nsdConf('root', [rootServer.ipv4], zones.filter(isRoot)));
  const addresses = [nameServer.ipv4, secondNameServer.ipv4];
  files.set(
    '/etc/nsd/nsd.conf',
    nsdConf(
      'nsd',
      addresses,
      zones.filter((zone) => !isRoot(zone)),
    ),
  );
  return files;
}

/** Each server has its own state and control socket. */
function nsdConf(name: string, addresses: readonly string[], zones: readonly CloudZone[]): string {
  const entries = zones.map((zone) => `zone:\n    name: "${zone.name}"\n    zonefile: "${zoneFileName(zone.name)}"\n`);
  return `server:
${addresses.map((address) => `    ip-address: ${address}\n`).join('')}    server-count: 1
    zonesdir: "${zonesFolder}"
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
