import { isIP } from 'node:net';
import { mailDomain, nameProblem } from '../net/domain-name';
import { normalizeName, sameName } from './names';
import type { DnsRecordSet } from './records';
import { ZoneFinder } from './zones';

/** What is known of a mail host's names before anything exists. */
export interface MailNames {
  readonly heloName: string;
  /** Mail domains whose MX is to be written. */
  readonly mailDomains: readonly string[];
  /** Zones that records can be written to. */
  readonly zones: readonly string[];
}

/** Every rule that these names break, all of them at once: what is wrong, the value, the likely fix. */
export function nameProblems({ heloName, mailDomains, zones }: MailNames): readonly string[] {
  const finder = new ZoneFinder(zones);
  const known = zones.length === 0 ? 'there are none' : listed([...zones].map(normalizeName).sort());
  const noZone = (kind: string, name: string, fix = ''): readonly string[] =>
    finder.zoneOf(name) === undefined
      ? [`${kind} '${name}' is in none of the zones (${known}): add its zone, e.g. '${zoneGuess(name)}'${fix}`]
      : [];
  const elsewhere = ', or leave it out of mxDomains if its MX is written elsewhere';
  return [
    ...noZone('HELO name', heloName),
    ...mailDomains.flatMap((domain) => mailDomain(domain) ?? noZone('mail domain', domain, elsewhere)),
    ...repeated(mailDomains).map((domain) => `mail domain '${domain}' is listed twice; case makes no difference`),
  ];
}

/** Enough of a long list to know which one is meant. */
function listed(names: readonly string[]): string {
  return names.length <= 12 ? names.join(', ') : `${names.slice(0, 10).join(', ')} and ${names.length - 10} more`;
}

/** The last two labels; right for most names, and only ever a proposal. */
function zoneGuess(name: string): string {
  return normalizeName(name).split('.').slice(-2).join('.');
}

function repeated(domains: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return domains.filter((domain) => {
    const name = normalizeName(domain);
    if (seen.has(name)) return true;
    seen.add(name);
    return false;
  });
}

/**
 * Every rule that a set of records breaks: an MX that points to an address or to an alias (RFC 5321 5.1, RFC 2181 10.3), an
 * alias next to other records (RFC 1034 3.6.2), more than one name for one address (R31). Values that are not known yet must be
 * left out by the caller.
 */
export function recordProblems(records: readonly DnsRecordSet[]): readonly string[] {
  const aliases = records.filter(({ type }) => type === 'CNAME');
  return records.flatMap((record) => [
    ...mailExchangerProblems(record, aliases),
    ...aliasProblems(record, records),
    ...pointerProblems(record),
  ]);
}

function mailExchangerProblems(record: DnsRecordSet, aliases: readonly DnsRecordSet[]): readonly string[] {
  if (record.type !== 'MX') return [];
  return record.values.flatMap((value) => {
    const target = normalizeName(value.trim().split(/\s+/)[1] ?? '');
    const subject = `MX '${value}' of '${record.name}'`;
    if (/^[0-9.]+$|:/.test(target) && isIP(target) !== 0)
      return [`${subject} points to an address: name the mail host by its HELO name`];
    const problem = nameProblem('MX target', target);
    if (problem) return [`${subject}: ${problem}`];
    const alias = aliases.find((other) => sameName(other.name, target));
    return alias ? [`${subject} points to an alias (CNAME): name '${alias.values.join(', ')}' itself`] : [];
  });
}

function aliasProblems(record: DnsRecordSet, records: readonly DnsRecordSet[]): readonly string[] {
  if (record.type !== 'CNAME') return [];
  const others = records.filter((other) => other !== record && sameName(other.name, record.name)).map(({ type }) => type);
  if (others.length === 0) return [];
  return [`CNAME '${record.name}' stands next to ${others.join(', ')} of the same name: give the name an A record instead`];
}

function pointerProblems(record: DnsRecordSet): readonly string[] {
  if (record.type !== 'PTR' || record.values.length === 1) return [];
  return [
    `PTR '${record.name}' has ${record.values.length} names (${record.values.join(', ')}): keep exactly one, the HELO name`,
  ];
}
