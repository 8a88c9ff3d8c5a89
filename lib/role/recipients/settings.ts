import { systemAliases } from '../components/aliases';
import { unreadMaps } from '../map-files/contents';
import type { RoleSettings } from '../settings';
import { virtualDomains } from '../virtual-domains';
import { type Fault, type Node, recipientFaults } from './judge';
import { type End, World } from './world';

/** Of transports, those that ask another host; who has an address is known there. */
const TO_HOSTS: ReadonlySet<string> = new Set(['', 'smtp', 'relay', 'smtp4', 'lmtp']);

/** Properties by the table that they become. */
const PROPERTIES = { canonical: 'canonical', virtual: 'virtualAliases', aliases: 'localAliases' } as const;

/** A fault of the entries that the stack sets, and the path of the property to change. */
export interface RecipientProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * What is wrong with the recipients that the stack names, as far as it does not depend on files of the service users and accounts of
 * the host: those the gate judges, too, when it has all of them together.
 */
export function recipientProblems(settings: RoleSettings): RecipientProblem[] {
  const written = {
    canonical: keysOf(settings.canonical),
    virtual: keysOf(settings.virtualAliases),
    aliases: keysOf(settings.localAliases),
  };
  const place = ({ table, key }: Node): string[][] => {
    const name = written[table].get(key);
    if (name !== undefined) return [[PROPERTIES[table], name]];
    // Of the names that every host has.
    return table === 'aliases' && settings.postmaster ? [['postmaster']] : [];
  };
  const problem = ({ nodes, text }: Fault): RecipientProblem[] => {
    const [path] = nodes.flatMap(place);
    return path ? [{ path, message: text }] : [];
  };
  return recipientFaults(worldOf(settings)).flatMap(problem);
}

/** Keys as they were written, by their lower case. */
function keysOf(entries: Readonly<Record<string, unknown>> = {}): ReadonlyMap<string, string> {
  return new Map(Object.keys(entries).map((key) => [key.toLowerCase(), key]));
}

function worldOf(settings: RoleSettings): World {
  const { heloName, localAliases = {}, virtualAliases = {}, canonical = {}, serviceUsers = [], mainCf = {} } = settings;
  const targets = (entries: Readonly<Record<string, string | readonly string[]>>) =>
    new Map(Object.entries(entries).map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]));
  const named = new Set(['root', ...serviceUsers]);
  return new World({
    tables: {
      canonical: targets(canonical),
      virtual: targets(virtualAliases),
      aliases: targets({ ...systemAliases(settings), ...lowerCase(localAliases) }),
    },
    own: [heloName, 'localhost'],
    mailbox: (name) => named.has(name.toLowerCase()) || undefined,
    route: routes(settings),
    delimiter: mainCf.recipient_delimiter ?? '+',
    recursion: limit(mainCf.virtual_alias_recursion_limit),
    expansion: limit(mainCf.virtual_alias_expansion_limit),
  });
}

const lowerCase = <T>(entries: Readonly<Record<string, T>>) =>
  Object.fromEntries(Object.entries(entries).map(([key, value]) => [key.toLowerCase(), value]));

const limit = (value: string | undefined) => (value !== undefined && /^[0-9]+$/.test(value) ? Number(value) : undefined);

function routes(settings: RoleSettings): (domain: string, address: string) => End | undefined {
  const { domains = {}, relayDomains = [], transport = {}, virtualAliases } = settings;
  const ways = lowerCase(domains);
  const aliased = new Set(virtualDomains(settings, unreadMaps(settings.mapFiles)).map((name) => name.toLowerCase()));
  const transports = new Map(Object.entries(transport).map(([key, value]) => [key.toLowerCase().replace(/^@/, ''), value]));
  const relayed = new Set(relayDomains.map((name) => name.toLowerCase()));
  return (domain, address) => {
    if (aliased.has(domain)) {
      // Service users, or a file, may know its recipients, or relay it.
      const isWhole = virtualAliases !== undefined && (Object.hasOwn(ways, domain) || settings.relayDomains !== undefined);
      return isWhole ? undefined : { kind: 'unknown' };
    }
    const names = [domain, ...parentsOf(domain)];
    const isAccepted = Object.hasOwn(ways, domain) || names.some((name) => relayed.has(name));
    const deliverTo = ways[domain]?.deliverTo;
    const way = [address.toLowerCase(), ...names, '*'].flatMap((key) => transports.get(key) ?? [])[0];
    const [, service = '', hop = ''] = /^([^:]*):?(.*)$/s.exec(way ?? (deliverTo ? `user-${deliverTo}:` : '')) ?? [];
    if (TO_HOSTS.has(service)) return { kind: 'asked', why: isAccepted ? 'relayed' : 'elsewhere' };
    if (service === 'error') {
      const why = `the transport map has an error for it (${hop.trim() || 'no reason given'})`;
      return { kind: 'nowhere', why };
    }
    return { kind: service.startsWith('user-') || service === 'discard' ? 'taken' : 'unknown' };
  };
}

/** `.example.com` for `mail.example.com`. */
function parentsOf(domain: string): string[] {
  return [...domain].flatMap((letter, at) => (letter === '.' && at > 0 ? [domain.slice(at)] : []));
}
