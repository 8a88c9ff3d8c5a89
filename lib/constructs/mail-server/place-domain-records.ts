import { Fn, type ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import {
  type DnsRecordSet,
  type DomainPolicy,
  type DomainRecord,
  domainRecords,
  type HostOfDomains,
  recordProblems,
  ZoneFinder,
} from '../../dns';
import type { IDnsRecord, IMailDns } from '../dns/mail-dns';
import { namesInvalid } from '../synth/errors';

/** A record as it was asked for, and as the graph knows it. */
export interface PlacedRecord {
  readonly record: DnsRecordSet;
  readonly placed: IDnsRecord;
}

/** What the records of the mail domains are made of. */
export interface DomainRecordsContext {
  readonly dns: IMailDns;
  readonly hosts: readonly HostOfDomains[];
  readonly policyOf: (domain: string) => DomainPolicy;
  /** The records of the keys: an alias of what is not there yet is remembered as missing. */
  readonly keys: readonly ITerraformDependable[];
}

/** The records of the mail domains, in the graph or left to their owners. */
export interface PlacedDomains {
  /** Mail domain to its MX record. */
  readonly mailExchangers: ReadonlyMap<string, IDnsRecord>;
  readonly placed: PlacedRecord[];
  /** Records in zones that are not at hand. */
  readonly foreign: readonly DnsRecordSet[];
}

/**
 * Writes what every mail domain needs. Nothing of it exists before the host answers; and since SPF permits whoever the MX names, it
 * follows the MX.
 *
 * @throws MailServerInputError when the records break a rule of mail DNS
 */
export function placeDomainRecords(
  scope: Construct,
  domains: readonly string[],
  context: DomainRecordsContext,
  after: readonly ITerraformDependable[],
): PlacedDomains {
  const records = domains.map((domain) => [domain, recordsOf(domain, context)] as const);
  const problems = recordProblems(records.flatMap(([, sets]) => sets));
  if (problems.length > 0) throw namesInvalid(scope, problems);

  const zones = new ZoneFinder(context.dns.zoneNames);
  const mailExchangers = new Map<string, IDnsRecord>();
  const placed: PlacedRecord[] = [];
  const foreign: DnsRecordSet[] = [];
  for (const [domain, sets] of records) {
    const parent = new Construct(scope, domain);
    let dependsOn = [...after];
    for (const { id, ...record } of sets) {
      if (zones.zoneOf(record.name) === undefined) {
        foreign.push(record);
        continue;
      }
      const needs = record.type === 'CNAME' ? [...dependsOn, ...context.keys] : dependsOn;
      const made = context.dns.addRecord(parent, id, { ...record, dependsOn: needs });
      placed.push({ record, placed: made });
      if (record.type !== 'MX') continue;
      mailExchangers.set(domain, made);
      if (made.dependables.length > 0) dependsOn = [...made.dependables];
    }
  }
  return { mailExchangers, placed, foreign };
}

/** The records of one domain, whoever writes them. */
export function recordsOf(
  domain: string,
  { hosts, policyOf }: Pick<DomainRecordsContext, 'hosts' | 'policyOf'>,
): readonly DomainRecord[] {
  return domainRecords({ domain, hosts, policy: policyOf(domain), familyOf });
}

/** Terraform tells the family of an address that it fills in. */
function familyOf(address: string): string {
  if (!Token.isUnresolved(address)) return address.includes(':') ? 'ip6' : 'ip4';
  return Token.asString(Fn.conditional(Fn.strcontains(address, ':'), 'ip6', 'ip4'));
}
