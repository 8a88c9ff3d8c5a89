import { normalizeName } from '../dns';
import type { DnsOutcome, DnsQuestion, DnsView, Observation, QueryType } from './dns';
import { isKnown, sameValues } from './dns';

/** A zone, who answers for it, and whether they agree. Plain data. */
export interface ZonePicture {
  readonly zone: string;
  /** Names that the zone above gives; absent where its answer was not to be seen. */
  readonly delegated?: readonly string[];
  readonly servers: readonly ZoneServer[];
  /** Addresses of the name servers that lie in the zone itself: those that the zone above gives along, and the zone's own. */
  readonly glue?: readonly Glue[];
  /** The key digests that the zone above publishes (DS), and the zone's keys (DNSKEY). */
  readonly ds: Observation;
  readonly keys: Observation;
}

/** One name server whose address only its own zone knows, so the zone above has to give it along (RFC 1034 4.2.1). */
export interface Glue {
  readonly name: string;
  readonly above: readonly string[];
  /** None when nobody tells. */
  readonly own: readonly string[];
}

/** One address of one name server, or a name server without any. */
export interface ZoneServer {
  readonly name: string;
  /** Absent when the name has no address. */
  readonly server?: string;
  readonly outcome: DnsOutcome;
  readonly authoritative: boolean;
  readonly serial?: number;
  /** NS records as this server gives them. */
  readonly names: readonly string[];
  readonly problem?: string;
}

/** What a blocklist says of one thing, and of what it must and must not list (RFC 5782 5). */
export interface Listing {
  readonly list: string;
  readonly kind: 'address' | 'domain';
  /** Address or domain. */
  readonly subject: string;
  /** Return codes; none when it is not listed, absent when there was no answer. */
  readonly codes?: readonly string[];
  /** Why, as the list says (TXT). */
  readonly reason?: string;
  /** Return codes for the test point that must be listed. */
  readonly mustList?: readonly string[];
  /** Return codes for the test point that must not be listed. */
  readonly mustNotList?: readonly string[];
  readonly problem?: string;
}

/** Everything that DNS said, as plain data: what the checks judge. */
export interface DnsPicture {
  readonly observations: readonly Observation[];
  readonly zones: readonly ZonePicture[];
  readonly listings: readonly Listing[];
}

/** What the servers say together. */
export interface Answer {
  /** `unasked`: nobody was asked. */
  readonly outcome: DnsOutcome | 'unasked';
  readonly values: readonly string[];
  readonly aliases: readonly string[];
  /** The view that this answer was taken from. */
  readonly view?: DnsView;
  /** Servers that know something else. */
  readonly dissent: readonly DnsView[];
  /** Servers that could not or would not say. */
  readonly silent: readonly DnsView[];
}

/** Looks things up in a picture. */
export class Known {
  private readonly byKey: ReadonlyMap<string, Observation>;

  constructor(observations: readonly Observation[]) {
    this.byKey = new Map(observations.map((each) => [keyOf(each), each]));
  }

  has(question: DnsQuestion): boolean {
    return this.byKey.has(keyOf(question));
  }

  answer(name: string, type: QueryType): Answer {
    const observation = this.byKey.get(keyOf({ name, type }));
    return observation ? answerOf(observation) : { outcome: 'unasked', values: [], aliases: [], dissent: [], silent: [] };
  }
}

export const keyOf = ({ name, type }: DnsQuestion) => `${type} ${normalizeName(name)}`;

/** The zone's own servers are believed before the resolvers, which may be late. */
export function answerOf({ type, views }: Observation): Answer {
  const known = views.filter(({ outcome }) => isKnown(outcome));
  const best =
    known.find(({ source, outcome }) => source === 'authoritative' && outcome !== 'alias') ??
    known.find(({ outcome }) => outcome !== 'alias') ??
    known[0];
  const silent = views.filter(({ outcome }) => !isKnown(outcome) && outcome !== 'noroute');
  if (!best) return { outcome: views[0]?.outcome ?? 'unasked', values: [], aliases: [], view: views[0], dissent: [], silent };
  const dissent = known.filter((view) => view.outcome !== 'alias' && !sameValues(type, view.values, best.values));
  return { outcome: best.outcome, values: best.values, aliases: best.aliases ?? [], view: best, dissent, silent };
}
