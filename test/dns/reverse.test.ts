import { reverseName } from '../../lib/dns';

test.each([
  ['198.51.100.25', '25.100.51.198.in-addr.arpa'],
  ['10.0.0.1', '1.0.0.10.in-addr.arpa'],
  ['2001:db8::25', '5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
  ['2001:0DB8:0:0::25', '5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
  ['::1', '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa'],
  ['2001:db8::', '0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
  ['::ffff:198.51.100.25', '9.1.4.6.3.3.6.c.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa'],
])('the reverse name of %s is %s', (address, name) => expect(reverseName(address)).toBe(name));

test.each(['', 'mail.example.com', '198.51.100', '198.51.100.256', '2001:db8::25/64', 'fe80::1%eth0 '])('refuses %j', (address) =>
  expect(() => reverseName(address)).toThrow('is not an IP address'),
);
