import { publicAddresses, WIDEST } from '../../net/public-addresses';
import { MAP_NAMES } from '../map-files/names';
import { recipientProblems } from '../recipients/settings';
import type { RoleSettings } from '../settings';
import { actionProblem } from './access-map';
import { targetsProblem } from './mail-address';
import { valueProblem } from './main-cf';
import { passwordProblem } from './password';
import { conditionsProblem } from './pcre-table';
import { relayConflicts } from './relay-conflicts';
import { sameTransportKey } from './transport-map';

/** A rule that several settings break together; the path is the one to change. */
export interface Conflict {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What settings say against each other, and rules that need more than one of them to judge. */
export function conflicts(settings: RoleSettings): readonly Conflict[] {
  return [
    ...actions(settings),
    ...parameterValues(settings),
    ...ownName(settings),
    ...acceptedTwice(settings),
    ...manyClients(settings),
    ...shadowed(settings),
    ...targets(settings),
    ...conditions(settings),
    ...unscanned(settings),
    ...givenTwice(settings),
    ...recipientProblems(settings),
    ...sendersTwice(settings),
    ...passwords(settings),
    ...relayConflicts(settings),
    ...otherPaces(settings),
  ];
}

/** The host writes the pause between mails itself, and a later fragment would overrule it. */
function otherPaces({ outgoingPace, mainCf = {} }: RoleSettings): Conflict[] {
  if (outgoingPace?.warmUp === undefined) return [];
  return Object.keys(mainCf)
    .filter((name) => /^(smtp4?|default)_destination_rate_delay$/.test(name))
    .map((name) => ({
      path: ['mainCf', name],
      message: `'${name}' and outgoingPace.warmUp say how fast mail leaves: leave out one of the two; after the slow start outgoingPace.secondsBetweenMails counts`,
    }));
}

/** Networks that may send without a password are no larger together than the widest that one of them can be. */
function manyClients({ externalNetworks = [] }: RoleSettings): Conflict[] {
  return ([32, 128] as const).flatMap((bits) => {
    const most = 1n << BigInt(bits - WIDEST[bits]);
    // Usually the list as a whole is small enough, and nothing else is asked.
    if (publicAddresses(externalNetworks, bits) <= most) return [];
    const index = externalNetworks.findIndex((_, at) => publicAddresses(externalNetworks.slice(0, at + 1), bits) > most);
    const message = `with '${externalNetworks[index]}' the networks of this list are a large part of the internet, and all of it could send through this host`;
    return [{ path: ['externalNetworks', index], message }];
  });
}

/** The restriction classes that the stack declares. */
function restrictionClasses({ mainCf = {} }: RoleSettings): ReadonlySet<string> {
  const declared = mainCf.smtpd_restriction_classes ?? '';
  return new Set(
    declared
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((name) => name !== ''),
  );
}

/** What an entry of a map can break together with other settings, wherever the entry comes from. */
export interface EntryConflicts {
  /** The restriction classes that the stack declares, which are actions of access maps. */
  readonly classes: ReadonlySet<string>;
  transport(key: string, target: string): string | undefined;
  relayDomain(name: string): string | undefined;
}

/** The rules for single entries. */
export function entryConflicts(settings: RoleSettings): EntryConflicts {
  const { heloName, domains = {} } = settings;
  const named = new Set(Object.keys(domains).map(lowerCase));
  const routed = routedDomains(settings);
  const relayed = new Set((settings.relay ?? []).flatMap(({ recipients = [] }) => recipients.map(lowerCase)));
  return {
    classes: restrictionClasses(settings),
    transport: (key, target) => {
      if (relayed.has(sameTransportKey(key))) return `'${key}' is in recipients of relay, too: remove one of the two`;
      const other = routed.get(sameTransportKey(key));
      if (other === undefined || other === target) return undefined;
      return `'${key}' takes the mail that domains sends to '${other}': remove one of the two`;
    },
    relayDomain: (name) => {
      if (lowerCase(name) === lowerCase(heloName)) return ownNameProblem(name);
      return named.has(lowerCase(name))
        ? `'${name}' is in domains already, which says where its mail goes: leave it out here`
        : undefined;
    },
  };
}

const lowerCase = (name: string) => name.toLowerCase();

/** Restriction classes of main.cf are actions too. */
function actions(settings: RoleSettings): Conflict[] {
  const classes = restrictionClasses(settings);
  const maps = ['accessClient', 'accessHelo', 'accessRecipient', 'accessSender'] as const;
  return maps.flatMap((map) =>
    Object.entries(settings[map] ?? {}).flatMap(([key, action]) => {
      const message = actionProblem(action, classes);
      return message === undefined ? [] : [{ path: [map, key], message }];
    }),
  );
}

function parameterValues(settings: RoleSettings): Conflict[] {
  const { mainCf = {} } = settings;
  // Only Postfix can expand the name of another parameter.
  const classes = mainCf.smtpd_restriction_classes?.includes('$') ? undefined : restrictionClasses(settings);
  return Object.entries(mainCf).flatMap(([name, value]) => {
    const message = valueProblem(name, value, classes);
    return message === undefined ? [] : [{ path: ['mainCf', name], message }];
  });
}

const ownNameProblem = (name: string) =>
  `'${name}' is the HELO name, whose mail stays on this host: use localAliases for its addresses, or another name as HELO name`;

/** Mail to the HELO name is the host's own; a domain of the same name would be delivered there and nowhere else. */
function ownName({ heloName, domains = {} }: RoleSettings): Conflict[] {
  const own = Object.keys(domains).filter((name) => lowerCase(name) === lowerCase(heloName));
  return own.map((name) => ({ path: ['domains', name], message: ownNameProblem(name) }));
}

/** Postfix delivers a domain in one way only, and the host's own name in none of these. */
function acceptedTwice(settings: RoleSettings): Conflict[] {
  const { relayDomain } = entryConflicts(settings);
  return (settings.relayDomains ?? []).flatMap((name, index) => {
    const message = relayDomain(name);
    return message === undefined ? [] : [{ path: ['relayDomains', index], message }];
  });
}

/** Domains of the stack that are delivered or relayed, and the transport. */
function routedDomains({ domains = {} }: RoleSettings): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(domains).flatMap(([name, { deliverTo, relayTo }]) => {
      const target = deliverTo === undefined ? relayTo : `user-${deliverTo}:`;
      return target === undefined ? [] : [[lowerCase(name), target] as const];
    }),
  );
}

/** The map `transport` comes before what follows from `domains`. */
function shadowed(settings: RoleSettings): Conflict[] {
  const { transport } = entryConflicts(settings);
  return Object.entries(settings.transport ?? {}).flatMap(([key, target]) => {
    const message = transport(key, target);
    return message === undefined ? [] : [{ path: ['transport', key], message }];
  });
}

/** A map has one source. */
function givenTwice(settings: RoleSettings): Conflict[] {
  return MAP_NAMES.filter((name) => settings.mapFiles?.[name] !== undefined && settings[name] !== undefined).map((name) => ({
    path: ['mapFiles', name],
    message: `the map is in ${name}, too: put all of its entries into the file, or leave the file out`,
  }));
}

function targets({ virtualAliases = {} }: RoleSettings): Conflict[] {
  return Object.entries(virtualAliases).flatMap(([key, list]) => {
    const problem = targetsProblem(list);
    return problem === undefined ? [] : [{ path: ['virtualAliases', key, problem.index], message: problem.message }];
  });
}

function conditions({ canonicalPcre = [] }: RoleSettings): Conflict[] {
  const problem = conditionsProblem(canonicalPcre);
  return problem === undefined ? [] : [{ path: ['canonicalPcre', problem.index], message: problem.message }];
}

function unscanned({ encryptedContent, antivirus = false }: RoleSettings): Conflict[] {
  if (encryptedContent !== 'refuse' || antivirus !== false) return [];
  return [
    {
      path: ['encryptedContent'],
      message: "'refuse' needs the virus scanner, which looks for what is encrypted: set antivirus to true, or leave this out",
    },
  ];
}

function sendersTwice({ submissionUsers = {}, submissionSenders = {} }: RoleSettings): Conflict[] {
  const names = Object.keys(submissionSenders).filter((name) => Object.hasOwn(submissionUsers, name));
  return names.map((name) => ({
    path: ['submissionSenders', name],
    message: `'${name}' is in submissionUsers: give the login its senders there`,
  }));
}

/** One that is unknown, as in a state and in a plan, is judged when it is there. */
function passwords({ submissionUsers = {} }: RoleSettings): Conflict[] {
  return Object.entries(submissionUsers).flatMap(([name, { password }]) => {
    const known = password as string | undefined;
    const message = known === undefined ? undefined : passwordProblem(name, known);
    return message === undefined ? [] : [{ path: ['submissionUsers', name, 'password'], message }];
  });
}
