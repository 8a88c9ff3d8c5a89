import { normalizeName } from '../../dns';
import type { DnsQuestion } from '../dns';
import type { Known } from '../picture';
import { reportTargets } from './record';
import { findPolicy, policyName, sameOrganization, walk } from './tree-walk';

/** Domains of other organizations that are to get the reports about a domain. */
function foreignTargets(domain: string, known: Known): string[] {
  const policy = findPolicy(domain, known);
  const targets = policy ? reportTargets(policy.record.tags).map(normalizeName) : [];
  return targets.filter((target) => !sameOrganization(target, domain, known));
}

/** Names that must allow reports about `domain` to be sent to other organizations (RFC 9990 3). */
export const reportNames = (domain: string, known: Known): string[] =>
  foreignTargets(domain, known).map((target) => `${normalizeName(domain)}._report._dmarc.${target}`);

/**
 * What has to be asked to judge the DMARC of a domain, as far as can be distinguished from what is known. Answers may lead to further
 * questions; none is left when this is empty.
 */
export function dmarcQuestions(domain: string, known: Known): DnsQuestion[] {
  const own = policyName(domain);
  const names = [own];
  const policy = findPolicy(domain, known);
  const elsewhere = policy
    ? reportTargets(policy.record.tags).filter((target) => normalizeName(target) !== normalizeName(domain))
    : [];
  // Its own policy decides alone, unless it matters whom the reports go to.
  if (known.has({ name: own, type: 'TXT' }) && (policy?.domain !== normalizeName(domain) || elsewhere.length > 0)) {
    names.push(...walk(domain).map(policyName));
  }
  for (const target of elsewhere) names.push(...walk(target).map(policyName));
  const unasked = (list: readonly string[]) =>
    [...new Set(list)].map((name): DnsQuestion => ({ name, type: 'TXT' })).filter((question) => !known.has(question));
  const open = unasked(names);
  // Who is foreign is known only at the end of all walks.
  return open.length > 0 ? open : unasked(reportNames(domain, known));
}
