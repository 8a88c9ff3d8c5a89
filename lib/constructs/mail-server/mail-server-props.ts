import type { DmarcPolicy, DomainPolicy, SpfPolicy } from '../../dns';
import type { IMailDns } from '../dns/mail-dns';
import type { IMailHost } from '../host/mail-host';
import type { MailRoleProps } from './mail-role-props';

export interface MailServerProps extends Omit<MailRoleProps, 'dkim'> {
  /** The machine: an {@link Ec2Host}, an {@link ExistingHost}, or another one. */
  readonly host: IMailHost;

  /** Where its records are written, e.g. {@link Route53Dns}. */
  readonly dns: IMailDns;

  /**
   * Domains whose MX is written. The others that the host accepts mail for are listed in the output `dns_chain` as yours to set.
   *
   * @default - every domain of `domains`, `relayDomains` and `virtualAliases`
   */
  readonly mxDomains?: readonly string[];

  /**
   * Preference of the MX records, the number before the name (RFC 5321 5.1). It counts only next to the MX of another mail host;
   * for several of yours there is {@link MailServers}.
   *
   * @default 10
   */
  readonly mxPreference?: number;

  /**
   * Who may send in the name of the mail domains. `false` writes no SPF record.
   *
   * @default - this host, nobody else (`v=spf1 mx -all`)
   */
  readonly spf?: SpfPolicy | false;

  /**
   * What receivers should do with mail that is not proven to be of the domain it names. `false` writes no DMARC record.
   *
   * @default - nothing (`v=DMARC1; p=none`)
   */
  readonly dmarc?: DmarcPolicy | false;

  /**
   * Mail that leaves the host in the name of its mail domains and of the HELO name is signed (DKIM). The host makes the keys; their records
   * are written, and a key is used once the world sees its record. `{}` signs with the selectors mta1 and mta2; see
   * docs/authentication.md.
   *
   * @default false - nothing is signed
   */
  readonly dkim?: MailRoleProps['dkim'] | false;

  /**
   * What differs for single mail domains.
   *
   * @default {}
   */
  readonly domainRecords?: Readonly<Record<string, DomainPolicy>>;

  /**
   * The host is given its name only after the whole world agrees on it: authoritative servers and then resolvers are asked, for at
   * most `timeoutSeconds`. Every plan then compares what they say. `false` does neither, where Terraform has no way to ask DNS.
   *
   * @default - ten minutes for the zone's own servers, then as long as resolvers may remember what was before (by the zone's SOA)
   */
  readonly publicDns?: { readonly timeoutSeconds?: number } | false;

  /**
   * Mail servers of others, by name or address, whose port 25 the host tries at the end of an apply. If none can be reached, as at
   * AWS until one has asked for it, the apply warns and says what to ask for. Empty: nothing is tried.
   *
   * @default - servers of four big receivers
   */
  readonly outboundTargets?: readonly string[];

  /**
   * What destroying leaves on the machine: `keep` leaves the mail host running as it is, `stop` stops its services before its names
   * go, `remove` also takes the managed files away.
   *
   * @default - `stop` where the machine goes with the stack, as an {@link Ec2Host} does; otherwise `keep`
   */
  readonly onDestroy?: 'keep' | 'stop' | 'remove';
}
