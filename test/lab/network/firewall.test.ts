import { firewallChains, firewallJumps, type MachineFirewall } from '../../../lab/network/firewall';

const firewall: MachineFirewall = {
  addresses: ['10.77.0.25', '2001:db8:25:1::25'],
  ingress: [
    { protocol: 'tcp', from: 25, to: 25, networks: ['0.0.0.0/0', '::/0'] },
    { protocol: 'tcp', from: 22, to: 22, networks: ['198.51.100.1/32'] },
    { protocol: 'tcp', from: 1000, to: 2000, networks: ['2001:db8:1::/48'] },
    { protocol: 'icmp', from: 3, to: 4, networks: ['0.0.0.0/0'] },
    { protocol: 'icmp', from: 8, to: -1, networks: ['0.0.0.0/0'] },
    { protocol: '50', networks: ['0.0.0.0/0'] },
  ],
  egress: [{ protocol: '-1', networks: ['0.0.0.0/0'] }],
};

const rulesOf = (kind: string) => {
  const text = firewallChains(firewall).join('\n');
  const chain = new RegExp(`chain ${kind}-\\w+ \\{\\n([^}]*)\\}`).exec(text)?.[1] ?? '';
  return chain
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
};

describe('the firewall of a machine', () => {
  test('lets in what its security groups name, and nothing else', () => {
    expect(rulesOf('ingress')).toEqual([
      'meta nfproto ipv4 tcp dport 25 return',
      'meta nfproto ipv6 tcp dport 25 return',
      'ip saddr 198.51.100.1/32 tcp dport 22 return',
      'ip6 saddr 2001:db8:1::/48 tcp dport 1000-2000 return',
      'meta nfproto ipv4 icmp type 3 icmp code 4 return',
      'meta nfproto ipv4 icmp type 8 return',
      'meta nfproto ipv4 meta l4proto 50 return',
      'drop',
    ]);
  });

  test('lets out what they name, and nothing else', () => {
    expect(rulesOf('egress')).toEqual(['meta nfproto ipv4 return', 'drop']);
  });

  test('is closed without a rule', () => {
    const closed = firewallChains({ addresses: ['10.77.0.25'], ingress: [], egress: [] }).join('\n');
    expect(closed).not.toContain('return');
    expect(closed.match(/drop/g)).toHaveLength(2);
  });

  test('counts for each of its addresses, both ways', () => {
    const names = firewallChains(firewall).flatMap((line) => /chain (\S+)/.exec(line)?.[1] ?? []);
    expect(firewallJumps(firewall)).toEqual([
      `ip saddr 10.77.0.25 jump ${names[0]}`,
      `ip6 saddr 2001:db8:25:1::25 jump ${names[0]}`,
      `ip daddr 10.77.0.25 jump ${names[1]}`,
      `ip6 daddr 2001:db8:25:1::25 jump ${names[1]}`,
    ]);
  });
});
