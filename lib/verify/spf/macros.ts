import { isIPv4 } from 'node:net';
import { reverseName } from '../../dns';
import { canonicalIpv6 } from '../dns/values';

/** What stands for the macros of RFC 7208 7.2. */
export interface MacroValues {
  /** `%{s}`; `%{l}` and `%{o}` are its two halves. */
  readonly sender: string;
  /** `%{d}`: the domain whose record is evaluated. */
  readonly domain: string;
  /** `%{i}`: the address of the client. */
  readonly address: string;
  /** `%{h}`. */
  readonly heloName: string;
  /** `%{p}`: the name of the address that is its own in both directions. Asked for only where it is needed. */
  readonly validatedName: () => string;
}

/** Longest name that an expansion may give; labels on the left are dropped until it fits (RFC 7208 7.3). */
const maxName = 253;

const macro = /%(?:([%_-])|\{([a-z])(\d*)(r?)([.\-+,/_=]*)\})/gi;

/** Replaces the macros of a text (RFC 7208 7). */
export function expandMacros(text: string, values: MacroValues): string {
  return text.replace(
    macro,
    (_, plain: string | undefined, letter: string, digits: string, reverse: string, delimiters: string) => {
      if (plain !== undefined) return { '%': '%', _: ' ', '-': '%20' }[plain] ?? '';
      const separator = new RegExp(`[${(delimiters || '.').replace(/[\]\\^-]/g, '\\$&')}]`);
      let parts = macroValue(letter.toLowerCase(), values).split(separator);
      if (reverse) parts = parts.reverse();
      const joined = (digits === '' ? parts : parts.slice(-Number(digits))).join('.');
      return letter === letter.toUpperCase() ? urlEscaped(joined) : joined;
    },
  );
}

/** The same for a text that is to be a domain name. */
export function expandName(text: string, values: MacroValues): string {
  const expanded = expandMacros(text, values).replace(/\.$/, '');
  const excess = expanded.length - maxName;
  if (excess <= 0) return expanded;
  const dot = expanded.indexOf('.', excess - 1);
  return dot < 0 ? '' : expanded.slice(dot + 1);
}

/** All but the unreserved characters of RFC 3986 2.3. */
const urlEscaped = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

function macroValue(letter: string, { sender, domain, address, heloName, validatedName }: MacroValues): string {
  switch (letter) {
    case 's':
      return sender;
    case 'l':
      return sender.slice(0, sender.lastIndexOf('@'));
    case 'o':
      return sender.slice(sender.lastIndexOf('@') + 1);
    case 'd':
      return domain;
    case 'i':
      return isIPv4(address) ? address : nibbles(address);
    case 'v':
      return isIPv4(address) ? 'in-addr' : 'ip6';
    case 'h':
      return heloName;
    case 'p':
      return validatedName();
    case 'c':
      return canonicalIpv6(address);
    // Whoever receives the mail, and when: nobody yet.
    default:
      return 'unknown';
  }
}

const nibbles = (address: string) =>
  reverseName(address)
    .replace(/\.ip6\.arpa\.?$/, '')
    .split('.')
    .reverse()
    .join('.')
    .toUpperCase();
