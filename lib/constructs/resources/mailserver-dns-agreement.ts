import { type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import { agreementSettingsAttributes } from '../../provider/dns/attributes';
import { type AgreementSettings, agreementSettings } from '../../provider/dns/settings';
import { checkSettings } from '../synth/check-settings';
import { attributeValues } from './attribute-values';
import { resourceConfig } from './resource-config';

/** What the world is to see, how long to wait for it, and Terraform's meta-arguments. */
export interface MailserverDnsAgreementConfig
  extends AgreementSettings,
    Omit<TerraformMetaArguments, 'connection' | 'provisioners'> {}

/**
 * The Terraform resource `mailserver_dns_agreement`: created and changed once authoritative servers and resolvers answer with these
 * records. What depends on it comes after.
 */
export class MailserverDnsAgreement extends TerraformResource {
  static readonly tfResourceType = 'mailserver_dns_agreement';

  private readonly settings: AgreementSettings;

  constructor(scope: Construct, id: string, config: MailserverDnsAgreementConfig) {
    const { count, dependsOn, forEach, lifecycle, provider, ...settings } = config;
    super(
      scope,
      id,
      resourceConfig(scope, MailserverDnsAgreement.tfResourceType, { count, dependsOn, forEach, lifecycle, provider }),
    );
    checkSettings(this, agreementSettings, settings);
    this.settings = settings;
  }

  /** Unknown to a plan that has something to wait for: what refers to it comes after the agreement. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return attributeValues(this.settings, agreementSettingsAttributes);
  }
}
