import { gatewayOf, isWithin, parseCidr } from '../../../lab/network/addresses';
import { locateSwitch, portName, subnetBridge } from '../../../lab/network/names';

const lab = { name: 'one', stateDir: '/s', cacheDir: '/c' };

test.each([
  ['10.77.0.0/24', '10.77.0.1'],
  ['10.77.0.128/25', '10.77.0.129'],
  ['2001:db8:25:1::/64', '2001:db8:25:1::1'],
])('the gateway of %s is %s', (network, gateway) => {
  expect(gatewayOf(network)).toBe(gateway);
});

test('tells which network an address is in', () => {
  expect(isWithin('198.51.100.25', '198.51.100.0/24')).toBe(true);
  expect(isWithin('198.51.101.25', '198.51.100.0/24')).toBe(false);
  expect(isWithin('2001:db8:25:1::5', '2001:db8:25:1::/64')).toBe(true);
  expect(isWithin('10.0.0.1', '2001:db8:25:1::/64')).toBe(false);
  expect(isWithin('mx1', '10.0.0.0/8')).toBe(false);
});

test.each(['10.77.0.0', '10.77.0.0/33', 'x/24', '2001:db8::/129', '10.77.0.0/'])('refuses "%s" as a network', (network) => {
  expect(() => parseCidr(network)).toThrow(`"${network}" is not a network`);
});

describe('names of interfaces', () => {
  test('fit in 15 characters', () => {
    expect(subnetBridge('172.31.240.0/20')).toBe('snac1ff000-20');
    for (const owner of ['world', 'i-0123456789abcdef0', 'vpc-0123456789abcdef0'])
      expect(portName(owner).length).toBeLessThanOrEqual(15);
  });

  test('stay readable where they fit, and differ where they do not', () => {
    expect(portName('world')).toBe('p-world');
    expect(portName('i-0123456789abcdef0')).not.toBe(portName('i-0123456789abcdef1'));
  });
});

describe('a switch', () => {
  test('is in the internet namespace or in the router of its VPC', () => {
    expect(locateSwitch(lab, 'internet')).toEqual({ namespace: 'mslab-one-internet', bridge: 'br0' });
    expect(locateSwitch(lab, 'vpc-0a/10.77.0.0/24')).toEqual({ namespace: 'mslab-one-vpc-0a', bridge: 'sn0a4d0000-24' });
  });

  test('has a name of one of the two forms', () => {
    expect(() => locateSwitch(lab, 'lan')).toThrow('"lan" is not a switch');
  });
});
