import { type Pace, type Relay, SUBMISSION_PORT } from './settings/relay';

/** Mail of one kind, and the smart hosts that get it. */
export interface RelayRoute {
  /** Of its service in master.cf. */
  readonly name: string;
  /** The preferred one first; the others get what those before them cannot be reached for. */
  readonly relays: readonly Relay[];
  /** Whether it takes all mail that no other route takes. */
  readonly everything: boolean;
  /** Domains of envelope senders, and of recipients, that it is for. */
  readonly senders: readonly string[];
  readonly recipients: readonly string[];
}

/** The entries that make up a route, by their places in the list. */
interface Members {
  readonly everything: boolean;
  readonly senders: string[];
  readonly recipients: string[];
}

/**
 * Routes with the places of their smart hosts in the list. Mail with the same smart hosts takes the same route, so that there are no more
 * services than needed.
 */
export function routesByPlace(relays: readonly Relay[]): ReadonlyMap<readonly number[], Members> {
  const routes = new Map<string, { places: readonly number[]; members: Members }>();
  const route = (places: readonly number[], everything: boolean): Members => {
    const key = `${everything} ${places.join(' ')}`;
    const known = routes.get(key) ?? { places, members: { everything, senders: [], recipients: [] } };
    routes.set(key, known);
    return known.members;
  };
  const placesOf = (takes: (relay: Relay) => boolean) => relays.flatMap((relay, place) => (takes(relay) ? [place] : []));
  const everything = placesOf(({ senders, recipients }) => senders === undefined && recipients === undefined);
  if (everything.length > 0) route(everything, true);
  for (const kind of ['senders', 'recipients'] as const) {
    const domains = new Set(relays.flatMap((relay) => (relay[kind] ?? []).map((domain) => domain.toLowerCase())));
    for (const domain of domains) {
      const places = placesOf((relay) => (relay[kind] ?? []).some((each) => each.toLowerCase() === domain));
      route(places, false)[kind].push(domain);
    }
  }
  return new Map([...routes.values()].map(({ places, members }) => [places, members]));
}

/** In the order in which the list first says something of them. */
export function relayRoutes(relays: readonly Relay[] = []): readonly RelayRoute[] {
  return [...routesByPlace(relays)].map(([places, members], index) => ({
    name: `relay-${index + 1}`,
    relays: places.flatMap((place) => relays[place] ?? []),
    ...members,
  }));
}

/** `[host]:port`: by its address, without a look at MX records; so Postfix also asks its tables for a next hop. */
export const nextHop = ({ host, port = SUBMISSION_PORT }: Relay): string => `[${host}]:${port}`;

/** All of a route, as Postfix tries them: `relay-1:[a]:587, [b]:587`. */
export const routeTarget = ({ name, relays }: RelayRoute): string => `${name}:${relays.map(nextHop).join(', ')}`;

/** What all smart hosts of a route can bear: Postfix counts by route. */
export function routePace({ relays }: RelayRoute, common: Pace = {}): Pace {
  const paces = relays.map(({ pace = common }) => pace);
  const [connections] = paces.flatMap(({ connections = [] }) => connections).sort((one, other) => one - other);
  const [secondsBetweenMails] = paces
    .flatMap(({ secondsBetweenMails = [] }) => secondsBetweenMails)
    .sort((one, other) => other - one);
  return { ...(connections !== undefined && { connections }), ...(secondsBetweenMails !== undefined && { secondsBetweenMails }) };
}
