import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import * as z from 'zod/mini';
import { asciiName, type DomainPolicy, domainPolicy, normalizeName } from '../../dns';
import { group } from '../../settings/group';
import { optional } from '../../settings/property';
import { described } from '../../settings/wrong-type';
import { isSpf, parseSpf } from '../../verify/spf/parse';
import { checkSettings } from '../synth/check-settings';
import { namesInvalid, settingsInvalid } from '../synth/errors';
import { ownTokens } from '../synth/own-tokens';

/** What {@link MailServerProps} says of the domains' records. */
export interface DomainPolicyProps extends Omit<DomainPolicy, 'txt' | 'dkim'> {
  readonly domainRecords?: Readonly<Record<string, DomainPolicy>>;
}

const schema = group({
  spf: domainPolicy.shape.spf,
  dmarc: domainPolicy.shape.dmarc,
  domainRecords: optional(
    z.record(z.string(), domainPolicy, {
      error: ({ input }) => `expected policies by mail domain, e.g. { 'example.com': { spf: false } }, got ${described(input)}`,
    }),
  ),
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
  checkSettings(scope, schema, {
    ...withoutFalse({ spf: props.spf, dmarc: props.dmarc }),
    domainRecords: statedPolicies(props.domainRecords ?? {}),
  });
  const { spf, dmarc, domainRecords = {} } = ownTokens(schema, props as z.infer<typeof schema>) as DomainPolicyProps;
  const own = new Map(Object.entries(domainRecords).map(([name, policy]) => [normalizeName(asciiName(name)), policy]));
  const known = new Set(domains);
  const twice = repeated(Object.keys(domainRecords));
  if (twice) throw namesInvalid(scope, [`domainRecords: '${twice[0]}' and '${twice[1]}' are the same domain: leave one out`]);
  const strangers = [...own.keys()].filter((name) => !known.has(name));
  if (strangers.length > 0) {
    throw namesInvalid(
      scope,
      strangers.map(
        (name) => `domainRecords: '${name}' is not a mail domain of this host: add it to domains, or leave it out here`,
      ),
    );
  }
  const policyOf = (domain: string): DomainPolicy => {
    const policy = own.get(domain);
    return { spf: policy?.spf ?? spf, dmarc: policy?.dmarc ?? dmarc, dkim: policy?.dkim, txt: policy?.txt };
  };
  const problems = Object.keys(domainRecords).flatMap((name) =>
    ownSpfProblems(policyOf(normalizeName(asciiName(name)))).map(
      ({ index, message }) => `domainRecords.${name}.txt.${index}: ${message}`,
    ),
  );
  if (problems.length > 0) throw settingsInvalid(scope, problems);
  return policyOf;
}

/** A domain has one SPF record (RFC 7208 4.5), and receivers give up on one that they cannot read. */
function ownSpfProblems({ spf, txt = [] }: DomainPolicy): readonly { readonly index: number; readonly message: string }[] {
  const records = [...txt.entries()].filter(([, text]) => isSpf(text.trim()));
  return records.flatMap(([index, text], place) => {
    if (spf !== false) {
      return [{ index, message: `'${text}': a second SPF record makes both void: say it in spf instead` }];
    }
    if (place > 0) return [{ index, message: `'${text}': a second SPF record makes both void: leave one out` }];
    if (Token.isUnresolved(text)) return [];
    const { problems } = parseSpf(text.trim());
    return problems.length > 0
      ? [{ index, message: `'${text}': receivers refuse the whole SPF record: ${problems.join('; ')}` }]
      : [];
  });
}

function repeated(names: readonly string[]): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  for (const name of names) {
    const ascii = normalizeName(asciiName(name));
    const before = seen.get(ascii);
    if (before !== undefined) return [before, name];
    seen.set(ascii, name);
  }
  return undefined;
}

/** What is not a map of policies is left as it is, for the check to tell. */
function statedPolicies(policies: unknown): unknown {
  if (typeof policies !== 'object' || policies === null || Array.isArray(policies)) return policies;
  return Object.fromEntries(Object.entries(policies).map(([name, policy]) => [name, withoutFalse(policy)]));
}

function withoutFalse<T>(policy: T): T | object {
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) return policy;
  return Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== false && value !== undefined));
}
