import { ZoneFinder, zoneOf } from '../../lib/dns';

test.each([
  ['mail.example.com', ['example.com'], 'example.com'],
  ['example.com', ['example.com'], 'example.com'],
  ['mail.sub.example.com', ['example.com', 'sub.example.com', 'com.example'], 'sub.example.com'],
  ['mail.sub.example.com', ['sub.example.com', 'example.com'], 'sub.example.com'],
  ['mail.example.com.', ['EXAMPLE.com.'], 'EXAMPLE.com.'],
  ['xexample.com', ['example.com'], undefined],
  ['mail.example.org', ['example.com', 'example.net'], undefined],
  ['mail.example.com', [], undefined],
])('%s of %j is in %s', (name, zones, zone) => {
  expect(zoneOf(name, zones)).toBe(zone);
  expect(new ZoneFinder(zones).zoneOf(name)).toBe(zone);
});
