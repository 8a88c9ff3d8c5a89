import { createHash } from 'node:crypto';
import { type Component, configFile, executable, lines } from '../component';
import { compiledMap, MAP_TYPE, PROGRAMS, RELAY, RELAY_SETTINGS, RELAY_STATE, STACK_MAPS } from '../paths';
import { nextHop, type RelayRoute, relayRoutes, routePace, routeTarget } from '../relay-routes';
import program from '../remote/relay.py';
import sessionModule from '../remote/relay-session.py';
import type { RoleSettings } from '../settings';
import { IMPLICIT_TLS_PORT, type Relay, SUBMISSION_PORT } from '../settings/relay';
import { ownDomains } from './own-senders';
import { paceParameters } from './pace';
import { parameter } from './parameter';
import { OUTGOING, service } from './postfix-master';

/** What Postfix verifies certificates of smart hosts with. */
const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

/** A smart host is asked about so many of the domains that it is to send for. */
const SENDERS_TRIED = 3;

const SENDERS = 'relay-senders';
const RECIPIENTS = 'relay-recipients';
const TLS = 'relay-tls';

/**
 * Smart hosts: who gets which mail, how, and with which login. Each route is a service of its own in master.cf, so that its logins, TLS
 * and pace concern no other mail. A change is tried out at the smart hosts before anything is changed.
 */
export const relay: Component = ({ settings, maps }) => {
  const routes = relayRoutes(settings.relay);
  const logins = loginsOf(routes);
  return {
    packages: routes.length > 0 ? ['ca-certificates', 'libsasl2-modules', 'python3'] : [],
    directories: routes.length > 0 ? [{ path: RELAY_STATE, owner: 'root', group: 'root', mode: '0700' }] : [],
    files: [
      executable(RELAY, program),
      configFile(`${PROGRAMS}/checks/relay_session.py`, sessionModule),
      configFile(RELAY_SETTINGS, `${JSON.stringify(configuration(settings, ownDomains(settings, maps)), null, 2)}\n`),
      ...(routes.length > 0 ? tables(routes) : []),
      ...(routes.length > 0 ? [configFile('/etc/postfix/master.d/15_relay.cf', services(routes))] : []),
    ],
    validators: [{ name: 'Smart hosts', command: `"$CANDIDATE${RELAY}" try "$CANDIDATE"` }],
    derived: [
      {
        name: PASSWORDS,
        check: unlessNothing(logins.length === 0, `${RELAY} passwords check${logins.map(quoted).join('')}`),
        build: `${RELAY} passwords apply${logins.map(quoted).join('')}`,
      },
    ],
    secrets: logins.length === 0 ? [] : [{ derived: PASSWORDS, name: 'relay.json', content: passwords(settings) }],
  };
};

/** After the gate: what waits takes the way that is in effect by then. */
export const waitingMail: Component = ({ settings }) => {
  const routes = relayRoutes(settings.relay);
  const way = routes.length === 0 ? 'none' : digest(JSON.stringify(routes.map((route) => [routeTarget(route), scope(route)])));
  return {
    derived: [
      {
        name: 'way of mail that waits',
        check: unlessNothing(routes.length === 0, `${RELAY} way check ${way}`),
        build: `${RELAY} way apply ${way}`,
      },
    ],
  };
};

/** Shown in the plan. */
const PASSWORDS = 'passwords for smart hosts';

/** Most hosts have no smart host and never had one; then there is nothing to look at. */
const unlessNothing = (nothing: boolean, check: string) => (nothing ? `test ! -d ${RELAY_STATE} || ${check}` : check);

const quoted = (text: string) => ` '${text}'`;

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

const scope = ({ everything, senders, recipients }: RelayRoute) => ({ everything, senders, recipients });

/** Names a password: `ROUTE [host]:port user version`, none of which has a blank in it. */
const loginOf = (route: string, relay: Relay) =>
  relay.login ? [`${route} ${nextHop(relay)} ${relay.login.user} ${relay.login.passwordVersion ?? 1}`] : [];

const loginsOf = (routes: readonly RelayRoute[]) =>
  routes.flatMap(({ name, relays }) => relays.flatMap((relay) => loginOf(name, relay)));

/** In a state, and in a plan, the passwords are absent. */
function passwords({ relay = [] }: RoleSettings): string {
  const known = relayRoutes(relay).flatMap(({ name, relays }) =>
    relays.flatMap((each) => loginOf(name, each).map((login) => [login, each.login?.password] as const)),
  );
  return `${JSON.stringify(Object.fromEntries(known.filter(([, password]) => password !== undefined)))}\n`;
}

/** What the program has to know: `relay-session.py` says what each key means. */
function configuration(settings: RoleSettings, domains: readonly string[]): Record<string, unknown> {
  const { heloName, bindIpv4, bindIpv6 } = settings;
  return {
    heloName,
    ...(bindIpv4 !== undefined && { bindIpv4 }),
    ...(bindIpv6 !== undefined && { bindIpv6 }),
    routes: relayRoutes(settings.relay).map((route) => ({
      name: route.name,
      ...scope(route),
      relays: route.relays.map((relay) => ({
        host: relay.host,
        port: relay.port ?? SUBMISSION_PORT,
        tls: relay.tls ?? 'verify',
        ...(relay.login && { user: relay.login.user, login: loginOf(route.name, relay)[0] }),
        senders: (relay.senders ?? domains.filter((name) => !name.startsWith('.')))
          .slice(0, SENDERS_TRIED)
          .map((domain) => `postmaster@${domain}`),
      })),
    })),
  };
}

function tables(routes: readonly RelayRoute[]) {
  const header = '# Written by the stack (`relay`).';
  const relays = new Map(routes.flatMap((route) => route.relays.map((each) => [nextHop(each), each] as const)));
  const to = (route: RelayRoute, keys: readonly string[]) => keys.map((key) => `${key} ${routeTarget(route)}`);
  return [
    configFile(
      `${STACK_MAPS}/${SENDERS}`,
      lines(
        header,
        routes.flatMap((route) =>
          to(
            route,
            route.senders.map((domain) => `@${domain}`),
          ),
        ),
      ),
    ),
    configFile(
      `${STACK_MAPS}/${RECIPIENTS}`,
      lines(
        header,
        routes.flatMap((route) => to(route, route.recipients)),
      ),
    ),
    configFile(`${STACK_MAPS}/${TLS}`, lines(header, [...relays].map(tlsPolicy))),
  ];
}

/** A line of smtp_tls_policy_maps; only the name that the stack says counts, whatever DNS makes of it. */
function tlsPolicy([hop, { tls = 'verify', host }]: readonly [string, Relay]): string {
  return tls === 'verify' ? `${hop} secure match=${host}` : `${hop} ${tls}`;
}

function services(routes: readonly RelayRoute[]): string {
  return lines(
    '# Written by the stack (`relay`): the ways to smart hosts.',
    routes.map((route) => service(route.name, 'unix', '-', '-', 'smtp', options(route))),
  );
}

/** All relays of a route agree in these; see the conflicts of the settings. */
function options({ name, relays }: RelayRoute): string[] {
  const [first] = relays;
  return [
    `syslog_name=postfix/${name}`,
    ...OUTGOING,
    `smtp_tls_wrappermode=${first?.port === IMPLICIT_TLS_PORT ? 'yes' : 'no'}`,
    `smtp_tls_security_level=${first?.port === IMPLICIT_TLS_PORT ? 'encrypt' : 'may'}`,
    `smtp_tls_policy_maps=${compiledMap(`stack-${TLS}`)}`,
    `smtp_tls_CAfile=${AUTHORITIES}`,
    'smtp_tls_mandatory_protocols=>=TLSv1.2',
    'smtp_fallback_relay=',
    ...(first?.login ? withLogin(name) : ['smtp_sasl_auth_enable=no']),
  ];
}

/** Without its password, mail waits: without a login the smart host would refuse it for good. */
function withLogin(name: string): string[] {
  return [
    'smtp_sasl_auth_enable=yes',
    `smtp_sasl_password_maps=${MAP_TYPE}:${RELAY_STATE}/${name},fail:no-password-on-this-host`,
    'smtp_sasl_security_options=noanonymous',
    'smtp_sasl_tls_security_options=noanonymous',
    'smtp_sasl_mechanism_filter=plain,login',
    'smtp_sasl_auth_soft_bounce=yes',
    'smtp_sender_dependent_authentication=no',
  ];
}

/** The table of recipients, behind those that say where mail of this host's domains goes. */
export function relayTransports({ relay = [] }: RoleSettings): string[] {
  return relay.length > 0 ? [compiledMap(`stack-${RECIPIENTS}`)] : [];
}

/** The part of main.cf about smart hosts. */
export function relayParameters({ relay: relays, outgoingPace }: RoleSettings): string[] {
  const routes = relayRoutes(relays);
  if (routes.length === 0) return [];
  const everything = routes.find((route) => route.everything);
  return [
    '# Smart hosts, see master.d/15_relay.cf.',
    ...(everything ? [`default_transport = ${routeTarget(everything)}`] : []),
    parameter('sender_dependent_default_transport_maps', [compiledMap(`stack-${SENDERS}`)]),
    ...routes.flatMap((route) => paceParameters(route.name, routePace(route, outgoingPace))),
    '',
  ];
}
