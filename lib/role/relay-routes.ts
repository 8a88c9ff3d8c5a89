import { type Pace, type Relay, SUBMISSION_PORT } from './settings/relay';

/** Mail of one kind, and the smart hosts that get it. */
export interface RelayRoute {
  /** Of its service in master.cf. */
  readonly name: string;
  /** Where its smart hosts stand in the list. */
  readonly places: readonly number[];
  /** The preferred one first; the others get what those before them cannot be reached for. */
  readonly relays: readonly Relay[];
  /** Whether it takes all mail that no other route takes. */
  readonly everything: boolean;
  /** Domains of envelope senders, and of recipients, that it is for. */
  readonly senders: readonly string[];
  readonly recipients: readonly string[];
}

/**
 * The routes of a list, in the order in which it first says something of them. Mail with the same smart hosts takes the same route, so that
 * there are no more services than needed.
 */
export function relayRoutes(relays: readonly Relay[] = []): readonly RelayRoute[] {
  const routes = new Map<string, RelayRoute & { readonly senders: string[]; readonly recipients: string[] }>();
  const route = (places: readonly number[], everything: boolean) => {
    const key = `${everything} ${places.join(' ')}`;
    const named = { name: `relay-${routes.size + 1}`, places, relays: places.flatMap((place) => relays[place] ?? []) };
    const known = routes.get(key) ?? { ...named, everything, senders: [], recipients: [] };
    routes.set(key, known);
    return known;
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
  return [...routes.values()];
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
