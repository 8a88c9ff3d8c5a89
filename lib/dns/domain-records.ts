import * as z from 'zod/mini';
import { group } from '../settings/group';
import { optional } from '../settings/property';
import { list, notEmpty, text } from '../settings/vocabulary';
import { expected } from '../settings/wrong-type';
import { keyAliasRecord } from './dkim';
import { type DmarcPolicy, dmarcPolicy, dmarcText, reportDomains } from './dmarc';
import { normalizeName, sameName } from './names';
import { type DnsRecordSet, mailExchangerRecord } from './records';
import { type SpfPolicy, spfPolicy, spfText } from './spf';

/** {@link DomainPolicy} where `false` was left out: there is nothing to check about it. */
export const domainPolicy = group({
  spf: optional(spfPolicy),
  dmarc: optional(dmarcPolicy),
  dkim: optional(z.literal(false, { error: expected('false, or nothing') })),
  txt: optional(list(text(notEmpty))),
});

/** What a mail domain says about mail that is sent in its name. */
export interface DomainPolicy {
  /**
   * Who may send. `false` writes no SPF record.
   *
   * @default - this host, nobody else
   */
  readonly spf?: SpfPolicy | false;

  /**
   * What becomes of mail that is not proven to be ours. `false` writes no DMARC record.
   *
   * @default - `p=none`
   */
  readonly dmarc?: DmarcPolicy | false;

  /**
   * `false` writes no records for signatures (DKIM): mail of the domain is not signed here.
   *
   * @default - as `dkim` of the mail server
   */
  readonly dkim?: false;

  /**
   * Further texts at the domain itself, e.g. of a site verification. All texts of a name are one set of records, so those that stand
   * in addition to SPF go here. With `spf: false` one of them may be an SPF record (`v=spf1 …`) that you write yourself.
   *
   * @default []
   */
  readonly txt?: readonly string[];
}

/** One of the records of a mail domain; `id` names it within the domain, and in Terraform's state. */
export interface DomainRecord extends DnsRecordSet {
  readonly id: string;
}

/** A host that takes mail of a domain, and sends it. */
export interface HostOfDomains {
  readonly heloName: string;
  /** False: it only sends. Default: 10. */
  readonly mxPreference?: number | false;
  /** Selectors of its DKIM keys. Default: it does not sign. */
  readonly dkimSelectors?: readonly string[];
}

/** What the records of a domain are made of. */
export interface DomainSubject {
  readonly domain: string;
  readonly hosts: readonly HostOfDomains[];
  readonly policy?: DomainPolicy;
  /** Default: told by the look of an address. */
  readonly familyOf?: (address: string) => string;
}

/** One kind of record. Every kind is a line of this list and a file of its own. */
const kinds: readonly ((subject: DomainSubject) => readonly DomainRecord[])[] = [mailExchanger, texts, dmarc, dkim];

/** The records that a mail domain needs to receive mail here, and to be believed when it sends. */
export function domainRecords(subject: DomainSubject): readonly DomainRecord[] {
  return kinds.flatMap((kind) => kind(subject));
}

function mailExchanger({ domain, hosts }: DomainSubject): readonly DomainRecord[] {
  return [{ id: 'MX', ...mailExchangerRecord(domain, hosts) }];
}

function texts({ domain, hosts, policy: { spf, txt = [] } = {}, familyOf }: DomainSubject): readonly DomainRecord[] {
  const onlySending = hosts.filter(({ mxPreference }) => mxPreference === false).map(({ heloName }) => heloName);
  const values = [...(spf === false ? [] : [spfText(spf, { familyOf, onlySending })]), ...txt];
  return values.length === 0 ? [] : [{ id: 'SPF', name: normalizeName(domain), type: 'TXT', values }];
}

function dkim({ domain, hosts, policy }: DomainSubject): readonly DomainRecord[] {
  if (policy?.dkim === false) return [];
  return hosts
    .filter(({ heloName }) => !sameName(domain, heloName))
    .flatMap(({ heloName, dkimSelectors = [] }) =>
      dkimSelectors.map((selector) => ({ id: `DKIM-${selector}`, ...keyAliasRecord(selector, domain, heloName) })),
    );
}

function dmarc({ domain, policy: { dmarc: policy } = {} }: DomainSubject): readonly DomainRecord[] {
  if (policy === false) return [];
  const name = normalizeName(domain);
  const permits = reportDomains(name, policy).map(
    (other): DomainRecord => ({
      id: `DMARC-reports-${other}`,
      name: `${name}._report._dmarc.${other}`,
      type: 'TXT',
      values: ['v=DMARC1'],
    }),
  );
  return [{ id: 'DMARC', name: `_dmarc.${name}`, type: 'TXT', values: [dmarcText(policy)] }, ...permits];
}
