import { isIP } from 'node:net';
import { ipFamily } from '../../lib/net/ip-family';

describe('the family of an address', () => {
  it.each([
    '',
    'mail.example.com',
    '198.51.100.25',
    '198.51.100',
    '1.2.3.4.5',
    '256.1.1.1',
    '2001:db8::25',
    '::',
    '::ffff:10.0.0.1',
    'fe80::1%eth0',
    'a:b',
    '10.0.0.1:25',
    'abcd',
    '1',
  ])('is what Node says of %j', (text) => {
    expect(ipFamily(text)).toBe(isIP(text));
  });
});
