import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { CloudFirewall, CloudFirewallRule } from '../model/contracts';

/** A machine's firewall and the addresses that it has behind the router. */
export type MachineFirewall = CloudFirewall & { readonly addresses: readonly string[] };

/** Two chains of nftables: what may come in, what may go out. Each returns for what is allowed, and drops the rest. */
export function firewallChains(firewall: MachineFirewall): string[] {
  return directions.flatMap(({ kind, other }) => [
    `  chain ${chainName(firewall, kind)} {`,
    ...firewall[kind].flatMap((rule) => matches(rule, other)).map((match) => `    ${match} return`),
    '    drop',
    '  }',
  ]);
}

/** Where the chains are asked, in a chain that sees private addresses and has let answers through before. */
export function firewallJumps(firewall: MachineFirewall): string[] {
  return directions.flatMap(({ kind, own }) =>
    firewall.addresses.map((address) => `${familyOf(address)} ${own} ${address} jump ${chainName(firewall, kind)}`),
  );
}

const directions = [
  { kind: 'egress', own: 'saddr', other: 'daddr' },
  { kind: 'ingress', own: 'daddr', other: 'saddr' },
] as const;

function chainName({ addresses }: MachineFirewall, kind: string): string {
  return `${kind}-${createHash('sha256').update(addresses.join()).digest('hex').slice(0, 8)}`;
}

function familyOf(address: string): 'ip' | 'ip6' {
  return isIPv6(address.split('/')[0] ?? '') ? 'ip6' : 'ip';
}

function matches(rule: CloudFirewallRule, other: string): string[] {
  return rule.networks.map((network) => {
    const family = familyOf(network);
    const everybody = network.endsWith('/0');
    const side = everybody ? `meta nfproto ${family === 'ip' ? 'ipv4' : 'ipv6'}` : `${family} ${other} ${network}`;
    return [side, protocolMatch(rule)].filter(Boolean).join(' ');
  });
}

/** Protocols that EC2 knows by name, by the number that the others have. */
const known: Readonly<Record<string, 'tcp' | 'udp' | 'icmp' | 'icmpv6'>> = {
  tcp: 'tcp',
  6: 'tcp',
  udp: 'udp',
  17: 'udp',
  icmp: 'icmp',
  1: 'icmp',
  icmpv6: 'icmpv6',
  58: 'icmpv6',
};

/** EC2 counts ICMP's type and code as ports. */
function protocolMatch({ protocol, from, to }: CloudFirewallRule): string {
  if (protocol === '-1') return '';
  const name = known[protocol];
  if (name === undefined || from === undefined) return `meta l4proto ${name === 'icmpv6' ? 'ipv6-icmp' : (name ?? protocol)}`;
  if (name === 'tcp' || name === 'udp') return `${name} dport ${to === undefined || to === from ? from : `${from}-${to}`}`;
  return `${name} type ${from}${to === undefined || to < 0 ? '' : ` ${name} code ${to}`}`;
}
