import { type LabConditions, shortened } from '../conditions';
import { amazonResolver, publicResolvers, rootServer, vpcDns } from '../world/addresses';

/** What a resolver does about times to live, in seconds of the real world. What it says nothing about is kept as served. */
interface Manners {
  /** The longest that a "no" is remembered; RFC 2308, 5 advises at most 1 to 3 hours. */
  readonly longestNo?: number;
  /** Nothing is forgotten before. */
  readonly shortest?: number;
}

interface LabResolver extends Manners {
  readonly name: string;
  readonly ipv4: string;
}

/** The resolvers of the lab's internet, each an unbound of its own: they learn, and forget, at different times. */
export const resolvers: readonly LabResolver[] = [
  { ...publicResolvers[0] },
  { ...publicResolvers[1], longestNo: 300 },
  { ...publicResolvers[2], shortest: 60 },
  vpcDns,
  amazonResolver,
];

/** For as long as the world's resolvers usually take a time to live seriously: unbound's own limits, in seconds. */
const [longest, longestNo] = [86_400, 3600];

/** Where the configuration of a resolver is, in the machine. */
const folder = '/etc/unbound/lab';
const short = ({ name }: LabResolver) => name.slice(0, name.indexOf('.', name.indexOf('.') + 1)).replace('.', '-');

type Caches = Pick<LabConditions, 'timeFactor' | 'resolverCaches'>;

/**
 * The files of the recursive servers: no uplink, no trust anchor, their root is the lab's; several answers keep their order.
 * @param atMost In place of everybody's own manners: how long all answers are kept at most, in seconds of the lab.
 */
export function resolverFiles(caches: Caches, atMost?: number): Map<string, string> {
  const hints = `. 3600 IN NS ${rootServer.name}\n${rootServer.name} 3600 IN A ${rootServer.ipv4}\n`;
  const limits = (manners: Manners) => {
    const limit = atMost ?? (caches.resolverCaches === 'a second' ? 1 : undefined);
    if (limit !== undefined) return { most: limit, mostNo: limit, least: 0 };
    const seconds = (real: number) => shortened(real, caches.timeFactor);
    return {
      most: seconds(longest),
      mostNo: seconds(manners.longestNo ?? longestNo),
      least: manners.shortest === undefined ? 0 : seconds(manners.shortest),
    };
  };
  return new Map([
    [`${folder}/root.hints`, hints],
    ...resolvers.map((one): [string, string] => [`${folder}/${short(one)}.conf`, configuration(one, limits(one))]),
  ]);
}

function configuration(
  resolver: LabResolver,
  { most, mostNo, least }: { readonly most: number; readonly mostNo: number; readonly least: number },
): string {
  return `server:
    interface: ${resolver.ipv4}
    # Who wants to know what is remembered may ask without recursion.
    access-control: 0.0.0.0/0 allow_snoop
    do-ip6: no
    module-config: "iterator"
    root-hints: "${folder}/root.hints"
    pidfile: "/run/unbound-${short(resolver)}.pid"
    local-zone: "test." nodefault
    local-zone: "100.51.198.in-addr.arpa." nodefault
    local-zone: "8.b.d.0.1.0.0.2.ip6.arpa." nodefault
    cache-max-ttl: ${most}
    cache-max-negative-ttl: ${mostNo}
    cache-min-ttl: ${least}
    infra-host-ttl: 1
    rrset-roundrobin: no
    use-syslog: yes
`;
}
