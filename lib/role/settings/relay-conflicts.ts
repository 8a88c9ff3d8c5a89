import { ipFamily } from '../../net/ip-family';
import { nextHop, relayRoutes } from '../relay-routes';
import type { RoleSettings } from '../settings';
import type { Conflict } from './conflicts';
import { IMPLICIT_TLS_PORT, type Relay } from './relay';

/** Parameters that say where mail goes, too. */
const OTHER_WAYS: readonly string[] = [
  'default_transport',
  'relayhost',
  'sender_dependent_default_transport_maps',
  'sender_dependent_relayhost_maps',
  'transport_maps',
];

/** What smart hosts say against each other, and against other settings. */
export function relayConflicts(settings: RoleSettings): Conflict[] {
  const { relay: relays = [] } = settings;
  if (relays.length === 0) return [];
  return [
    ...relays.flatMap((relay, index) => alone(relay, ['relay', index])),
    ...together(relays),
    ...ownRecipients(settings),
    ...otherWays(settings),
  ];
}

/** What one entry says against itself. */
function alone({ host, port, tls = 'verify', login }: Relay, path: Conflict['path']): Conflict[] {
  const wrong = (name: string, message: string) => [{ path: [...path, ...name.split('.')], message }];
  const clear = tls === 'may' || tls === 'none';
  if (login !== undefined && clear) {
    return wrong('tls', `'${tls}' would send the password of ${login.user} in clear text: leave tls out, or take 'encrypt'`);
  }
  if (port === IMPLICIT_TLS_PORT && clear) {
    return wrong('tls', `'${tls}' does not go with port ${port}, which has TLS from the start: leave tls out, or take 'encrypt'`);
  }
  if (tls === 'verify' && ipFamily(host) !== 0) {
    return wrong('host', `'${host}' is an address, and certificates are for names: give the name, or set tls to 'encrypt'`);
  }
  const known = login?.password as string | undefined;
  const problem = known === undefined ? undefined : passwordProblem(known);
  return problem === undefined ? [] : wrong('login.password', problem);
}

/** What Postfix cannot hand on as it is. Never repeats the password. */
function passwordProblem(password: string): string | undefined {
  if (password === '') return 'the password is empty: see that its variable is set';
  if (/\p{Cc}/u.test(password)) return 'the password has a line break or another control character in it';
  return password === password.trim() ? undefined : 'the password begins or ends with white space: see that it was copied whole';
}

/** Smart hosts of one route share a service of Postfix, and a next hop has one TLS policy. */
function together(relays: readonly Relay[]): Conflict[] {
  const found: Conflict[] = [];
  const policies = new Map<string, string>();
  for (const [index, relay] of relays.entries()) {
    const { tls = 'verify' } = relay;
    const hop = nextHop(relay).toLowerCase();
    const other = policies.get(hop) ?? tls;
    if (other !== tls)
      found.push({
        path: ['relay', index, 'tls'],
        message: `'${relay.host}' has tls '${other}' in another entry: say the same in both`,
      });
    policies.set(hop, other);
  }
  for (const { places, everything, senders, recipients } of relayRoutes(relays)) {
    const [first = 0, ...others] = places;
    const mail = everything ? 'all mail' : senders[0] !== undefined ? `mail from ${senders[0]}` : `mail to ${recipients[0]}`;
    const one = relays[first] as Relay;
    const seen = new Set([nextHop(one).toLowerCase()]);
    for (const place of others) {
      const relay = relays[place] as Relay;
      const hop = nextHop(relay).toLowerCase();
      const message = seen.has(hop)
        ? `'${relay.host}' gets ${mail} twice: leave out one of the entries`
        : differing(one, relay, mail);
      seen.add(hop);
      if (message !== undefined) found.push({ path: ['relay', place], message });
    }
  }
  return found;
}

function differing(one: Relay, other: Relay, mail: string): string | undefined {
  if (one.host.toLowerCase() === other.host.toLowerCase() && one.login?.user !== other.login?.user) {
    return `'${one.host}' gets ${mail} on two ports, and Postfix has one login for a host: give both the same one`;
  }
  if ((one.login === undefined) !== (other.login === undefined)) {
    return `'${one.host}' and '${other.host}' share ${mail}, and only one of them has a login: give both one, or neither`;
  }
  if ((one.port === IMPLICIT_TLS_PORT) === (other.port === IMPLICIT_TLS_PORT)) return undefined;
  return `'${one.host}' and '${other.host}' share ${mail}, and only one of them has TLS from the start (port ${IMPLICIT_TLS_PORT}): give both that port, or neither`;
}

/** Mail for this host's own domains has its way. What is in `transport` as well is reported there. */
function ownRecipients({ relay = [], heloName, domains = {} }: RoleSettings): Conflict[] {
  const accepted = new Set([heloName, ...Object.keys(domains)].map((name) => name.toLowerCase()));
  return relay.flatMap(({ recipients = [] }, index) =>
    recipients.flatMap((domain, at) => {
      if (!accepted.has(domain.toLowerCase())) return [];
      const message = `'${domain}' is a mail domain of this host, whose mail stays here or has its relayTo: leave it out`;
      return [{ path: ['relay', index, 'recipients', at], message }];
    }),
  );
}

/** Other settings that would send the same mail elsewhere. */
function otherWays({ mainCf = {}, serviceUserParameters = [], transport = {} }: RoleSettings): Conflict[] {
  const all = transport['*'];
  return [
    ...OTHER_WAYS.filter((name) => Object.hasOwn(mainCf, name)).map((name) => ({
      path: ['mainCf', name],
      message: `'${name}' and relay say where the same mail goes: leave out one of the two`,
    })),
    ...serviceUserParameters.flatMap((name, index) =>
      OTHER_WAYS.includes(name)
        ? [
            {
              path: ['serviceUserParameters', index],
              message: `with '${name}' service users could send mail past relay: leave out one of the two`,
            },
          ]
        : [],
    ),
    ...(all !== undefined && all !== ':'
      ? [{ path: ['transport', '*'], message: `'*' sends all mail to '${all}', past relay: leave out one of the two` }]
      : []),
  ];
}
