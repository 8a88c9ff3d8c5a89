import { Sesv2EmailIdentity } from '@cdktf/provider-aws/lib/sesv2-email-identity';
import { Sesv2EmailIdentityMailFromAttributes } from '@cdktf/provider-aws/lib/sesv2-email-identity-mail-from-attributes';
import { Fn, Op, type TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { type DnsRecordSet, keyName } from '../../dns';
import type { DnsRecordProps, IMailDns } from '../dns/mail-dns';
import { lifecycle } from '../synth/lifecycle';
import { TerraformCheck } from '../synth/terraform-check';
import { feedbackHostOf } from './ses-region';

export interface SesIdentityProps {
  readonly dns: IMailDns;
  readonly domain: string;
  readonly mailFrom: string;
  readonly region: string;
  readonly signingZone: string;
  readonly provider?: TerraformProvider;
}

/** Easy DKIM has three keys, of which SES changes one at a time. */
const KEYS = [0, 1, 2];

/** A domain that SES sends for: that it is ours, its signatures, and an envelope sender whose SPF agrees with the From field. */
export class SesIdentity extends Construct {
  readonly identity: Sesv2EmailIdentity;
  readonly mailFrom: Sesv2EmailIdentityMailFromAttributes;
  /** Names of the records of its keys; tokens. */
  readonly keyNames: readonly string[];
  /** Records that nothing in the graph writes; names and values may be tokens. */
  readonly recordsToSet: readonly DnsRecordSet[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: SesIdentityProps,
  ) {
    super(scope, id);
    const { domain, mailFrom, region, signingZone, provider } = props;
    this.identity = new Sesv2EmailIdentity(this, 'Resource', {
      provider,
      emailIdentity: domain,
      dkimSigningAttributes: { nextSigningKeyLength: 'RSA_2048_BIT' },
    });
    const tokens = KEYS.map((index) => Fn.element(this.identity.dkimSigningAttributes.tokens, index) as string);
    this.keyNames = tokens.map((token) => keyName(token, domain));
    const placed = [
      ...tokens.map((token, index) =>
        this.place(`DKIM${index + 1}`, {
          name: this.keyNames[index] as string,
          inZoneOf: domain,
          type: 'CNAME',
          values: [`${token}.${signingZone}.`],
        }),
      ),
      this.place('MX', { name: mailFrom, type: 'MX', values: [`10 ${feedbackHostOf(region)}.`] }),
      // The text of the guide: SES looks for it, and nothing else sends from this name.
      this.place('SPF', { name: mailFrom, type: 'TXT', values: ['v=spf1 include:amazonses.com ~all'] }),
    ];
    this.recordsToSet = placed.flatMap(({ record, managed }) => (managed ? [] : [record]));
    this.mailFrom = new Sesv2EmailIdentityMailFromAttributes(this, 'MailFrom', {
      provider,
      emailIdentity: this.identity.emailIdentity,
      mailFromDomain: mailFrom,
      // A mail whose MAIL FROM domain is out of order is delivered with the one of SES: DKIM still agrees with the From field.
      behaviorOnMxFailure: 'USE_DEFAULT_VALUE',
      dependsOn: placed.slice(KEYS.length).flatMap(({ dependables }) => [...dependables]),
      lifecycle: lifecycle({ precondition: [this.inRegion()] }),
    });
    new TerraformCheck(this, 'Verified', { assert: [this.verified()] });
  }

  private place(id: string, record: DnsRecordProps) {
    const { name, type, values } = record;
    const { dependables, managed } = this.props.dns.addRecord(this, id, record);
    return { record: { name, type, values }, dependables, managed };
  }

  /** Host names and records are those of one region, and an AWS provider may have its own from the environment. */
  private inRegion() {
    const { region } = this.props;
    const here = Fn.element(Fn.split(':', this.identity.arn), 3) as string;
    return {
      condition: Op.eq(here, region).toString(),
      errorMessage: `the AWS provider works in the region '${here}', and SesRelay is made for '${region}': set region to that of the provider`,
    };
  }

  /** A warning, since a mail host must not depend on what somebody changes in DNS. */
  private verified() {
    const { domain, region } = this.props;
    return {
      condition: Op.eq(this.identity.verifiedForSendingStatus, true).toString(),
      errorMessage:
        `SES in ${region} has not verified ${domain} yet, and refuses its mail: it looks for the DKIM records, and finds them within minutes, at most 72 hours, of their being in DNS. ` +
        `Leave login out until then. If it lasts, compare what the records point to with "aws sesv2 get-email-identity --region ${region} --email-identity ${domain} --query DkimAttributes.SigningHostedZone", and set signingZone`,
    };
  }
}
