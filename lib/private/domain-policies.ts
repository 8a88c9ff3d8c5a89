import type { Construct } from 'constructs';
import * as z from 'zod';
import { asciiName, type DomainPolicy, domainPolicy, normalizeName } from '../dns';
import { namesInvalid } from '../errors';
import { checkSettings } from './check-settings';

/** What {@link MailServerProps} says of the domains' records. */
export interface DomainPolicyProps extends Omit<DomainPolicy, 'txt'> {
  readonly domainRecords?: Readonly<Record<string, DomainPolicy>>;
}

const schema = z.strictObject({
  spf: domainPolicy.shape.spf,
  dmarc: domainPolicy.shape.dmarc,
  domainRecords: z.record(z.string(), domainPolicy).optional(),
});

/**
 * The policy of each mail domain, its own before the common one.
 *
 * @throws MailServerInputError when a policy breaks its rules, or belongs to a domain that is none of `domains`
 */
export function domainPolicies(
  scope: Construct,
  props: DomainPolicyProps,
  domains: readonly string[],
): (domain: string) => DomainPolicy {
  const { spf, dmarc, domainRecords = {} } = props;
  const stated = Object.entries(domainRecords).map(([name, policy]) => [name, withoutFalse(policy)]);
  checkSettings(scope, schema, { ...withoutFalse({ spf, dmarc }), domainRecords: Object.fromEntries(stated) });
  const own = new Map(Object.entries(domainRecords).map(([name, policy]) => [normalizeName(asciiName(name)), policy]));
  const known = new Set(domains);
  const strangers = [...own.keys()].filter((name) => !known.has(name));
  if (strangers.length > 0) {
    throw namesInvalid(
      scope,
      strangers.map((name) => `domainRecords: '${name}' is no mail domain of this host: add it to domains, or leave it out here`),
    );
  }
  return (domain) => {
    const policy = own.get(domain);
    return { spf: policy?.spf ?? spf, dmarc: policy?.dmarc ?? dmarc, txt: policy?.txt };
  };
}

function withoutFalse(policy: object): object {
  return Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== false));
}
