import { DnsObserver } from '../../../lib/verify';
import { collectZones } from '../../../lib/verify/collect/zones';
import { DnsWorld, soa, type ZoneData } from '../support/dns-world';

const names = ['ns1.example.com.', 'ns2.example.com.'];
const addresses: ZoneData = { 'ns1.example.com A': ['127.0.54.2'], 'ns2.example.com A': ['127.0.54.3'] };
const own: ZoneData = { 'example.com SOA': [soa('example.com')], 'example.com NS': names, ...addresses };

describe('a zone whose name servers lie in it', () => {
  let world: DnsWorld;
  afterEach(() => world.stop());

  /** What the zone above gives along. */
  const glueOf = async (glue: ZoneData) => {
    const above: ZoneData = { '. SOA': [soa('')], 'example.com NS': names, ...glue };
    world = await new DnsWorld({
      '127.0.54.1': { zones: { '.': above } },
      '127.0.54.2': { zones: { 'example.com': own } },
      '127.0.54.3': { zones: { 'example.com': own } },
      '127.0.54.4': { zones: { '.': own }, recursive: true },
    }).start();
    const observer = new DnsObserver({
      resolvers: [`127.0.54.4:${world.port}`],
      roots: [`127.0.54.1:${world.port}`],
      authoritativePort: world.port,
      timeoutMilliseconds: 3000,
    });
    const [zone] = await collectZones(['example.com'], observer);
    return zone?.glue;
  };

  test('is seen with the addresses that the zone above gives along, and its own', async () => {
    expect(await glueOf(addresses)).toEqual([
      { name: 'ns1.example.com', above: ['127.0.54.2'], own: ['127.0.54.2'] },
      { name: 'ns2.example.com', above: ['127.0.54.3'], own: ['127.0.54.3'] },
    ]);
  });

  test('is seen when one of them is wrong', async () => {
    expect(await glueOf({ ...addresses, 'ns2.example.com A': ['127.0.54.9'] })).toContainEqual({
      name: 'ns2.example.com',
      above: ['127.0.54.9'],
      own: ['127.0.54.3'],
    });
  });
});
