import { Construct } from 'constructs';
import type { DnsRecordSet } from '../../dns';
import type { IDnsRecord } from '../dns/mail-dns';
import type { ReverseName } from '../host/mail-host';
import type { MailserverDnsAgreement, MailserverRole } from '../resources';
import { chainOf, chainOutput, hostOutputs, recordSet, recordsToSetOutput, unmanaged, verifyOutput } from './describe-server';
import { chainRows } from './dns-chain';
import type { MailAddresses } from './mail-addresses';
import type { MailServerProps } from './mail-server-props';
import { claimDomains, claimForServer } from './only-owner';
import { type DomainRecordsContext, type PlacedRecord, placeDomainRecords, recordsOf } from './place-domain-records';
import { placeHeloSpf, placePublicDns, placeServer } from './place-server';
import type { PublicDns } from './public-dns';
import { planServer } from './server-plan';

/**
 * Makes a host a mail server that others accept mail from. The graph enforces the order of R10: address, A record, PTR, the
 * role with its HELO name, and only then the MX records; on destroy the same backwards. One HELO name drives all of them. For several
 * hosts of the same domains there is {@link MailServers}.
 */
export class MailServer extends Construct {
  /** Normalised: lower case, no final dot. */
  readonly heloName: string;
  /** The A record. */
  readonly addressRecord: IDnsRecord;
  /** The name of the IPv4 address. */
  readonly reverseName: ReverseName;
  /** Ends when the world agrees on name and addresses; absent when nobody asks. */
  readonly agreement?: MailserverDnsAgreement;
  /** What the world sees, looked at in every plan; absent when nobody asks. */
  readonly publicDns?: PublicDns;
  readonly role: MailserverRole;
  /** The MX record of each mail domain. */
  readonly mailExchangers: ReadonlyMap<string, IDnsRecord>;
  /** What is to be set by hand, outside of the graph. Values may be tokens. */
  readonly recordsToSet: readonly DnsRecordSet[];

  constructor(scope: Construct, id: string, props: MailServerProps) {
    super(scope, id);
    const plan = planServer(this, props);
    const { host, dns, heloName, mailDomains, foreignDomains, policyOf } = plan;
    claimForServer(this, { host, heloName });
    claimDomains(this, mailDomains);
    const server = placeServer(this, plan);
    this.heloName = heloName;
    this.addressRecord = (server.names.forward[0] as PlacedRecord).placed;
    this.reverseName = (server.names.reverse[0] as MailAddresses['reverse'][number]).name;
    this.agreement = server.agreement;
    this.role = server.role;

    const { mxPreference, selectors } = plan;
    const context: DomainRecordsContext = {
      dns,
      hosts: [{ heloName, mxPreference, dkimSelectors: selectors }],
      policyOf,
      keys: server.keys.flatMap(({ placed }) => [...placed.dependables]),
    };
    const domains = placeDomainRecords(this, mailDomains, context, [this.role]);
    this.mailExchangers = domains.mailExchangers;
    const heloSpf = domains.mailExchangers.has(heloName) ? [] : placeHeloSpf(server);
    const placed = [...server.keys, ...domains.placed, ...heloSpf];
    const elsewhere = [...domains.foreign, ...foreignDomains.flatMap((domain) => recordsOf(domain, context))];
    this.publicDns = placePublicDns(server, placed, elsewhere);
    this.recordsToSet = [...unmanaged(server, placed), ...elsewhere.map(recordSet)];

    chainOutput(
      this,
      chainRows({
        ...chainOf(server, this.publicDns),
        mailExchangers: this.mailExchangers,
        foreignMailExchangers: elsewhere.filter(({ type }) => type === 'MX'),
      }),
    );
    recordsToSetOutput(this, this.recordsToSet);
    hostOutputs(server);
    verifyOutput(server);
  }
}
