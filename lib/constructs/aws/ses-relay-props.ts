import type { TerraformProvider } from 'cdktf';
import type { IMailDns } from '../dns/mail-dns';

export interface SesRelayProps {
  /** Where the records of the domains are written, e.g. {@link Route53Dns}. */
  readonly dns: IMailDns;

  /** Domains that SES sends for. Each becomes an identity of SES, with three DKIM records and a MAIL FROM domain below it. */
  readonly domains: readonly string[];

  /**
   * Names below `domains` that mail is sent from, too, such as the HELO name: the identity of the domain covers them. Mail of subdomains
   * that are not named takes another way.
   *
   * @default []
   */
  readonly subdomains?: readonly string[];

  /**
   * SES sends with an envelope sender below `LABEL.example.com`, so that SPF agrees with the From field. Nothing else may use that name.
   *
   * @default bounce
   */
  readonly mailFromLabel?: string;

  /**
   * Region of SES, the one that the AWS provider works in. Written out where the provider takes its region from the environment.
   *
   * @default - the region of the AWS provider
   */
  readonly region?: string;

  /**
   * Zone that the DKIM records point to, where SES names another one than usual: `SigningHostedZone` of
   * `aws sesv2 get-email-identity --email-identity DOMAIN`, which the AWS provider does not hand on.
   *
   * @default - dkim.amazonses.com, in some regions dkim.REGION.amazonses.com
   */
  readonly signingZone?: string;

  /**
   * Name of the IAM user whose access key the login is made of. It may send mail of these domains and do nothing else.
   *
   * @default - ses-REGION-DOMAIN, with the first of the domains
   */
  readonly userName?: string;

  /**
   * The login, as `mailserver ses-login` prints it; see docs/ses.md. `password` is in no state, plan, log or argument.
   *
   * @default - none yet: domains are made ready, and mail leaves as if there was no SesRelay
   */
  readonly login?: {
    /** Id of the access key, `AKIA…`. */
    readonly user: string;
    /** From a sensitive, ephemeral variable or another token. */
    readonly password: string;
    /** Raise it with every new password. @default 1 */
    readonly passwordVersion?: number;
  };

  /**
   * How fast SES gets mail. An account in the sandbox takes one a second.
   *
   * @default - `outgoingPace` of the mail server
   */
  readonly pace?: { readonly connections?: number; readonly secondsBetweenMails?: number };

  /**
   * The AWS provider, where it is not the stack's only one.
   *
   * @default - the stack's only AWS provider
   */
  readonly provider?: TerraformProvider;
}
