import { type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import { delegationSettingsAttributes } from '../../provider/dns/attributes';
import { type DelegationSettings, delegationSettings } from '../../provider/dns/settings';
import { checkSettings } from '../synth/check-settings';
import { attributeValues } from './attribute-values';
import { resourceConfig } from './resource-config';

/** Zones with their name servers, how long to wait, and Terraform's meta-arguments. */
export interface MailserverDelegationConfig
  extends DelegationSettings,
    Omit<TerraformMetaArguments, 'connection' | 'provisioners'> {}

/** The Terraform resource `mailserver_delegation`: over once the world is sent to the zones' own name servers. */
export class MailserverDelegation extends TerraformResource {
  static readonly tfResourceType = 'mailserver_delegation';

  private readonly settings: DelegationSettings;

  constructor(scope: Construct, id: string, config: MailserverDelegationConfig) {
    const { count, dependsOn, forEach, lifecycle, provider, ...settings } = config;
    super(
      scope,
      id,
      resourceConfig(scope, MailserverDelegation.tfResourceType, { count, dependsOn, forEach, lifecycle, provider }),
    );
    checkSettings(this, delegationSettings, settings);
    this.settings = settings;
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return attributeValues(this.settings, delegationSettingsAttributes);
  }
}
