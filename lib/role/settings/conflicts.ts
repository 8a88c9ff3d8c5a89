import type { RoleSettings } from '../settings';
import { actionProblem } from './access-map';
import { targetsProblem } from './mail-address';
import { valueProblem } from './main-cf';
import { conditionsProblem } from './pcre-table';
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
    ...shadowed(settings),
    ...targets(settings),
    ...conditions(settings),
    ...unscanned(settings),
  ];
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

/** Mail to the HELO name is the host's own; a domain of the same name would be delivered there and nowhere else. */
function ownName({ heloName, domains = {}, relayDomains = [] }: RoleSettings): Conflict[] {
  const isOwn = (name: string) => name.toLowerCase() === heloName.toLowerCase();
  const message = (name: string) =>
    `'${name}' is the HELO name, whose mail stays on this host: use localAliases for its addresses, or another name as HELO name`;
  return [
    ...Object.keys(domains)
      .filter(isOwn)
      .map((name) => ({ path: ['domains', name], message: message(name) })),
    ...relayDomains.flatMap((name, index) => (isOwn(name) ? [{ path: ['relayDomains', index], message: message(name) }] : [])),
  ];
}

/** Postfix delivers a domain in one way only. */
function acceptedTwice({ domains = {}, relayDomains = [] }: RoleSettings): Conflict[] {
  const named = new Set(Object.keys(domains).map((name) => name.toLowerCase()));
  return relayDomains.flatMap((name, index) =>
    named.has(name.toLowerCase())
      ? [
          {
            path: ['relayDomains', index],
            message: `'${name}' is in domains already, which says where its mail goes: leave it out here`,
          },
        ]
      : [],
  );
}

/** The map `transport` comes before what follows from `domains`. */
function shadowed({ domains = {}, transport = {} }: RoleSettings): Conflict[] {
  const routed = new Map(
    Object.entries(domains).flatMap(([name, { deliverTo, relayTo }]) => {
      const target = deliverTo === undefined ? relayTo : `user-${deliverTo}:`;
      return target === undefined ? [] : [[name.toLowerCase(), target] as const];
    }),
  );
  return Object.entries(transport).flatMap(([key, target]) => {
    const other = routed.get(sameTransportKey(key));
    if (other === undefined || other === target) return [];
    const message = `'${key}' takes the mail that domains sends to '${other}': leave it out here or there`;
    return [{ path: ['transport', key], message }];
  });
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
