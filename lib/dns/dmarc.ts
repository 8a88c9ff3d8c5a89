import { group } from '../settings/group';
import { optional } from '../settings/property';
import { distinct, oneOf, text } from '../settings/vocabulary';
import { isWithin, normalizeName } from './names';
import { reportAddress } from './report-address';

const policies = ['none', 'quarantine', 'reject'] as const;
const alignments = ['relaxed', 'strict'] as const;

export const dmarcPolicy = group({
  policy: optional(oneOf(policies)),
  subdomainPolicy: optional(oneOf(policies)),
  reportsTo: optional(distinct(text(reportAddress))),
  spfAlignment: optional(oneOf(alignments)),
  dkimAlignment: optional(oneOf(alignments)),
});

/** What receivers should do with mail that neither SPF nor DKIM prove to be ours, and whom they tell (RFC 9989). */
export interface DmarcPolicy {
  /**
   * `none` only asks for reports, `quarantine` sends such mail to the spam folder, `reject` refuses it. The default stays with
   * `none` as long as SPF is the only proof: forwarded mail would fail.
   *
   * @default none
   */
  readonly policy?: (typeof policies)[number];

  /**
   * The same for subdomains that have no record of their own.
   *
   * @default - as `policy`
   */
  readonly subdomainPolicy?: (typeof policies)[number];

  /**
   * Mail addresses that get the daily reports. In another domain, that domain has to allow it by a record of its own; it is
   * written where the zone is at hand.
   *
   * @default []
   */
  readonly reportsTo?: readonly string[];

  /**
   * Whether the domain of the envelope sender may be a subdomain or parent of the one in `From:`.
   *
   * @default relaxed
   */
  readonly spfAlignment?: (typeof alignments)[number];

  /**
   * Whether the domain of the signature may be a subdomain or parent of the one in `From:`.
   *
   * @default relaxed
   */
  readonly dkimAlignment?: (typeof alignments)[number];
}

/** The DMARC record of a domain; what is the default of the RFC is left out. */
export function dmarcText(policy: DmarcPolicy = {}): string {
  const { reportsTo = [], subdomainPolicy, spfAlignment, dkimAlignment } = policy;
  const tags = [
    'v=DMARC1',
    `p=${policy.policy ?? 'none'}`,
    ...(subdomainPolicy ? [`sp=${subdomainPolicy}`] : []),
    ...(spfAlignment === 'strict' ? ['aspf=s'] : []),
    ...(dkimAlignment === 'strict' ? ['adkim=s'] : []),
    ...(reportsTo.length > 0 ? [`rua=${reportsTo.map((address) => `mailto:${escaped(address)}`).join(',')}`] : []),
  ];
  return tags.join('; ');
}

/** Separators of the record and of its URIs (RFC 9989 4.5). */
const escaped = (address: string) => address.replace(/[,;!%]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);

/** Domains that have to allow reports about `domain` to come to them (RFC 9990 3). */
export function reportDomains(domain: string, { reportsTo = [] }: DmarcPolicy = {}): readonly string[] {
  const domains = reportsTo.map((address) => normalizeName(address.slice(address.lastIndexOf('@') + 1)));
  return [...new Set(domains)].filter((other) => !isWithin(other, domain) && !isWithin(domain, other));
}
