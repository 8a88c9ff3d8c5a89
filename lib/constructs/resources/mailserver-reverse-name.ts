import { type TerraformMetaArguments, type TerraformProvider, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import {
  type ReverseNameSettings,
  reverseNameSettings,
  reverseNameSettingsAttributes,
} from '../../provider/aws/reverse-name-settings';
import { checkSettings } from '../synth/check-settings';
import { attributeValues } from './attribute-values';
import { awsOf } from './aws-of-stack';
import { resourceConfig } from './resource-config';

/** The Elastic IP and its name, and Terraform's meta-arguments. */
export interface MailserverReverseNameConfig
  extends Omit<ReverseNameSettings, 'aws'>,
    Omit<TerraformMetaArguments, 'connection' | 'provisioners'> {
  /**
   * The AWS provider that the address belongs to: region, profile and role are taken from it.
   *
   * @default - the stack's only AWS provider
   */
  readonly awsProvider?: TerraformProvider;
}

/** The Terraform resource `mailserver_reverse_name`: the PTR of an Elastic IP, set and taken away with the patience that AWS needs. */
export class MailserverReverseName extends TerraformResource {
  static readonly tfResourceType = 'mailserver_reverse_name';

  private readonly settings: ReverseNameSettings;
  private readonly awsProvider?: TerraformProvider;

  constructor(scope: Construct, id: string, config: MailserverReverseNameConfig) {
    const { count, dependsOn, forEach, lifecycle, provider, awsProvider, ...settings } = config;
    super(
      scope,
      id,
      resourceConfig(scope, MailserverReverseName.tfResourceType, { count, dependsOn, forEach, lifecycle, provider }),
    );
    checkSettings(this, reverseNameSettings, settings);
    this.settings = settings;
    this.awsProvider = awsProvider;
  }

  /** Without final dot. */
  get name(): string {
    return this.getStringAttribute('name');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return attributeValues({ ...this.settings, aws: awsOf(this, this.awsProvider) }, reverseNameSettingsAttributes);
  }
}
