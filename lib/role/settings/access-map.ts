import { isIPv6 } from 'node:net';
import { nameProblem } from '../../net/domain-name';
import { canonicalAddress, isAddress } from '../../net/ip-network';
import { nearest } from '../../settings/spelling';
import type { Problem } from '../../settings/vocabulary';
import { notEmpty, oneLine } from '../../settings/vocabulary';
import { RESTRICTIONS, RESTRICTIONS_WITH_ARGUMENT } from './restriction-names';

/** Actions of access(5) that stand alone or take a text. */
const ACTIONS: ReadonlySet<string> = new Set(
  'OK REJECT DUNNO DEFER DEFER_IF_REJECT DEFER_IF_PERMIT DISCARD HOLD INFO WARN'.split(' '),
);

/** Actions of access(5) that need something after them: what it has to look like, and an example. */
const ACTIONS_WITH_VALUE: Readonly<Record<string, readonly [RegExp, string]>> = {
  BCC: [/^[^\s@]+@[^\s@]+$/, 'an address, e.g. BCC audit@example.com'],
  FILTER: [/^[^\s:]+:\S*$/, 'a transport and a next hop, e.g. FILTER smtp:[10.0.0.5]:25'],
  PREPEND: [/^[!-9;-~]+:\s*\S/, 'a header line, e.g. PREPEND X-Seen: yes'],
  REDIRECT: [/^[^\s@]+@[^\s@]+$/, 'an address, e.g. REDIRECT audit@example.com'],
};

/** What other programs call the actions. */
const FOREIGN_ACTIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['ACCEPT', 'ALLOW', 'RELAY', 'YES', 'PASS', 'WHITELIST'].map((word) => [word, 'OK'])),
  ...Object.fromEntries(['BLOCK', 'DENY', 'DROP', 'NO', 'BLACKLIST', 'SPAM', 'BAN'].map((word) => [word, 'REJECT'])),
  ...Object.fromEntries(['SKIP', 'IGNORE', 'NONE'].map((word) => [word, 'DUNNO'])),
};

/** The right side of an access map: what to do with who matches. `classes` are restriction classes of main.cf. */
export function actionProblem(value: string, classes: ReadonlySet<string> = new Set()): string | undefined {
  const broken = notEmpty(value) ?? oneLine(value);
  if (broken !== undefined) return broken;
  const [word = '', ...rest] = value.trim().split(/\s+/);
  const name = word.toUpperCase();
  const wanted = ACTIONS_WITH_VALUE[name];
  if (wanted) {
    const [form, what] = wanted;
    return form.test(rest.join(' ')) ? undefined : `'${value}' lacks what ${name} is to be done with: expected ${what}`;
  }
  if (ACTIONS.has(name) || /^[45]\d\d$/.test(word) || (/^\d+$/.test(value.trim()) && !/^[1-9]\d\d$/.test(word))) return undefined;
  return restrictionsProblem(value, classes);
}

/** A list of restrictions, as main.cf has it, in the place of an action. */
function restrictionsProblem(value: string, classes: ReadonlySet<string>): string | undefined {
  const words = value.trim().split(/[\s,]+/);
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    const name = word.toLowerCase();
    if (RESTRICTIONS_WITH_ARGUMENT.has(name)) {
      index++;
      if (words[index] === undefined) return `'${word}' lacks its argument, see postconf(5)`;
    } else if (!RESTRICTIONS.has(name) && !classes.has(name)) return unknownAction(word, index === 0, classes);
  }
  return undefined;
}

function unknownAction(word: string, first: boolean, classes: ReadonlySet<string>): string {
  if (!first)
    return `'${word}' is not a restriction of Postfix, which would put off every mail that matches${meant(word, classes)}`;
  return (
    `'${word}' is not an action of access(5), and Postfix would put off every mail that matches: ` +
    `use e.g. OK, REJECT with a text, DUNNO, DISCARD, HOLD or 550 with a text${meant(word, classes)}`
  );
}

function meant(word: string, classes: ReadonlySet<string>): string {
  const bare = word.replace(/^['"]|['":.!]+$/g, '');
  const known = [...ACTIONS, ...Object.keys(ACTIONS_WITH_VALUE), ...RESTRICTIONS, ...RESTRICTIONS_WITH_ARGUMENT, ...classes];
  const near =
    FOREIGN_ACTIONS[bare.toUpperCase()] ?? (/^[45]\.\d+\.\d+$/.test(bare) ? `${bare.charAt(0)}50 ${bare}` : nearest(bare, known));
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/** What all left sides of access maps have in common. */
const anyKey: Problem = (value) => {
  const broken = notEmpty(value) ?? oneLine(value);
  if (broken !== undefined) return broken;
  if (value.startsWith('#')) return `'${value}' begins with #: Postfix would take the line for a comment`;
  if (/\s/.test(value.trim())) return `'${value}' has white space in it, and Postfix would take what follows for the action`;
  if (value !== value.trim()) return `'${value}' has white space around it: leave it out`;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return nameProblem('key of an access map', value);
  if (/^(['"]).*\1$/.test(value)) return `'${value}' is in quotes: leave them out`;
  if (/^\/.+\/[a-z]*$/i.test(value))
    return `'${value}' is a pattern, which access(5) does not know: name the domain, e.g. example.com`;
  if (/^[^@]*\//.test(value)) {
    return `'${value}' is a network with a prefix length, which access(5) does not know: name whole octets or groups, e.g. 203.0.113 or 2001:db8`;
  }
  if (value.includes('*')) return `'${value}' has a *, which access(5) does not know: name the domain, e.g. example.com`;
  return undefined;
};

/** A domain on the left side; subdomains belong to it. */
function domainKey(value: string): string | undefined {
  const bare = value.replace(/^\.+/, '');
  if (bare !== value && nameProblem('domain', bare, { underscore: true }) === undefined) {
    return `'${value}' begins with a dot and would never match: write '${bare}', its subdomains belong to it`;
  }
  return nameProblem('domain', value, { underscore: true });
}

/** The left side of access-client: a name, a domain, an address, or its first octets or groups. */
export const clientKey: Problem = (value) => {
  const broken = anyKey(value);
  if (broken !== undefined) return broken;
  if (value.includes('@'))
    return `'${value}' is an address of mail, and clients have names and IP addresses: it belongs in accessSender`;
  if (value.startsWith('[')) return `'${value}' has brackets, in which Postfix does not look it up: leave them out`;
  if (/^[0-9.]+$/.test(value)) return ipv4Key(value);
  if (value.includes(':')) return ipv6Key(value);
  return domainKey(value);
};

function ipv4Key(value: string): string | undefined {
  if (value.endsWith('.')) return `'${value}' ends with a dot, and would never match: write '${value.replace(/\.+$/, '')}'`;
  const octets = value.split('.');
  if (octets.length <= 4 && octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255)) return undefined;
  return `'${value}' is not an IPv4 address, nor its first octets: expected e.g. 203.0.113.9 or 203.0.113`;
}

function ipv6Key(value: string): string | undefined {
  if (/^\d+\.\d+\.\d+\.\d+:\d+$/.test(value)) return `'${value}' has a port: leave it out`;
  if (isIPv6(value) && isAddress(value)) {
    if (value.endsWith('::')) {
      return `'${value}' is one address and no network: for all that begin so write '${value.replace(/::$/, '')}'`;
    }
    const canonical = canonicalAddress(value);
    return canonical === value.toLowerCase() ? undefined : `'${value}' is never looked up in this spelling: write '${canonical}'`;
  }
  if (/^([0-9a-f]{1,4}:){0,7}[0-9a-f]{1,4}$/i.test(value) && !/(^|:)0[0-9a-f]/i.test(value)) return undefined;
  return `'${value}' is not an IPv6 address, nor its first groups: expected e.g. 2001:db8::9 or 2001:db8`;
}

/** The left side of access-helo: whatever clients call themselves. */
export const heloKey: Problem = (value) => {
  const broken = anyKey(value);
  if (broken !== undefined) return broken;
  if (value.includes('@')) return `'${value}' is an address of mail, and a HELO name is none: it belongs in accessSender`;
  if (/^\[.*\]$/.test(value) || isAddress(value)) return undefined;
  return domainKey(value);
};

/** The left side of access-sender and access-recipient: `user@domain`, `domain`, `user@` or `<>`. */
export const mailKey: Problem = (value) => {
  if (value === '<>') return undefined;
  const broken = anyKey(value);
  if (broken !== undefined) return broken;
  if (/^mailto:/i.test(value)) return `'${value}' is a link: give only '${value.slice(7)}'`;
  if (/^<.*>$/.test(value)) return `'${value}' has < and > around it: leave them out`;
  if (value.startsWith('@')) return `'${value}' would never match: for every address of a domain write '${value.slice(1)}'`;
  const at = value.lastIndexOf('@');
  if (at < 0) {
    if (isAddress(value)) return `'${value}' is the address of a client: it belongs in accessClient`;
    return domainKey(value);
  }
  if (!value.startsWith('"') && value.indexOf('@') !== at) return `'${value}' has two @: an address has one`;
  return at === value.length - 1 ? undefined : domainKey(value.slice(at + 1));
};
