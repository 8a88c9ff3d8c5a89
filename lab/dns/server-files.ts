import type { CloudZone } from '../contracts';
import { nameServer, resolver, rootServer, secondNameServer } from '../world/addresses';
import { zoneFile, zoneFileName } from './zone-file';

/** Where nsd keeps the zones, in the machine. */
export const zonesFolder = '/etc/nsd/zones';

/** The files of the authoritative servers, the root's and everybody's, by path in the machine. */
export function nsdFiles(zones: readonly CloudZone[], serial: number): Map<string, string> {
  const files = new Map<string, string>();
  for (const zone of zones) files.set(`${zonesFolder}/${zoneFileName(zone.name)}`, zoneFile(zone, serial));
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

/**
 * The files of the recursive server: no uplink, no trust anchor, its root is the lab's; several answers keep their order.
 * @param cacheSeconds How long it keeps answers at most.
 */
export function unboundFiles(cacheSeconds = 1): Map<string, string> {
  return new Map([
    ['/etc/unbound/lab.hints', `. 3600 IN NS ${rootServer.name}\n${rootServer.name} 3600 IN A ${rootServer.ipv4}\n`],
    [
      '/etc/unbound/unbound.conf',
      `server:
    interface: ${resolver.ipv4}
    access-control: 0.0.0.0/0 allow
    do-ip6: no
    module-config: "iterator"
    root-hints: "/etc/unbound/lab.hints"
    local-zone: "test." nodefault
    local-zone: "100.51.198.in-addr.arpa." nodefault
    local-zone: "8.b.d.0.1.0.0.2.ip6.arpa." nodefault
    cache-max-ttl: ${cacheSeconds}
    cache-max-negative-ttl: ${cacheSeconds}
    infra-host-ttl: 1
    rrset-roundrobin: no
    use-syslog: yes
`,
    ],
  ]);
}
