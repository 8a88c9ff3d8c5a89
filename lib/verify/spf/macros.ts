import { isIPv4 } from 'node:net';
import { reverseName } from '../../dns';

export interface MacroValues {
  readonly sender: string;
  readonly domain: string;
  readonly address: string;
  readonly heloName: string;
}

/** Longest name that an expansion may give; labels on the left are dropped until it fits (RFC 7208 7.3). */
const maxName = 253;

/** Fills the macros of a domain-spec in (RFC 7208 7). */
export function expandMacros(text: string, values: MacroValues): string {
  const expanded = text.replace(
    /%(?:([%_-])|\{([a-z])(\d*)(r?)([.\-+,/_=]*)\})/gi,
    (_, plain: string | undefined, letter: string, digits: string, reverse: string, delimiters: string) => {
      if (plain !== undefined) return { '%': '%', _: ' ', '-': '%20' }[plain] ?? '';
      const separator = new RegExp(`[${(delimiters || '.').replace(/[\]\\^-]/g, '\\$&')}]`);
      let parts = macroValue(letter.toLowerCase(), values).split(separator);
      if (reverse) parts = parts.reverse();
      return (digits === '' ? parts : parts.slice(-Number(digits))).join('.');
    },
  );
  const excess = expanded.length - maxName;
  if (excess <= 0) return expanded;
  const dot = expanded.indexOf('.', excess - 1);
  return dot < 0 ? '' : expanded.slice(dot + 1);
}

function macroValue(letter: string, { sender, domain, address, heloName }: MacroValues): string {
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
      return isIPv4(address) ? address : reverseName(address).replace('.ip6.arpa', '').split('.').reverse().join('.');
    case 'v':
      return isIPv4(address) ? 'in-addr' : 'ip6';
    case 'h':
      return heloName;
    default:
      return 'unknown';
  }
}
