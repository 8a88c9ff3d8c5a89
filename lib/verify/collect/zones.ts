import { isWithin, normalizeName } from '../../dns';
import { type DnsObserver, type DnsServer, serverText, type ZoneCut } from '../dns';
import { answerOf, type Glue, type ZonePicture, type ZoneServer } from '../picture';

/** The zones of these names, each with everything its name servers say of it. The root and top-level domains are left out. */
export async function collectZones(names: readonly string[], observer: DnsObserver): Promise<readonly ZonePicture[]> {
  const cuts = await Promise.all([...new Set(names.map(normalizeName))].map((name) => observer.zoneOf(name)));
  const zones = new Map(cuts.flatMap((cut) => (cut?.zone.includes('.') && cut.zone !== '.' ? [[cut.zone, cut] as const] : [])));
  return Promise.all([...zones.values()].map((cut) => pictureOf(cut, observer)));
}

async function pictureOf(cut: ZoneCut, observer: DnsObserver): Promise<ZonePicture> {
  const { zone } = cut;
  const [named, glue, ds, keys] = await Promise.all([
    Promise.all(cut.servers.map(({ name, addresses }) => askServer(zone, name, addresses, observer))),
    cut.delegated ? collectGlue(cut, observer) : [],
    observer.resolve({ name: zone, type: 'DS' }),
    observer.resolve({ name: zone, type: 'DNSKEY' }),
  ]);
  const known = new Set(cut.servers.map(({ name }) => name));
  // Servers that only the zone itself names are the world's as well, once it has asked the zone.
  const more = new Set(
    named
      .flat()
      .flatMap(({ names }) => names.map(normalizeName))
      .filter((name) => !known.has(name)),
  );
  const added = await Promise.all(
    [...more].map(async (name) => askServer(zone, name, (await observer.nameServer(name)).addresses, observer)),
  );
  return {
    zone,
    ...(cut.delegated && { delegated: cut.servers.map(({ name }) => name) }),
    servers: [...named.flat(), ...added.flat()],
    ...(glue.length > 0 && { glue }),
    ds,
    keys,
  };
}

function collectGlue({ zone, servers }: ZoneCut, observer: DnsObserver): Promise<Glue[]> {
  const inside = servers.filter(({ name, addresses }) => isWithin(name, zone) && addresses.length > 0);
  return Promise.all(
    inside.map(async ({ name, addresses }) => {
      const own = await Promise.all((['A', 'AAAA'] as const).map((type) => observer.observe({ name, type })));
      return { name, above: addresses.map(({ address }) => address), own: own.flatMap((each) => answerOf(each).values) };
    }),
  );
}

async function askServer(
  zone: string,
  name: string,
  addresses: readonly DnsServer[],
  { asker }: DnsObserver,
): Promise<ZoneServer[]> {
  if (addresses.length === 0) return [{ name, outcome: 'nxdomain', authoritative: false, names: [] }];
  return Promise.all(
    addresses.map(async (server) => {
      const [soa, ns] = await Promise.all([
        asker.ask(server, { name: zone, type: 'SOA' }, { recursion: false }),
        asker.ask(server, { name: zone, type: 'NS' }, { recursion: false }),
      ]);
      const serial = soa.values[0]?.split(' ')[2];
      return {
        name,
        server: serverText(server),
        outcome: soa.outcome,
        authoritative: soa.authoritative,
        ...(soa.authoritative && serial !== undefined && { serial: Number(serial) }),
        names: ns.authoritative ? ns.values : [],
        ...(soa.problem !== undefined && { problem: soa.problem }),
      };
    }),
  );
}
