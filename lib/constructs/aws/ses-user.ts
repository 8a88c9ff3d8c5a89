import { IamUser } from '@cdktf/provider-aws/lib/iam-user';
import { IamUserPolicy } from '@cdktf/provider-aws/lib/iam-user-policy';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';

export interface SesUserProps {
  readonly name: string;
  /** Of the identities that it may send for. */
  readonly identities: readonly string[];
  readonly provider?: TerraformProvider;
}

/**
 * Who logs in at SES. Its access key is made outside of Terraform, whose resource for it would keep the secret in the state; so destroy
 * has to take keys away that the state does not know.
 */
export class SesUser extends Construct {
  readonly user: IamUser;

  constructor(scope: Construct, id: string, { name, identities, provider }: SesUserProps) {
    super(scope, id);
    this.user = new IamUser(this, 'Resource', { provider, name, forceDestroy: true });
    new IamUserPolicy(this, 'Policy', {
      provider,
      user: this.user.name,
      name: 'send',
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'ses:SendRawEmail', Resource: identities }],
      }),
    });
  }
}
