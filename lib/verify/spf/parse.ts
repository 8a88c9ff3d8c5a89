import { isIPv4, isIPv6 } from 'node:net';

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
    const modifier = /^([a-z][a-z0-9_.-]*)=(.*)$/i.exec(term);
    if (modifier) {
      const [, name = '', value = ''] = modifier;
      const key = name.toLowerCase();
      if (modifiers.has(key) && (key === 'redirect' || key === 'exp')) problems.push(`'${key}=' occurs twice`);
      if (key === 'redirect' && !isDomainSpec(value)) problems.push(`'${term}' names no domain`);
      modifiers.set(key, value);
      continue;
    }
    const mechanism = readMechanism(term);
    if (typeof mechanism === 'string') problems.push(mechanism);
    else found.push(mechanism);
  }
  return { mechanisms: found, redirect: modifiers.get('redirect'), problems };
}

function readMechanism(term: string): Mechanism | string {
  const [, sign = '+', word = '', rest = ''] = /^([+\-~?]?)([a-z0-9]*)(.*)$/i.exec(term) ?? [];
  const name = mechanisms.find((each) => each === word.toLowerCase());
  if (!name) return `'${term}' is no mechanism${guess(word)}`;
  const qualifier = (sign || '+') as Qualifier;
  const address = name === 'ip4' || name === 'ip6';
  const [, colon, target = '', bits4, bits6] = address
    ? (/^(:)([^/]*)(?:\/(\d+))?$/.exec(rest) ?? [])
    : (/^(?:(:)([^/]*))?(?:\/(\d+))?(?:\/\/(\d+))?$/.exec(rest) ?? (rest === '' ? ['', undefined, ''] : []));
  if (rest !== '' && colon === undefined && bits4 === undefined && bits6 === undefined) return `'${term}' cannot be read`;
  const base = { qualifier, name, text: term, ipv4Bits: 32, ipv6Bits: 128 };
  if (name === 'all') return rest === '' ? base : `'${term}': nothing may follow 'all'`;
  if (address) {
    const good = name === 'ip4' ? isIPv4(target) : isIPv6(target);
    if (!good) return `'${term}' holds no IPv${name === 'ip4' ? 4 : 6} address${otherFamily(target)}`;
    const bits = bits4 === undefined ? undefined : Number(bits4);
    const most = name === 'ip4' ? 32 : 128;
    if (bits !== undefined && bits > most) return `'${term}' has the prefix length ${bits}, at most ${most} is possible`;
    return { ...base, target, ipv4Bits: bits ?? 32, ipv6Bits: bits ?? 128 };
  }
  if (colon !== undefined && !isDomainSpec(target)) return `'${term}' names no domain`;
  if ((name === 'include' || name === 'exists') && colon === undefined) return `'${term}' lacks its domain`;
  if (bits4 !== undefined && Number(bits4) > 32) return `'${term}' has the prefix length ${bits4}, at most 32 is possible`;
  if (bits6 !== undefined && Number(bits6) > 128) return `'${term}' has the prefix length ${bits6}, at most 128 is possible`;
  const lengths = { ipv4Bits: bits4 === undefined ? 32 : Number(bits4), ipv6Bits: bits6 === undefined ? 128 : Number(bits6) };
  return { ...base, ...lengths, ...(colon !== undefined && { target }) };
}

/** Characters that a domain may have before its macros are filled in; what they give is a name of 253 at most. */
const maxDomainSpec = 1000;

/** A name of at least two labels, or one with macros in it (RFC 7208 7.1). */
function isDomainSpec(text: string): boolean {
  if (text.length > maxDomainSpec) return false;
  if (text.includes('%')) return /^(?:[^%]|%[%_-]|%\{[slodiphcrtv]\d*r?[.\-+,/_=]*\})+$/i.test(text);
  return /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?\.?$/i.test(text) && text.replace(/\.$/, '').includes('.');
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
