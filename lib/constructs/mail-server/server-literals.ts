import { Token } from 'cdktf';
import type { IConstruct } from 'constructs';
import { aliasDomain } from '../../role/virtual-domains';
import { literalRequired } from '../synth/errors';
import { type Literals, requireLiterals } from '../synth/literals';
import type { MailServerProps } from './mail-server-props';

const HAND_OVER = 'hand over what its constructor made';
const LIST = 'write the list; its entries may be known later';
const ALIGNMENT = "write 'relaxed' or 'strict'";
const NAMES = 'records are named after it, so write the names, or say in mxDomains which of them get an MX';

/** What the policy of a domain is made of; texts in it may be known later. */
const policy = (prefix: string): Literals => ({
  [`${prefix}spf`]: 'write the policy as properties, whose entries may be known later, or false',
  [`${prefix}spf.include`]: LIST,
  [`${prefix}spf.addresses`]: LIST,
  [`${prefix}spf.others`]: "write 'fail', 'softfail' or 'neutral'",
  [`${prefix}dmarc`]: 'write the policy as properties, or false',
  [`${prefix}dmarc.reportsTo`]: LIST,
  [`${prefix}dmarc.spfAlignment`]: ALIGNMENT,
  [`${prefix}dmarc.dkimAlignment`]: ALIGNMENT,
});

const always: Literals = {
  heloName: 'every record is named after it, so write the name itself',
  host: HAND_OVER,
  dns: HAND_OVER,
  mxDomains: 'every record is named after its domain, so write the names',
  'mxDomains.*': 'every record is named after its domain, so write the names',
  publicDns: 'resources come and go with it, so write false or its properties',
  ...policy(''),
  dkim: 'records come and go with it, so write false or its properties',
  'dkim.selectors': 'records are named after them, so write the names',
  'dkim.selectors.*': 'records are named after them, so write the names',
  domainRecords: 'records are named after its domains, so write their names',
  'domainRecords.*.dkim': 'records come and go with it, so write false or leave it out',
  'domainRecords.*': 'write the policy as properties',
  'domainRecords.*.txt': LIST,
  ...policy('domainRecords.*.'),
};

/** Every domain gets records, unless `mxDomains` names those that do. */
const named: Literals = {
  domains: NAMES,
  'domains.#': NAMES,
  relayDomains: NAMES,
  'relayDomains.*': NAMES,
  virtualAliases: NAMES,
};

/** Refuses what only the plan knows where records and resources of a mail server are named or made by it. */
export function requireServerLiterals(scope: IConstruct, props: MailServerProps): void {
  requireLiterals(scope, props, props.mxDomains === undefined ? { ...always, ...named } : always);
  if (props.mxDomains === undefined) requireAliasDomains(scope, props.virtualAliases);
  const own = Object.entries(props.domainRecords ?? {}).map(
    ([domain, each]) => [`domainRecords.${domain}.`, each.dmarc] as const,
  );
  for (const [prefix, dmarc] of [['', props.dmarc] as const, ...own]) {
    if (dmarc) requireReportDomains(scope, `${prefix}dmarc.reportsTo`, dmarc.reportsTo);
  }
}

function requireAliasDomains(scope: IConstruct, aliases: MailServerProps['virtualAliases']): void {
  const unknown = Object.keys(aliases ?? {}).some((key) => Token.isUnresolved(key) && isUnknown(aliasDomain(key)));
  if (unknown) throw literalRequired(scope, 'the domain of a key of virtualAliases', NAMES);
}

/** A bare token may be any name. */
const isUnknown = (domain: string | undefined) => domain === undefined || Token.isUnresolved(domain);

/** The domain that reports go to has to allow it by a record of its own. */
function requireReportDomains(scope: IConstruct, path: string, addresses: readonly string[] = []): void {
  if (!Array.isArray(addresses)) return;
  for (const [index, address] of addresses.entries()) {
    const domain = typeof address === 'string' ? address.slice(address.lastIndexOf('@') + 1) : address;
    if (!Token.isUnresolved(domain)) continue;
    throw literalRequired(scope, `${path}.${index}`, 'its domain may have to allow the reports by a record, so write the domain');
  }
}
