import type { IMailHost } from '../host/mail-host';
import type { MailServerProps } from './mail-server-props';

/** One of several hosts of the same domains. */
export interface MailServersHost {
  /** The machine. Each host has one of its own. */
  readonly host: IMailHost;

  /**
   * The number before its name in the MX records (RFC 5321 5.1). Senders try the lowest first, and share hosts with the same number
   * out among themselves. `false`: no MX names the host. It still sends, so that its queue can run empty before it is taken away.
   *
   * @default 10
   */
  readonly mxPreference?: number | false;

  /**
   * `smtp_bind_address6` of its sending services.
   *
   * @default - its `publicIpv6`; without one its outgoing mail uses IPv4 only
   */
  readonly bindIpv6?: string;

  /**
   * Names of its two DKIM keys, which no other host may have.
   *
   * @default - the first label of its HELO name with `a` and `b`: `mx1a` and `mx1b`
   */
  readonly dkimSelectors?: readonly string[];
}

/** Everything that is said once for all hosts is as in {@link MailServerProps}. */
export interface MailServersProps extends Omit<MailServerProps, 'host' | 'heloName' | 'mxPreference' | 'bindIpv6' | 'dkim'> {
  /** The hosts by their HELO names, e.g. `{ 'mx1.example.com': { host } }`: at most ten, which is what SPF allows (RFC 7208 4.6.4). */
  readonly hosts: Readonly<Record<string, MailServersHost>>;

  /**
   * Whether a change reaches the hosts one after the other, in the order of `hosts`, or all at once. With `rolling` a change that one
   * host refuses reaches none of those after it.
   *
   * @default rolling
   */
  readonly rollout?: 'rolling' | 'together';

  /**
   * Mail that leaves is signed (DKIM), by each host with keys of its own.
   *
   * @default false - nothing is signed
   */
  readonly dkim?: Omit<Exclude<MailServerProps['dkim'], false | undefined>, 'selectors'> | false;
}
