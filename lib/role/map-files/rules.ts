import { matchedDomain, nameProblem } from '../../net/domain-name';
import { externalNetwork, sameNetwork } from '../../net/ip-address';
import type { Problem } from '../../settings/vocabulary';
import type { RoleSettings } from '../settings';
import { actionProblem, clientKey, heloKey, mailKey } from '../settings/access-map';
import { entryConflicts } from '../settings/conflicts';
import { addressPattern, aliasName, aliasTarget, targetAddress, targetsProblem } from '../settings/mail-address';
import { pcreLine } from '../settings/pcre-table';
import { sameTransportKey, transportKey, transportTarget } from '../settings/transport-map';
import { aliasDomain } from '../virtual-domains';
import { commentBehind, type Entry, keyAndValue, nameAndTargets, splitTargets } from './entry';
import type { MapName } from './names';
import { PLAIN_ENTRIES } from './plain-entries';

/** An entry of a map file, judged. */
export interface JudgedEntry extends Entry {
  /** What is wrong with it; absent: nothing. */
  readonly problem?: string;
}

/** How the entries of one map are judged: by the rules that those in the program are judged by. */
export interface EntryRules {
  judge(text: string): JudgedEntry;
  /** Entries on one line that are good in any case. Key and value are parted by the first white space. */
  readonly plain?: RegExp;
  /** Two keys that are the same to Postfix are the same text after it. Absent: keys are not compared. */
  readonly same?: (key: string) => string;
  /** The domain that an entry has this host accept mail for. */
  readonly domain?: (key: string) => string | undefined;
  /** Every line stands for itself: none continues the one before it. */
  readonly oneLine?: boolean;
}

const lowerCase = (key: string) => key.toLowerCase();

/** The rules for the map; `settings` are those that come from the program. */
export function entryRules(name: MapName, settings: RoleSettings): EntryRules {
  const conflict = entryConflicts(settings);
  const plain = PLAIN_ENTRIES[name];
  switch (name) {
    case 'accessClient':
      return { judge: pair(clientKey, (action) => actionProblem(action, conflict.classes)), same: lowerCase, plain };
    case 'accessHelo':
      return { judge: pair(heloKey, (action) => actionProblem(action, conflict.classes)), same: lowerCase, plain };
    case 'accessRecipient':
    case 'accessSender':
      return { judge: pair(mailKey, (action) => actionProblem(action, conflict.classes)), same: lowerCase, plain };
    case 'canonical':
      return { judge: pair(addressPattern, (value) => commentBehind(value) ?? targetAddress(value)), same: lowerCase, plain };
    case 'transport':
      return { judge: pair(transportKey, transportTarget, conflict.transport), same: sameTransportKey };
    case 'virtualAliases':
      return { judge: virtualEntry, same: lowerCase, plain, domain: (key) => aliasDomain(key)?.toLowerCase() };
    case 'localAliases':
      return { judge: aliasEntry, same: lowerCase };
    case 'relayDomains':
      return { judge: domainEntry(conflict.relayDomain), same: lowerCase, domain: lowerCase };
    case 'externalNetworks':
      return { judge: networkEntry, same: sameNetwork };
    case 'canonicalPcre':
      return { judge: (text) => ({ key: text, value: '', problem: pcreLine(text) }), oneLine: true };
  }
}

function pair(
  keyProblem: Problem,
  valueProblem: Problem,
  conflict?: (key: string, value: string) => string | undefined,
): EntryRules['judge'] {
  return (text) => {
    const { key, value } = keyAndValue(text);
    const problem =
      value === ''
        ? `'${key}' has no second column: expected a key, white space and a value`
        : (keyProblem(key) ?? valueProblem(value) ?? conflict?.(key, value));
    return { key, value, problem };
  };
}

function virtualEntry(text: string): JudgedEntry {
  const { key, value } = keyAndValue(text);
  // virtual(5): of a line that names a domain the second column does not matter.
  if (!key.includes('@') && key.includes('.') && !key.startsWith('"') && value !== '') {
    return { key, value, problem: nameProblem('domain of aliases', key) };
  }
  if (value === '') return { key, value, problem: `'${key}' has no second column: expected an address and its targets` };
  const targets = splitTargets(value);
  const problem =
    addressPattern(key) ?? commentBehind(value) ?? first(targets, targetAddress) ?? targetsProblem(targets)?.message;
  return { key, value, problem };
}

function aliasEntry(text: string): JudgedEntry {
  const entry = nameAndTargets(text);
  if (entry === undefined) return { key: text, value: '', problem: `'${text}' has no colon: expected name: target, target` };
  const { key, value } = entry;
  const targets = splitTargets(value);
  const none = targets.length === 0 ? `'${key}' has no target: expected name: target, target` : undefined;
  const problem = aliasName(key) ?? none ?? commentBehind(value) ?? unclosedQuote(value) ?? first(targets, aliasTarget);
  return { key, value, problem };
}

function unclosedQuote(text: string): string | undefined {
  const quotes = text.match(/(?<!\\)"/g)?.length ?? 0;
  return quotes % 2 === 0 ? undefined : `'${text}' has a quote that is not closed`;
}

function domainEntry(conflict: (key: string) => string | undefined): EntryRules['judge'] {
  return (text) => {
    const { key, value } = keyAndValue(text);
    const another = /^[^\s#]*\w\.\w+$/.test(value.replace(/#.*$/, '').trim().split(/\s+/).at(-1) ?? '');
    const problem =
      matchedDomain(key) ??
      (another ? `'${value}' stands behind '${key}', where it counts for nothing: write one domain a line` : conflict(key));
    return { key, value, problem };
  };
}

function networkEntry(text: string): JudgedEntry {
  const [key = '', ...more] = text.replace(/#.*$/, '').trim().split(/\s+/);
  const problem =
    more.length > 0 && more[0]?.toLowerCase() !== 'ok'
      ? `'${text}': expected one address or network a line`
      : externalNetwork(key);
  return { key, value: more.join(' '), problem };
}

function first(values: readonly string[], rule: Problem): string | undefined {
  for (const value of values) {
    const problem = rule(value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
