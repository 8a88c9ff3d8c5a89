import { isIPv4, isIPv6 } from 'node:net';
import { isDomainSpec, isMacroString } from '../../dns/spf-grammar';

/** Mechanisms in the order of RFC 7208 5. */
const mechanisms = ['all', 'include', 'a', 'mx', 'ptr', 'ip4', 'ip6', 'exists'] as const;

export type MechanismName = (typeof mechanisms)[number];
export type Qualifier = '+' | '-' | '~' | '?';

export interface Mechanism {
  readonly qualifier: Qualifier;
  readonly name: MechanismName;
  /** Domain, or address for `ip4` and `ip6`; absent where the current domain is meant. May hold macros. */
  readonly target?: string;
  /** Prefix lengths. */
  readonly ipv4Bits: number;
  readonly ipv6Bits: number;
  /** As written. */
  readonly text: string;
}

export interface SpfRecord {
  readonly mechanisms: readonly Mechanism[];
  readonly redirect?: string;
  /** Where the text is that a receiver may tell a refused sender. */
  readonly exp?: string;
  /** Everything that breaks the syntax; receivers then take the whole record for an error (permerror). */
  readonly problems: readonly string[];
}

/** Whether a TXT record is meant to be an SPF record (RFC 7208 4.5). */
export function isSpf(text: string): boolean {
  return /^v=spf1( |$)/i.test(text);
}

/** Reads an SPF record (RFC 7208 12). */
export function parseSpf(text: string): SpfRecord {
  const problems: string[] = [];
  const found: Mechanism[] = [];
  const modifiers = new Map<string, string>();
  for (const term of text.split(/ +/).slice(1).filter(Boolean)) {
    const modifier = /^([a-z][a-z0-9_.-]*)=(.*)$/is.exec(term);
    if (modifier) {
      const [, name = '', value = ''] = modifier;
      const key = name.toLowerCase();
      const known = key === 'redirect' || key === 'exp';
      if (known && modifiers.has(key)) problems.push(`'${key}=' occurs twice`);
      if (known && !isDomainSpec(value)) problems.push(`'${term}' names no domain`);
      if (!known && !isMacroString(value)) problems.push(`'${term}' cannot be read`);
      modifiers.set(key, value);
      continue;
    }
    const mechanism = readMechanism(term);
    if (typeof mechanism === 'string') problems.push(mechanism);
    else found.push(mechanism);
  }
  return { mechanisms: found, redirect: modifiers.get('redirect'), exp: modifiers.get('exp'), problems };
}

function readMechanism(term: string): Mechanism | string {
  const [, sign = '+', word = '', rest = ''] = /^([+\-~?]?)([a-z0-9]*)(.*)$/is.exec(term) ?? [];
  const name = mechanisms.find((each) => each === word.toLowerCase());
  if (!name) return `'${term}' is not a mechanism${guess(word)}`;
  const qualifier = (sign || '+') as Qualifier;
  const base = { qualifier, name, text: term, ipv4Bits: 32, ipv6Bits: 128 };
  switch (name) {
    case 'all':
      return rest === '' ? base : `'${term}': nothing may follow 'all'`;
    case 'ip4':
    case 'ip6':
      return readNetwork(base, rest, name === 'ip4' ? 4 : 6);
    case 'a':
    case 'mx':
      return readHosts(base, rest);
    default:
      return readDomain(base, rest);
  }
}

type Base = Omit<Mechanism, 'target'>;

/** A prefix length without leading zeros. */
const length = '(0|[1-9]\\d{0,2})';
const networkRest = new RegExp(`^:([^/]+)(?:/${length})?$`, 's');
/** As little as possible for the name, since it may hold slashes, too; the lengths are what is left at the end. */
const hostsRest = new RegExp(`^(?:(:)(.*?))?(?:/${length})?(?://${length})?$`, 's');

function readNetwork(base: Base, rest: string, family: 4 | 6): Mechanism | string {
  const [match, target = '', bits] = networkRest.exec(rest) ?? [];
  const isAddress = family === 4 ? isIPv4 : isIPv6;
  if (match === undefined || !isAddress(target)) {
    const written = /^:([^/]*)/.exec(rest)?.[1] ?? '';
    if (isAddress(written)) return `'${base.text}' has a prefix length that is not a plain number`;
    return `'${base.text}' holds no IPv${family} address${otherFamily(written)}`;
  }
  const problem = tooLong(base.text, bits, family === 4 ? 32 : 128);
  return problem ?? { ...base, target, ipv4Bits: Number(bits ?? 32), ipv6Bits: Number(bits ?? 128) };
}

function readHosts(base: Base, rest: string): Mechanism | string {
  const [match, colon, target = '', bits4, bits6] = hostsRest.exec(rest) ?? [];
  if (match === undefined) return `'${base.text}' cannot be read`;
  if (colon !== undefined && !isDomainSpec(target)) return `'${base.text}' names no domain`;
  const lengths = { ipv4Bits: Number(bits4 ?? 32), ipv6Bits: Number(bits6 ?? 128) };
  const problem = tooLong(base.text, bits4, 32) ?? tooLong(base.text, bits6, 128);
  return problem ?? { ...base, ...lengths, ...(colon !== undefined && { target }) };
}

function readDomain(base: Base, rest: string): Mechanism | string {
  if (rest === '') return base.name === 'ptr' ? base : `'${base.text}' lacks its domain`;
  if (!rest.startsWith(':')) return `'${base.text}' cannot be read`;
  const target = rest.slice(1);
  return isDomainSpec(target) ? { ...base, target } : `'${base.text}' names no domain`;
}

function tooLong(term: string, bits: string | undefined, most: number): string | undefined {
  if (bits === undefined || Number(bits) <= most) return undefined;
  return `'${term}' has the prefix length ${bits}, at most ${most} is possible`;
}

function guess(word: string): string {
  if (/^ipv?[46]$/i.test(word)) return `: write 'ip${word.at(-1)}:'`;
  if (/^(ip|ipv)$/i.test(word)) return ": write 'ip4:' or 'ip6:'";
  return '';
}

function otherFamily(target: string): string {
  if (isIPv4(target)) return ": write 'ip4:'";
  return isIPv6(target) ? ": write 'ip6:'" : '';
}
