import { Token } from 'cdktf';
import * as z from 'zod/mini';
import { isWithin, sameName } from '../../dns';
import { mailDomain, nameProblem } from '../../net/domain-name';
import { pace, relayLogin } from '../../role/settings/relay';
import { group } from '../../settings/group';
import { optional } from '../../settings/property';
import { distinct, type Problem, text } from '../../settings/vocabulary';
import { awsProvider, mailDns } from '../synth/parts';
import { sesRegionProblem } from './ses-region';

/** One label: SES takes no mail for a domain that is two levels below, as receivers would not see the two as one. */
const label: Problem = (value) =>
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(value)
    ? undefined
    : `'${value}' is not the first part of a name: letters, digits and hyphens, e.g. bounce for bounce.example.com`;

/** Keys of people and machines; SMTP takes no temporary ones (SES guide, "Obtaining SMTP credentials"). */
const accessKey: Problem = (value) => {
  if (/^AKIA[A-Z2-7]{12,}$/.test(value)) return undefined;
  if (/^ASIA/.test(value))
    return `'${value}' is a temporary key, which SMTP does not take: make one with aws iam create-access-key`;
  return `'${value}' is not the id of an access key, which begins with AKIA: it is the user that "mailserver ses-login" prints`;
};

const userName: Problem = (value) =>
  /^[\w+=,.@-]{1,64}$/.test(value)
    ? undefined
    : `'${value}' is not a name for a user of IAM: up to 64 letters, digits and characters of + = , . @ - _`;

const NO_DOMAIN = 'the list is empty: SES would send nothing; name the mail domains that it is to send for';

/** What a SesRelay may be given. */
export const sesRelaySettings = group({
  dns: mailDns,
  domains: distinct(text(mailDomain)).check(z.minLength(1, { error: () => NO_DOMAIN })),
  subdomains: optional(distinct(text(mailDomain))),
  mailFromLabel: optional(text(label)),
  region: optional(text(sesRegionProblem)),
  signingZone: optional(text((value) => nameProblem('zone', value))),
  userName: optional(text(userName)),
  login: optional(z.extend(relayLogin, { user: text(accessKey) })),
  pace: optional(pace),
  provider: optional(awsProvider),
}).check((context) => {
  const { domains = [], subdomains = [], mailFromLabel = DEFAULT_LABEL } = context.value;
  if (Token.isUnresolved(domains) || Token.isUnresolved(subdomains)) return;
  for (const [index, name] of domains.entries()) {
    const parent = domains.find((domain) => sameName(name, `${mailFromLabel}.${domain}`));
    const message = `'${name}' is the MAIL FROM domain of '${parent}', which nobody sends from: set mailFromLabel to another one`;
    if (parent !== undefined) context.issues.push({ code: 'custom', message, input: name, path: ['domains', index] });
  }
  for (const [index, name] of subdomains.entries()) {
    if (typeof name !== 'string' || Token.isUnresolved(name)) continue;
    const message = subdomainProblem(name, domains, mailFromLabel);
    if (message !== undefined) context.issues.push({ code: 'custom', message, input: name, path: ['subdomains', index] });
  }
});

/** The subdomain that takes bounces, as the guide of SES has it in its examples. */
export const DEFAULT_LABEL = 'bounce';

function subdomainProblem(name: string, domains: readonly string[], label: string): string | undefined {
  if (domains.some((domain) => sameName(domain, name))) return `'${name}' is one of domains: leave it out here`;
  const parent = domains.find((domain) => isWithin(name, domain));
  if (parent === undefined) return `'${name}' is not below one of domains, so that SES would refuse its mail: add it to domains`;
  if (!sameName(name, `${label}.${parent}`)) return undefined;
  return `'${name}' is the MAIL FROM domain, which nobody sends from: set mailFromLabel to another one`;
}
