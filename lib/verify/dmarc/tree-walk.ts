import { normalizeName, sameName } from '../../dns';
import type { Known } from '../picture';
import { type DmarcRecord, isDmarc, parseDmarc } from './record';

/** Names that one walk asks at most; a longer name goes on with its last seven labels (RFC 9989 4.10). */
const mostNames = 8;

/** The domains of a tree walk, from the domain itself up to the top-level domain. */
export function walk(domain: string): string[] {
  const labels = normalizeName(domain).split('.');
  const above = labels.slice(labels.length > mostNames ? 1 - mostNames : 1);
  return [labels, ...above.map((_, index) => above.slice(index))].map((each) => each.join('.'));
}

export const policyName = (domain: string) => `_dmarc.${normalizeName(domain)}`;

export interface Policy {
  /** The domain that has it. */
  readonly domain: string;
  /** More than one: receivers apply none. */
  readonly texts: readonly string[];
  readonly record: DmarcRecord;
}

/** The record at a domain, if receivers find one there. */
export function policyAt(domain: string, known: Known): Policy | undefined {
  const texts = known.answer(policyName(domain), 'TXT').values.filter(isDmarc);
  return texts.length === 0 ? undefined : { domain: normalizeName(domain), texts, record: parseDmarc(texts[0] ?? '') };
}

/**
 * The domain that answers for a domain and its neighbours (RFC 9989 4.10.2): the one that says so (`psd=n`), the one below a public
 * suffix that says so (`psd=y`), else the highest that has a record, else the domain itself.
 */
export function organizationalDomain(domain: string, known: Known): string {
  const domains = walk(domain);
  let highest: string | undefined;
  for (const [index, each] of domains.entries()) {
    const policy = policyAt(each, known);
    // Of two records none counts.
    if (!policy || policy.texts.length > 1) continue;
    const psd = policy.record.tags.get('psd')?.toLowerCase();
    if (psd === 'n') return each;
    if (psd === 'y') return index === 0 ? each : (domains[index - 1] ?? each);
    highest = each;
  }
  return highest ?? normalizeName(domain);
}

/** The policy that holds for mail from a domain: its own, that of its organization, or that of the public suffix above. */
export function findPolicy(domain: string, known: Known): Policy | undefined {
  const own = policyAt(domain, known);
  if (own) return own;
  const organization = policyAt(organizationalDomain(domain, known), known);
  if (organization) return organization;
  const suffix = walk(domain).map((each) => policyAt(each, known));
  return suffix.find((policy) => policy?.record.tags.get('psd')?.toLowerCase() === 'y');
}

/** Whether two domains belong to the same organization. */
export const sameOrganization = (a: string, b: string, known: Known): boolean =>
  sameName(a, b) || sameName(organizationalDomain(a, known), organizationalDomain(b, known));
