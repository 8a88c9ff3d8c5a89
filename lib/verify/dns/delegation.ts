import { isWithin, normalizeName } from '../../dns';
import type { DnsAsker } from './asker';
import type { DnsQuestion, DnsRecord, DnsReply } from './reply';
import type { DnsServer } from './server';

/** A name server of a zone, and where it is reached. */
export interface NameServer {
  /** Without final dot, lower case. */
  readonly name: string;
  /** None when the name has no address. */
  readonly addresses: readonly DnsServer[];
}

/** A zone and who answers for it. */
export interface ZoneCut {
  /** `.` is the root. */
  readonly zone: string;
  readonly servers: readonly NameServer[];
  /** Whether the servers are those that the zone above names; otherwise the zone itself named them. */
  readonly delegated: boolean;
}

export interface DelegationOptions {
  readonly resolvers: readonly DnsServer[];
  /** Where the walk begins. Default: the servers of the root that the resolvers know. */
  readonly roots?: readonly DnsServer[];
  /** Port of every name server. Default: 53. */
  readonly port?: number;
}

/** Milliseconds after which the next server of a zone is asked too. */
const hedgeAfter = 300;

/** Delegations between the root and a name; more of them are a loop. */
const maxSteps = 12;

/**
 * Finds the zone of a name and its name servers by walking down from the root, as a resolver does: the resolvers are asked for
 * the addresses of name servers only, so a zone that no resolver can answer for is found all the same.
 */
export class Delegations {
  private readonly tops = new Map<string, Promise<ZoneCut | undefined>>();
  private readonly cuts = new Map<string, Promise<ZoneCut | undefined>>();
  private root: Promise<ZoneCut | undefined> | undefined;

  constructor(
    private readonly asker: DnsAsker,
    private readonly options: DelegationOptions,
  ) {}

  /** The zone that holds `name`; undefined when the walk ends at servers that do not answer, already at the root. */
  zoneOf(name: string): Promise<ZoneCut | undefined> {
    return memo(this.cuts, normalizeName(name), (key) => this.walk(key));
  }

  /**
   * The name servers that the zone above names for `zone`, as its own servers say: none when it knows of no such zone.
   *
   * @returns undefined when none of its servers answers
   */
  async namedAbove(zone: string): Promise<{ readonly above: string; readonly names: readonly string[] } | undefined> {
    const name = normalizeName(zone);
    const dot = name.indexOf('.');
    const cut = dot < 0 ? await this.rootCut() : await this.zoneOf(name.slice(dot + 1));
    if (!cut) return undefined;
    const reply = await this.askZone(cut, { name, type: 'NS' }, (each) => isUseful(each, cut.zone, name));
    if (!reply) return undefined;
    // Servers of both zones answer for the one below themselves.
    const values = reply.outcome === 'referral' ? ofZone(reply, name) : reply.values;
    return { above: cut.zone, names: values.map(normalizeName) };
  }

  private async walk(name: string): Promise<ZoneCut | undefined> {
    const top = name.slice(name.lastIndexOf('.') + 1);
    // Every walk below a top-level domain shares the step to it.
    let cut = await memo(this.tops, top, async () => this.step(await this.rootCut(), top));
    for (let steps = 0; cut && steps < maxSteps; steps++) {
      const next: ZoneCut | undefined = await this.step(cut, name);
      if (!next || next.zone === cut.zone) return cut;
      cut = next;
    }
    return cut;
  }

  private rootCut(): Promise<ZoneCut | undefined> {
    this.root ??= this.findRoot();
    return this.root;
  }

  private async findRoot(): Promise<ZoneCut | undefined> {
    const { roots = [] } = this.options;
    if (roots.length > 0) return { zone: '.', servers: [{ name: '.', addresses: roots }], delegated: true };
    const names = (await this.resolve({ name: '.', type: 'NS' }))?.values ?? [];
    if (names.length === 0) return undefined;
    return { zone: '.', servers: await this.withAddresses(names.slice(0, 4), []), delegated: true };
  }

  /** One delegation down towards `name`; the same zone when its servers hold the name themselves. */
  private async step(cut: ZoneCut | undefined, name: string): Promise<ZoneCut | undefined> {
    if (!cut) return undefined;
    const reply = await this.askZone(cut, { name, type: 'SOA' }, (each) => isUseful(each, cut.zone, name));
    if (!reply) return cut;
    if (reply.outcome === 'referral') {
      const found = reply.records.filter(({ type }) => type === 'NS');
      const zone = normalizeName(found[0]?.name ?? '');
      const servers = await this.withAddresses(
        found.map(({ data }) => data),
        reply.glue,
      );
      return { zone, servers, delegated: true };
    }
    const zone = normalizeName(reply.records.find(({ type }) => type === 'SOA')?.name ?? '');
    if (reply.aliases.length > 0 && reply.outcome !== 'answer') return this.aboveAlias(cut, name);
    if (!isWithin(name, zone) || zone === cut.zone || zone === '') return cut;
    // The same servers answer for the zone above and for this one: there was no referral to see.
    const names = await this.askZone(cut, { name: zone, type: 'NS' }, (each) => each.outcome === 'answer');
    return names ? { zone, servers: await this.withAddresses(names.values, names.glue), delegated: false } : cut;
  }

  /** An alias has no zone of its own: the name above it is asked for. */
  private async aboveAlias(cut: ZoneCut, name: string): Promise<ZoneCut | undefined> {
    const above = name.slice(name.indexOf('.') + 1);
    return above === name || !isWithin(above, cut.zone) || above === cut.zone ? cut : this.zoneOf(above);
  }

  /** The first useful answer of a zone's servers; a slow one is overtaken by the next. */
  private askZone(cut: ZoneCut, question: DnsQuestion, useful: (reply: DnsReply) => boolean): Promise<DnsReply | undefined> {
    const servers = cut.servers.flatMap(({ addresses }) => addresses);
    const byFamily = [
      ...servers.filter(({ address }) => !address.includes(':')),
      ...servers.filter(({ address }) => address.includes(':')),
    ];
    return firstUseful(byFamily, (server) => this.asker.ask(server, question, { recursion: false }), useful);
  }

  private resolve(question: DnsQuestion): Promise<DnsReply | undefined> {
    return firstUseful(
      this.options.resolvers,
      (server) => this.asker.ask(server, question),
      ({ outcome }) => outcome === 'answer' || outcome === 'nodata' || outcome === 'nxdomain',
    );
  }

  private async withAddresses(names: readonly string[], glue: readonly DnsRecord[]): Promise<NameServer[]> {
    return Promise.all([...new Set(names.map(normalizeName))].sort().map((name) => this.nameServer(name, glue)));
  }

  /** A name server with its addresses: those that came along, else those that the resolvers know. */
  async nameServer(name: string, glue: readonly DnsRecord[] = []): Promise<NameServer> {
    const server = (address: string): DnsServer => ({ address, port: this.options.port ?? 53 });
    const known = glue.filter((record) => normalizeName(record.name) === name).map(({ data }) => data);
    if (known.length > 0) return { name, addresses: [...new Set(known)].map(server) };
    const replies = await Promise.all([this.resolve({ name, type: 'A' }), this.resolve({ name, type: 'AAAA' })]);
    return { name, addresses: replies.flatMap((reply) => reply?.values ?? []).map(server) };
  }
}

const ofZone = ({ records }: DnsReply, zone: string) =>
  records.filter((record) => record.type === 'NS' && normalizeName(record.name) === zone).map(({ data }) => data);

/** A referral towards the name, or what an authoritative server says of it. Anything else is no help: another server is asked. */
function isUseful(reply: DnsReply, zone: string, name: string): boolean {
  if (reply.outcome !== 'referral') {
    return reply.authoritative && ['answer', 'alias', 'nodata', 'nxdomain'].includes(reply.outcome);
  }
  const below = normalizeName(reply.records.find(({ type }) => type === 'NS')?.name ?? '');
  return below !== zone && isWithin(name, below) && (zone === '.' || isWithin(below, zone));
}

/** Asks one after the other without waiting long for any of them; the first answer that helps ends it. */
async function firstUseful(
  servers: readonly DnsServer[],
  ask: (server: DnsServer) => Promise<DnsReply>,
  useful: (reply: DnsReply) => boolean,
): Promise<DnsReply | undefined> {
  return new Promise((resolve) => {
    let pending = 0;
    let next = 0;
    let timer: NodeJS.Timeout | undefined;
    const start = () => {
      clearTimeout(timer);
      const server = servers[next++];
      if (!server) {
        if (pending === 0) resolve(undefined);
        return;
      }
      pending += 1;
      timer = setTimeout(start, hedgeAfter);
      void ask(server).then((reply) => {
        pending -= 1;
        if (!useful(reply)) return start();
        clearTimeout(timer);
        resolve(reply);
      });
    };
    start();
  });
}

function memo<T>(map: Map<string, Promise<T>>, key: string, make: (key: string) => Promise<T>): Promise<T> {
  let value = map.get(key);
  if (!value) {
    value = make(key);
    map.set(key, value);
  }
  return value;
}
