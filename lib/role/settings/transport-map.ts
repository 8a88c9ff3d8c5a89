import { isIP, isIPv6 } from 'node:net';
import { nameProblem } from '../../net/domain-name';
import { nearest } from '../../settings/spelling';
import type { Problem } from '../../settings/vocabulary';
import { notEmpty, oneLine } from '../../settings/vocabulary';

/** Transports of the role's master.cf; `user-NAME` comes with each service user. */
const TRANSPORTS: ReadonlySet<string> = new Set([
  ...['smtp', 'relay', 'smtp4', 'smtp-amavis', 'lmtp', 'local', 'virtual', 'error', 'retry', 'discard'],
]);

/** Transports that deliver to a host. */
const TO_HOSTS: ReadonlySet<string> = new Set(['', 'smtp', 'relay', 'smtp4', 'lmtp']);

/** Transports whose next hop is a text for people. */
const WITH_TEXT: ReadonlySet<string> = new Set(['error', 'retry', 'discard']);

/** The right side of transport(5): `transport:nexthop`, either part may be empty. */
export const transportTarget: Problem = (value) => {
  const broken = notEmpty(value) ?? oneLine(value);
  if (broken !== undefined) return broken;
  const colon = value.indexOf(':');
  if (colon < 0) return `'${value}' has no colon: expected transport:nexthop, e.g. smtp:[10.0.0.5]:25 or user-webapp:`;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value))
    return `'${value}' is a URL: expected transport:nexthop, e.g. smtp:[mail.example.com]:25`;
  const transport = value.slice(0, colon);
  if (!TRANSPORTS.has(transport) && transport !== '' && !/^user-[a-z_][a-z0-9_-]*$/.test(transport))
    return unknown(transport, value);
  const nexthop = value.slice(colon + 1);
  if (!WITH_TEXT.has(transport) && /(^|\s)#/.test(nexthop))
    return `'${value}' has a comment in it, which Postfix would take for a part of the entry: give it a line of its own`;
  return TO_HOSTS.has(transport) ? nextHopsProblem(value, transport, nexthop) : undefined;
};

/** The next hop of a relayed domain: the same, but it must lead to another host. */
export const relayTarget: Problem = (value) => {
  const problem = transportTarget(value);
  if (problem !== undefined) return problem;
  const [, transport = '', nexthop = ''] = /^([^:]*):(.*)$/.exec(value) ?? [];
  if (!TO_HOSTS.has(transport)) return undefined;
  if (nexthop === '') return `'${value}' has no next hop, mail would come back to this host: give one, e.g. smtp:[10.0.0.5]:25`;
  return /^\[?(127\.\d+\.\d+\.\d+|::1|localhost)\]?(:(25|smtp))?$/.test(nexthop)
    ? `'${value}' leads back to this host's own port 25: give the host that keeps the mail, or a port of its own`
    : undefined;
};

/** Two spellings of one left side of transport(5): `@domain` is the domain. */
export function sameTransportKey(key: string): string {
  return key.toLowerCase().replace(/^@/, '');
}

/** The left side of transport(5); `@domain`, which Postfix does not know, is taken for the domain. */
export const transportKey: Problem = (value) => {
  const broken = notEmpty(value) ?? oneLine(value);
  if (broken !== undefined) return broken;
  if (value === '*') return undefined;
  if (/^\*@?\./.test(value))
    return `'${value}' has a *, which transport(5) knows alone only: for all subdomains write '${value.replace(/^\*@?/, '')}'`;
  if (value.startsWith('*@')) return `'${value}' has a *, which transport(5) knows alone only: write '${value.slice(2)}'`;
  if (value.startsWith('#')) return `'${value}' begins with #: Postfix would take the line for a comment`;
  if (/\s/.test(value)) return `'${value}' has white space in it, and Postfix would take what follows for the transport`;
  if (/^[^@]+@$/.test(value)) return `'${value}' has nothing behind the @: transport(5) knows user@domain and domain`;
  const domain = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : value.slice(value.lastIndexOf('@') + 1).replace(/^\./, '');
  return nameProblem('domain of a transport', domain);
};

/** Where mail is to go: one or several of `host`, `[host]`, `[address]`, each with or without `:port`. */
export function nextHopsProblem(value: string, transport: string, nexthop: string): string | undefined {
  if (transport === 'lmtp' && /^unix:./.test(nexthop)) return undefined;
  const hops = nexthop.replace(transport === 'lmtp' ? /^inet:/ : /^$/, '').trim();
  if (hops === '') return undefined;
  for (const hop of hops.split(/\s*,\s*|\s+/)) {
    const problem = hopProblem(value, hop);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function hopProblem(value: string, hop: string): string | undefined {
  if (/^(\/\/|[a-z][a-z0-9+.-]*:\/\/)/i.test(hop)) {
    return `'${value}' has a URL in it: expected a host, e.g. smtp:[mail.example.com]:25`;
  }
  if (hop.startsWith('[')) return bracketedProblem(value, hop);
  if (/^\d+\.\d+\.\d+\.\d+/.test(hop))
    return `'${value}' has an address as next hop: put it in brackets, e.g. smtp:[10.0.0.5]:25`;
  if ((hop.match(/:/g) ?? []).length > 1) {
    return `'${value}' has an IPv6 address as next hop: put it in brackets, e.g. smtp:[2001:db8::5]:25`;
  }
  const [, host = '', port] = /^([^:]*)(?::(.*))?$/.exec(hop) ?? [];
  return nameProblem('next hop', host) ?? portProblem(value, port);
}

function bracketedProblem(value: string, hop: string): string | undefined {
  const [, host, rest] = /^\[([^\]]*)\](.*)$/.exec(hop) ?? [];
  if (host === undefined) return `'${value}' has a next hop whose bracket is not closed: expected e.g. smtp:[10.0.0.5]:25`;
  if (rest !== '' && !rest?.startsWith(':')) {
    return `'${value}' has '${rest}' behind the bracket: a port follows after a colon, e.g. smtp:[10.0.0.5]:25`;
  }
  const family = /^ipv6:/i.exec(host)?.[0];
  if (family !== undefined) return `'${value}' has '${family}' in the brackets: leave it out, the address alone is enough`;
  if (isIP(host) !== 0) return portProblem(value, rest?.slice(1) || (rest === '' ? undefined : ''));
  if (/^[0-9.]+$/.test(host))
    return `'${value}' has '${host}' in the brackets, which is not an address: expected e.g. smtp:[10.0.0.5]:25`;
  if (host.includes(':') && !isIPv6(host)) {
    return `'${value}' has '${host}' in the brackets: the port belongs behind them, e.g. smtp:[10.0.0.5]:25`;
  }
  return nameProblem('next hop', host) ?? portProblem(value, rest === '' ? undefined : rest?.slice(1));
}

function portProblem(value: string, port: string | undefined): string | undefined {
  if (port === undefined) return undefined;
  if (port === '') return `'${value}' ends with a colon: a port follows it, or leave it out`;
  if (/^\d+$/.test(port)) {
    return Number(port) >= 1 && Number(port) <= 65535 ? undefined : `'${value}' has the port ${port}: expected 1 to 65535`;
  }
  return /^[a-z][a-z0-9-]*$/.test(port)
    ? undefined
    : `'${value}' has the port '${port}': expected a number or the name of a service`;
}

function unknown(transport: string, value: string): string {
  const message = `'${transport}' is not a transport of this host: use smtp, relay, smtp4, lmtp, error, discard or user-NAME of a service user`;
  if (isIP(transport) !== 0 || transport.includes('.') || transport.startsWith('[')) {
    const port = /:\d+$/.exec(value)?.[0] ?? '';
    return `'${value}' has a host where the transport belongs: write 'smtp:[${transport.replace(/[[\]]/g, '')}]${port}'`;
  }
  const near = nearest(transport, TRANSPORTS);
  return near === undefined ? message : `${message}; did you mean ${near}?`;
}
