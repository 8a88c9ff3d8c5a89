import type { IMailDns } from './mail-dns';
import type { IMailHost } from './mail-host';
import type { MailRoleProps } from './mail-role-props';

export interface MailServerProps extends MailRoleProps {
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
   * Preference of the MX records; of several mail hosts the one with the lowest is tried first.
   *
   * @default 10
   */
  readonly mxPreference?: number;

  /**
   * What destroying leaves on a machine that outlives the stack: `keep` leaves the mail host running as it is, `remove` stops its
   * services and takes the managed files away.
   *
   * @default keep
   */
  readonly onDestroy?: 'keep' | 'remove';
}
