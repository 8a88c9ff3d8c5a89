import { DnsObserver } from '../../../lib/verify';
import { collectListings } from '../../../lib/verify/collect/listings';
import { DnsWorld, type ZoneData } from '../support/dns-world';

const list = 'dbl.spamhaus.org';
const truth: ZoneData = { [`dbltest.com.${list} A`]: ['127.0.1.2'], [`bad.example.${list} A`]: ['127.0.1.4'] };
/** What a list answers a public resolver to every question. */
const refusal: ZoneData = Object.fromEntries(
  ['dbltest.com', 'invalid', 'bad.example', 'good.example'].map((entry) => [`${entry}.${list} A`, ['127.255.255.254']]),
);
const resolver = (data: ZoneData) => ({ zones: { '.': data }, recursive: true });

describe('what a list says', () => {
  let world: DnsWorld;
  afterEach(() => world.stop());

  const collect = async (resolvers: Readonly<Record<string, ZoneData>>) => {
    world = await new DnsWorld(Object.fromEntries(Object.entries(resolvers).map(([at, data]) => [at, resolver(data)]))).start();
    const observer = new DnsObserver({
      resolvers: Object.keys(resolvers).map((at) => `${at}:${world.port}`),
      roots: ['127.0.53.9'],
    });
    const domains = ['bad.example', 'good.example'];
    return collectListings({ addresses: [], domains, lists: { address: [], domain: [list] } }, observer);
  };

  test('is asked of a resolver that it answers, and of no other', async () => {
    const listings = await collect({ '127.0.53.2': refusal, '127.0.53.3': truth });
    expect(listings.map(({ subject, codes, mustList }) => ({ subject, codes, mustList }))).toEqual([
      { subject: 'bad.example', codes: ['127.0.1.4'], mustList: ['127.0.1.2'] },
      { subject: 'good.example', codes: [], mustList: ['127.0.1.2'] },
    ]);
    const asked = world.log.filter((line) => /(bad|good)\.example.* A$/.test(line));
    expect(asked).toEqual([`127.0.53.3 bad.example.${list} A`, `127.0.53.3 good.example.${list} A`]);
  });

  test('is nothing where it refuses every resolver', async () => {
    const listings = await collect({ '127.0.53.2': refusal });
    expect(listings.map(({ codes, mustList }) => ({ codes, mustList }))).toEqual(
      Array(2).fill({ codes: ['127.255.255.254'], mustList: ['127.255.255.254'] }),
    );
  });
});
