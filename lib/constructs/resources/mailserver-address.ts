import { type TerraformMetaArguments, type TerraformProvider, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import { type AddressSettings, addressSettings, addressSettingsAttributes } from '../../provider/aws/address-settings';
import { checkSettings } from '../synth/check-settings';
import { attributeValues } from './attribute-values';
import { awsOf } from './aws-of-stack';
import { resourceConfig } from './resource-config';

/** The address, and Terraform's meta-arguments. */
export interface MailserverAddressConfig
  extends Omit<AddressSettings, 'aws'>,
    Omit<TerraformMetaArguments, 'connection' | 'provisioners'> {
  /**
   * The AWS provider that the address belongs to: region, profile and role are taken from it.
   *
   * @default - the stack's only AWS provider
   */
  readonly awsProvider?: TerraformProvider;
}

/**
 * The Terraform resource `mailserver_address`: the address that everything else is built on. It is looked up in blocklists when it is
 * new, and an Elastic IP with `allocationId` is released by it.
 */
export class MailserverAddress extends TerraformResource {
  static readonly tfResourceType = 'mailserver_address';

  private readonly settings: AddressSettings;
  private readonly awsProvider?: TerraformProvider;

  constructor(scope: Construct, id: string, config: MailserverAddressConfig) {
    const { count, dependsOn, forEach, lifecycle, provider, awsProvider, ...settings } = config;
    super(scope, id, resourceConfig(scope, MailserverAddress.tfResourceType, { count, dependsOn, forEach, lifecycle, provider }));
    checkSettings(this, addressSettings, settings);
    this.settings = settings;
    this.awsProvider = awsProvider;
  }

  /** What refers to it comes after the look at the blocklists. */
  get address(): string {
    return this.getStringAttribute('address');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    const aws = this.settings.allocationId === undefined ? undefined : awsOf(this, this.awsProvider);
    return attributeValues({ ...this.settings, aws }, addressSettingsAttributes);
  }
}
