import type { Problem } from './checked';
import { notEmpty, oneLine } from './checked';
import { nameProblem } from './domain-name';

/** Transports of the role's master.cf; `user-NAME` comes with each service user. */
const TRANSPORTS: ReadonlySet<string> = new Set([
  ...['smtp', 'relay', 'smtp4', 'smtp-amavis', 'lmtp', 'local', 'virtual', 'error', 'retry', 'discard'],
]);

/** The right side of transport(5): `transport:nexthop`, either part may be empty. */
export const transportTarget: Problem = (value) => {
  const broken = notEmpty(value) ?? oneLine(value);
  if (broken !== undefined) return broken;
  const colon = value.indexOf(':');
  if (colon < 0) return `'${value}' has no colon: expected transport:nexthop, e.g. smtp:[10.0.0.5]:25 or user-webapp:`;
  const transport = value.slice(0, colon);
  const nexthop = value.slice(colon + 1);
  if (transport !== '' && !TRANSPORTS.has(transport) && !/^user-[a-z_][a-z0-9_-]*$/.test(transport)) {
    return `'${transport}' is no transport of this host: use smtp, relay, smtp4, lmtp, error, discard or user-NAME of a service user`;
  }
  return /^(smtp|relay|smtp4)?$/.test(transport) && nexthop !== '' ? nexthopProblem(value, nexthop) : undefined;
};

/** The next hop of a relayed domain: the same, but it must lead somewhere. */
export const relayTarget: Problem = (value) => {
  const problem = transportTarget(value);
  if (problem !== undefined) return problem;
  return /:$/.test(value) && !value.startsWith('user-')
    ? `'${value}' has no next hop, mail would come back to this host: give one, e.g. smtp:[10.0.0.5]:25`
    : undefined;
};

/** The left side of transport(5); `@domain`, which Postfix does not know, is taken for the domain (R22). */
export const transportKey: Problem = (value) => {
  const broken = notEmpty(value) ?? oneLine(value);
  if (broken !== undefined) return broken;
  if (value === '*') return undefined;
  if (/\s/.test(value)) return `'${value}' has white space in it, and Postfix would take what follows for the transport`;
  const domain = value.slice(value.lastIndexOf('@') + 1).replace(/^\./, '');
  return nameProblem('domain of a transport', domain);
};

function nexthopProblem(value: string, nexthop: string): string | undefined {
  const bracketed = /^\[([^\]]+)\](?::([a-z0-9-]+))?$/.exec(nexthop);
  if (bracketed) return undefined;
  if (/^\[/.test(nexthop)) return `'${value}' has a next hop whose bracket is not closed: expected e.g. smtp:[10.0.0.5]:25`;
  if (/^\d+\.\d+\.\d+\.\d+/.test(nexthop))
    return `'${value}' has an address as next hop: put it in brackets, e.g. smtp:[10.0.0.5]:25`;
  if ((nexthop.match(/:/g) ?? []).length > 1) {
    return `'${value}' has an IPv6 address as next hop: put it in brackets, e.g. smtp:[2001:db8::5]:25`;
  }
  return nameProblem('next hop', nexthop.replace(/:[a-z0-9-]+$/, ''));
}
