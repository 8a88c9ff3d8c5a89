import { isIP } from 'node:net';
import { hostNameProblem, normalizeName, sameName } from './names';
import type { DnsRecordSet } from './records';
import { zoneOf } from './zones';

/** A rule of mail DNS that a set of names or records breaks: which value, what is wrong, what to do instead. */
export interface DnsProblem {
  readonly subject: string;
  readonly problem: string;
  readonly fix: string;
}

/** What is known of a mail host's names before anything exists. */
export interface MailNames {
  readonly heloName: string;
  /** Mail domains whose MX is to be written. */
  readonly mailDomains: readonly string[];
  /** Zones that records can be written to. */
  readonly zones: readonly string[];
}

/** Every rule that names alone can break, all of them at once. */
export function nameProblems({ heloName, mailDomains, zones }: MailNames): DnsProblem[] {
  return [
    ...heloNameProblems(heloName, zones),
    ...mailDomains.flatMap((domain) => mailDomainProblems(domain, zones)),
    ...doubles(mailDomains),
  ];
}

function heloNameProblems(heloName: string, zones: readonly string[]): DnsProblem[] {
  const subject = `HELO name "${heloName}"`;
  const form = hostNameProblem(heloName);
  if (form) return [{ subject, problem: form, fix: 'use the full name of this host, e.g. mail.example.com' }];
  return noZone(subject, heloName, zones);
}

function mailDomainProblems(domain: string, zones: readonly string[]): DnsProblem[] {
  const subject = `mail domain "${domain}"`;
  const form = hostNameProblem(domain);
  if (form) return [{ subject, problem: form, fix: 'write the part of the mail addresses after the @' }];
  return noZone(subject, domain, zones);
}

function noZone(subject: string, name: string, zones: readonly string[]): DnsProblem[] {
  if (zoneOf(name, zones)) return [];
  const candidates = zones.length === 0 ? 'there are no zones' : `zones are: ${[...zones].map(normalizeName).sort().join(', ')}`;
  return [{ subject, problem: `it lies in none of the zones (${candidates})`, fix: `add its zone, e.g. "${zoneGuess(name)}"` }];
}

/** The last two labels; right for most names, and only ever a proposal. */
function zoneGuess(name: string): string {
  return normalizeName(name).split('.').slice(-2).join('.');
}

function doubles(domains: readonly string[]): DnsProblem[] {
  return domains
    .filter((domain, index) => domains.findIndex((other) => sameName(other, domain)) !== index)
    .map((domain) => ({
      subject: `mail domain "${domain}"`,
      problem: 'it is listed twice; case and a final dot make no difference',
      fix: 'keep one of them',
    }));
}

/**
 * Every rule that a set of records breaks: an MX that points to an address or to an alias (RFC 5321 5.1, RFC 2181 10.3), an
 * alias beside other records (RFC 1034 3.6.2), more than one name for one address (R31). Values that are not known yet must be
 * left out by the caller.
 */
export function recordProblems(records: readonly DnsRecordSet[]): DnsProblem[] {
  return [
    ...records.flatMap((record) => mxTargetProblems(record, records)),
    ...aliasProblems(records),
    ...records.flatMap(pointerProblems),
  ];
}

function mxTargetProblems(record: DnsRecordSet, records: readonly DnsRecordSet[]): DnsProblem[] {
  if (record.type !== 'MX') return [];
  return record.values.flatMap((value) => {
    const target = value.trim().split(/\s+/)[1] ?? '';
    const subject = `MX of "${record.name}", "${value}"`;
    if (isIP(normalizeName(target)) !== 0) {
      return [{ subject, problem: 'its target is an address', fix: 'name the mail host by its HELO name' }];
    }
    const form = hostNameProblem(target);
    if (form)
      return [{ subject, problem: `its target "${target}" is no host name: ${form}`, fix: 'write "10 mail.example.com."' }];
    const alias = records.find((other) => other.type === 'CNAME' && sameName(other.name, target));
    if (alias) return [{ subject, problem: 'its target is an alias (CNAME)', fix: `name "${alias.values.join(', ')}" itself` }];
    return [];
  });
}

function aliasProblems(records: readonly DnsRecordSet[]): DnsProblem[] {
  return records
    .filter((record) => record.type === 'CNAME')
    .flatMap((alias) => {
      const beside = records.filter((other) => other !== alias && sameName(other.name, alias.name)).map((other) => other.type);
      if (beside.length === 0) return [];
      const problem = `an alias stands beside other records of the same name: ${beside.join(', ')}`;
      return [{ subject: `CNAME "${alias.name}"`, problem, fix: 'give the name an A record instead of the alias' }];
    });
}

function pointerProblems(record: DnsRecordSet): DnsProblem[] {
  if (record.type !== 'PTR' || record.values.length === 1) return [];
  const problem = `the address has ${record.values.length} names: ${record.values.join(', ')}`;
  return [{ subject: `PTR "${record.name}"`, problem, fix: 'keep exactly one, the HELO name' }];
}
