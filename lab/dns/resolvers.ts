import { type LabConditions, shortened } from '../model/conditions';
import { amazonResolver, publicResolvers, rootServer, vpcDns } from '../model/world-addresses';

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
  /** As many behind the one address, as behind 8.8.8.8: each question meets the next of them. Default: 1. */
  readonly crowd?: number;
}

/** The resolvers of the lab's internet, each an unbound of its own, or several: they learn, and forget, at different times. */
export const resolvers: readonly LabResolver[] = [
  { ...publicResolvers[0] },
  { ...publicResolvers[1], longestNo: 300 },
  { ...publicResolvers[2], shortest: 60, crowd: 3 },
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
    ...resolvers.flatMap((one) =>
      places(one).map(({ name, at }): [string, string] => [`${folder}/${name}.conf`, configuration(name, at, limits(one))]),
    ),
  ]);
}

/** Where each unbound of a resolver listens, as unbound writes it. */
function places(resolver: LabResolver): readonly { readonly name: string; readonly at: string; readonly port: number }[] {
  const { ipv4, crowd = 1 } = resolver;
  if (crowd === 1) return [{ name: short(resolver), at: ipv4, port: 53 }];
  return Array.from({ length: crowd }, (_, index) => {
    const port = 5361 + index;
    return { name: `${short(resolver)}-${index + 1}`, at: `${ipv4}@${port}`, port };
  });
}

/** Rules for `nft -f` in the machine's network: questions to a crowd go to one after the other. */
export function crowdRules(): string {
  const rules = resolvers
    .filter(({ crowd = 1 }) => crowd > 1)
    .flatMap((one) =>
      ['udp', 'tcp'].flatMap((protocol) =>
        places(one).map(({ port }, index, all) => {
          const left = all.length - index;
          // Each rule has a counter of its own, of what the rules before it have left.
          const turn = left > 1 ? `numgen inc mod ${left} 0 ` : '';
          return `    ip daddr ${one.ipv4} ${protocol} dport 53 ${turn}dnat to ${one.ipv4}:${port}`;
        }),
      ),
    );
  const chain = (hook: string) => [`  chain ${hook} {`, `    type nat hook ${hook} priority -100;`, ...rules, '  }'];
  const table = ['table ip crowds {', ...chain('prerouting'), ...chain('output'), '}'];
  return ['table ip crowds {}', 'delete table ip crowds', ...table, ''].join('\n');
}

function configuration(
  name: string,
  at: string,
  { most, mostNo, least }: { readonly most: number; readonly mostNo: number; readonly least: number },
): string {
  return `server:
    interface: ${at}
    # Who wants to know what is remembered may ask without recursion.
    access-control: 0.0.0.0/0 allow_snoop
    do-ip6: no
    module-config: "iterator"
    root-hints: "${folder}/root.hints"
    pidfile: "/run/unbound-${name}.pid"
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
