import { type AskerOptions, DnsAsker } from './asker';
import { Delegations, type NameServer, type ZoneCut } from './delegation';
import { memoryOf, negativeSeconds } from './memory';
import type { DnsOutcome, DnsQuestion, DnsReply, QueryType } from './reply';
import { type DnsServer, dnsServer, publicResolvers, serverText, systemResolvers } from './server';

export interface ObserverOptions extends AskerOptions {
  /** Resolvers that have to agree, as {@link dnsServer} reads them. Default: those of this machine, and public ones. */
  readonly resolvers?: readonly string[];
  /** Where the walk to the authoritative servers begins. Default: the servers of the root that the resolvers know. */
  readonly roots?: readonly string[];
  /** Port of the authoritative servers. Default: 53. */
  readonly authoritativePort?: number;
}

/** What one server says of a name. */
export interface DnsView {
  readonly source: 'authoritative' | 'resolver';
  /** Its address. */
  readonly server: string;
  /** Its name, of authoritative servers. */
  readonly name?: string;
  readonly outcome: DnsOutcome;
  readonly values: readonly string[];
  /** Targets of CNAMEs on the way. */
  readonly aliases?: readonly string[];
  /** The signatures are right, says the resolver. */
  readonly authenticated?: boolean;
  /** The signatures are wrong, says the resolver. */
  readonly bogus?: boolean;
  /** How long a resolver may go on saying so out of its memory, in seconds. Absent: it does not remember, it is what it says. */
  readonly remembersSeconds?: number;
  readonly problem?: string;
}

/** Everything that the asked servers say of one name and type. Plain data. */
export interface Observation {
  readonly name: string;
  readonly type: QueryType;
  /** The zone that holds the name; absent where it was not found. */
  readonly zone?: string;
  readonly views: readonly DnsView[];
}

/** Looks at names from every side: the authoritative servers of their zone, and resolvers. Never rejects. */
export class DnsObserver {
  readonly asker: DnsAsker;
  readonly resolvers: readonly DnsServer[];
  private readonly delegations: Delegations;

  /** @throws RangeError when a resolver or a root is not an address */
  constructor(options: ObserverOptions = {}) {
    this.asker = new DnsAsker(options);
    this.resolvers = resolversOf(options.resolvers);
    this.delegations = new Delegations(this.asker, {
      resolvers: this.resolvers,
      roots: options.roots?.map(dnsServer),
      port: options.authoritativePort,
    });
  }

  /** Asks everybody who should know, side by side. */
  async observe(question: DnsQuestion): Promise<Observation> {
    const [own, resolvers] = await Promise.all([this.observeOwn(question), this.askResolvers(question)]);
    return { ...own, views: [...own.views, ...resolvers] };
  }

  /** Asks the servers of the name's own zone only: they remember nothing, so a name that is yet to be made may be asked for. */
  async observeOwn(question: DnsQuestion): Promise<Observation> {
    const cut = await this.zoneOf(question.name);
    const views = await Promise.all(
      (cut?.servers ?? []).flatMap(({ name, addresses }) =>
        addresses.map(async (server) =>
          view('authoritative', await this.asker.ask(server, question, { recursion: false }), name),
        ),
      ),
    );
    return { ...question, zone: cut?.zone, views };
  }

  /** How long resolvers remember that a name of this zone is missing (RFC 2308 5), as its own servers say; undefined when they do not. */
  async negativeSeconds(name: string): Promise<number | undefined> {
    const cut = await this.zoneOf(name);
    const servers = cut?.servers.flatMap(({ addresses }) => addresses) ?? [];
    for (const server of servers) {
      const { records } = await this.asker.ask(server, { name: cut?.zone ?? name, type: 'SOA' }, { recursion: false });
      const seconds = negativeSeconds(records);
      if (seconds !== undefined) return seconds;
    }
    return undefined;
  }

  /**
   * Asks the resolvers only: for names of others, where the walk would teach nothing.
   *
   * @param times how often each is asked: behind the address of a public resolver are many, each with a memory of its own. What one
   * says differently from time to time is as many views, each with the longest time that it may be remembered.
   */
  async resolve(question: DnsQuestion, times = 1): Promise<Observation> {
    return { ...question, views: await this.askResolvers(question, times) };
  }

  zoneOf(name: string): Promise<ZoneCut | undefined> {
    return this.delegations.zoneOf(name);
  }

  namedAbove(zone: string): ReturnType<Delegations['namedAbove']> {
    return this.delegations.namedAbove(zone);
  }

  nameServer(name: string): Promise<NameServer> {
    return this.delegations.nameServer(name);
  }

  private async askResolvers(question: DnsQuestion, times = 1): Promise<DnsView[]> {
    const attempts = Array.from({ length: times }, (_, index) => index + 1);
    const views = await Promise.all(
      this.resolvers.map((server) =>
        Promise.all(attempts.map(async (attempt) => view('resolver', await this.asker.ask(server, question, { attempt })))),
      ),
    );
    return views.flatMap(differing);
  }
}

/** The views of one server, each different one once. */
function differing(views: readonly DnsView[]): readonly DnsView[] {
  const found = new Map<string, DnsView>();
  for (const each of views) {
    const key = JSON.stringify([each.outcome, [...each.values].sort(), each.aliases]);
    const known = found.get(key);
    if (!known || (each.remembersSeconds ?? 0) > (known.remembersSeconds ?? 0)) found.set(key, each);
  }
  return [...found.values()];
}

function resolversOf(given: readonly string[] | undefined): readonly DnsServer[] {
  const all = given ? given.map(dnsServer) : [...systemResolvers(), ...publicResolvers.map(dnsServer)];
  return [...new Map(all.map((server) => [serverText(server), server])).values()];
}

function view(source: DnsView['source'], reply: DnsReply, name?: string): DnsView {
  const { server, outcome, values, aliases, authenticated, bogus, problem } = reply;
  const remembersSeconds = source === 'resolver' ? memoryOf(reply) : undefined;
  return {
    source,
    server,
    ...(name !== undefined && { name }),
    outcome,
    values,
    ...(aliases.length > 0 && { aliases }),
    ...(authenticated && source === 'resolver' && { authenticated }),
    ...(bogus && { bogus }),
    ...(remembersSeconds !== undefined && { remembersSeconds }),
    ...(problem !== undefined && { problem }),
  };
}
