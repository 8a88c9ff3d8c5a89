import { routerLegs } from '../../../lab/network/addresses';
import { ruleset, type VpcNetwork } from '../../../lab/network/ruleset';
import { checkVpc, routerArguments } from '../../../lab/network/vpcs';

const leg = { ipv4: '198.51.100.240', ipv6: '2001:db8:51:100::f0' };
const vpc: VpcNetwork = {
  vpcId: 'vpc-0a',
  subnets: [{ cidr: '10.77.0.0/24', ipv6Cidr: '2001:db8:25:1::/64' }, { cidr: '10.77.1.0/24' }],
  elasticIps: [
    { publicIpv4: '198.51.100.26', privateIpv4: '10.77.1.26' },
    { publicIpv4: '198.51.100.25', privateIpv4: '10.77.0.25' },
  ],
  resolver: '198.51.100.3',
};

describe('the rules of a VPC router', () => {
  test('replace the table in one transaction', () => {
    expect(ruleset(vpc, leg).split('\n').slice(0, 3)).toEqual(['table inet vpc {}', 'delete table inet vpc', 'table inet vpc {']);
  });

  test('are 1:1 NAT both ways, forwarding for mapped addresses only, and IPv6 as it is', () => {
    expect(ruleset(vpc, leg)).toMatchSnapshot();
  });

  test('do not depend on the order of the Elastic IPs', () => {
    expect(ruleset({ ...vpc, elasticIps: [...vpc.elasticIps].reverse() }, leg)).toBe(ruleset(vpc, leg));
  });

  test('let nothing through when nothing is mapped', () => {
    const text = ruleset({ vpcId: 'vpc-0a', subnets: [{ cidr: '10.77.0.0/24' }], elasticIps: [] }, leg);
    expect(text).toContain('policy drop;');
    expect(text).not.toMatch(/dnat|snat/);
  });
});

describe('outgoing port 25', () => {
  test('is dropped before anything lets it through, where AWS has not opened it', () => {
    const rules = ruleset({ ...vpc, outboundPort25Blocked: true }, leg).split('\n');
    const at = (text: string) => rules.findIndex((rule) => rule.trim() === text);
    expect(at('oifname "outside" tcp dport 25 drop')).toBeGreaterThan(0);
    expect(at('oifname "outside" tcp dport 25 drop')).toBeLessThan(at('oifname "outside" ip saddr 10.77.0.25 accept'));
    expect(ruleset(vpc, leg)).not.toContain('dport 25');
  });
});

describe('the arguments of the router script', () => {
  test('are legs, bridges and routed networks, each list ended', () => {
    expect(routerArguments({ name: 'one', stateDir: '/s', cacheDir: '/c' }, vpc, leg)).toEqual([
      ...['mslab-one-vpc-0a', 'outside', 'mslab-one-internet', 'br0', 'p-vpc-0a', '2001:db8:51:100::f0', '2001:db8:51:100::1'],
      ...['198.51.100.240/24', '2001:db8:51:100::f0/64', '198.51.100.26/32', '198.51.100.25/32', '--'],
      ...['sn0a4d0000-24,10.77.0.1/24,2001:db8:25:1::1/64', 'sn0a4d0100-24,10.77.1.1/24', '--', '2001:db8:25:1::/64', '--'],
    ]);
  });
});

describe('a VPC is refused', () => {
  const mapped = (publicIpv4: string, privateIpv4 = '10.77.0.25') => ({ ...vpc, elasticIps: [{ publicIpv4, privateIpv4 }] });

  test('with an Elastic IP outside of the lab internet', () => {
    expect(() => checkVpc(mapped('203.0.113.7'))).toThrow('the Elastic IP 203.0.113.7 of vpc-0a is not in 198.51.100.0/24');
  });

  test.each(['198.51.100.1', routerLegs[0]?.ipv4 ?? ''])('with the reserved Elastic IP %s', (address) => {
    expect(() => checkVpc(mapped(address))).toThrow(`the Elastic IP ${address} of vpc-0a is reserved`);
  });

  test('with a private address in none of its subnets', () => {
    expect(() => checkVpc(mapped('198.51.100.25', '10.78.0.25'))).toThrow(
      'mapped to 10.78.0.25, which is in no subnet of vpc-0a',
    );
  });

  test('with an id that is none', () => {
    expect(() => checkVpc({ ...vpc, vpcId: 'main' })).toThrow('"main" is not the id of a VPC');
  });
});
