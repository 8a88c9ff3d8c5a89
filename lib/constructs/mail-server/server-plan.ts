import type { IConstruct } from 'constructs';
import { type DomainPolicy, nameProblems, normalizeName } from '../../dns';
import { roleAttributes } from '../../provider/role/attributes';
import { type RoleSettings, roleSettings } from '../../role/settings';
import { dkimSelectors } from '../../role/settings/dkim';
import type { SmartHost } from '../../verify/subject';
import type { IMailDns } from '../dns/mail-dns';
import type { IMailHost } from '../host/mail-host';
import { readMapFiles } from '../resources/map-files';
import { checkSecrets, checkSettings } from '../synth/check-settings';
import { namesInvalid } from '../synth/errors';
import { given as defined } from '../synth/given';
import { ownTokens } from '../synth/own-tokens';
import { asciiNames, asciiRole } from './ascii-role';
import { derivedSettings } from './derived-settings';
import { domainPolicies } from './domain-policies';
import { acceptedDomains, domainsWithKnownRecipients, domainsWithSubdomains } from './mail-domains';
import type { MailServerProps } from './mail-server-props';
import { mailServerSettings } from './mail-server-settings';
import { sendersElsewhere } from './senders-elsewhere';
import { requireServerLiterals } from './server-literals';
import { smartHostsOf, withoutKeyNames, withSmartHosts } from './smart-hosts';

/** A mail server as its properties ask for it: checked, and with everything that follows from them. Names are normalised. */
export interface ServerPlan {
  readonly host: IMailHost;
  readonly dns: IMailDns;
  readonly heloName: string;
  readonly mxPreference?: number;
  /** Of the role, as the host gets them. */
  readonly settings: RoleSettings;
  /** Domains whose records are written, as far as their zones are at hand. */
  readonly mailDomains: readonly string[];
  /** Domains that mail is accepted for although their MX is written elsewhere. */
  readonly foreignDomains: readonly string[];
  readonly domainsWithSubdomains: readonly string[];
  readonly domainsWithKnownRecipients: readonly string[];
  readonly policyOf: (domain: string) => DomainPolicy;
  readonly spf: MailServerProps['spf'];
  readonly smartHosts: readonly SmartHost[];
  /** Of the DKIM keys; none where nothing is signed. */
  readonly selectors: readonly string[];
  /** Absent when nobody asks DNS. */
  readonly publicDns?: { readonly timeoutSeconds?: number };
  readonly outboundTargets?: readonly string[];
  readonly onDestroy?: MailServerProps['onDestroy'];
}

/**
 * Checks properties and completes them.
 *
 * @throws MailServerInputError with everything that is wrong with them
 */
export function planServer(scope: IConstruct, props: MailServerProps): ServerPlan {
  requireServerLiterals(scope, props);
  const {
    host,
    dns,
    mxDomains,
    mxPreference: preference,
    spf,
    dmarc,
    dkim,
    domainRecords,
    publicDns,
    outboundTargets,
    onDestroy,
    ...given
  } = props;
  const own = { host, dns, mxDomains, mxPreference: preference, publicDns, outboundTargets, onDestroy };
  checkSettings(scope, mailServerSettings, defined(own));
  const { mxPreference } = ownTokens(mailServerSettings, own as never) as MailServerProps;
  // What Terraform fills in stands for the value that it will be.
  const role = asciiRole(ownTokens(roleSettings, { ...given, dkim: dkim || undefined } as RoleSettings));
  const settings: RoleSettings = { ...role, ...derivedSettings(host, role) };
  checkSecrets(scope, roleAttributes, settings);
  checkSettings(scope, roleSettings, settings);
  const maps = readMapFiles(scope, { ...settings, heloName: normalizeName(role.heloName) });
  const accepted = acceptedDomains(role, maps);
  const wanted = mxDomains ? asciiNames(mxDomains) : accepted;
  const problems = nameProblems({ heloName: role.heloName, mailDomains: wanted, zones: dns.zoneNames });
  if (problems.length > 0) throw namesInvalid(scope, problems);
  const mailDomains = wanted.map(normalizeName);
  const foreignDomains = accepted.map(normalizeName).filter((domain) => !new Set(mailDomains).has(domain));
  const all = [...mailDomains, ...foreignDomains];
  const policyOf = domainPolicies(scope, { spf, dmarc, domainRecords }, all);
  const smartHosts = smartHostsOf(role);
  return {
    host,
    dns,
    heloName: normalizeName(role.heloName),
    mxPreference,
    settings: withoutKeyNames({
      ...settings,
      sendersElsewhere: sendersElsewhere(role.sendersElsewhere, all, (domain) => policyOf(domain).spf),
    }),
    mailDomains,
    foreignDomains,
    domainsWithSubdomains: domainsWithSubdomains(role, maps),
    domainsWithKnownRecipients: domainsWithKnownRecipients(role),
    policyOf: (domain) => withSmartHosts(policyOf(domain), domain, smartHosts),
    spf,
    smartHosts,
    selectors: role.dkim ? dkimSelectors(role.dkim) : [],
    publicDns: publicDns === false ? undefined : { ...publicDns },
    outboundTargets,
    onDestroy,
  };
}
