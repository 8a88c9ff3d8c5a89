import { type IResolvable, TerraformDataSource, type TerraformMetaArguments } from 'cdktf';
import type { Construct } from 'constructs';
import { dnsSettingsAttributes } from '../../provider/dns/attributes';
import { type DnsSettings, dnsSettings } from '../../provider/dns/settings';
import { checkSettings } from '../synth/check-settings';
import { attributeValues } from './attribute-values';
import { resourceConfig } from './resource-config';

/** What the world is to see, and Terraform's meta-arguments. */
export interface DataMailserverDnsConfig extends DnsSettings, Omit<TerraformMetaArguments, 'connection' | 'provisioners'> {}

/** The Terraform data source `mailserver_dns`: what the world sees, next to what it is to see. */
export class DataMailserverDns extends TerraformDataSource {
  static readonly tfResourceType = 'mailserver_dns';

  private readonly settings: DnsSettings;

  constructor(scope: Construct, id: string, config: DataMailserverDnsConfig) {
    const { count, dependsOn, forEach, lifecycle, provider, ...settings } = config;
    super(scope, id, resourceConfig(scope, DataMailserverDns.tfResourceType, { count, dependsOn, forEach, lifecycle, provider }));
    checkSettings(this, dnsSettings, settings);
    this.settings = settings;
  }

  /** Whether every row agrees. */
  get agreed(): IResolvable {
    return this.getBooleanAttribute('agreed');
  }

  /** What stands against it, one line for each server that says otherwise. */
  get problems(): string[] {
    return this.getListAttribute('problems');
  }

  /** One value of a row: `A NAME`, `AAAA NAME`, `PTR IPv4`, `PTR IPv6`, or one of `records`. */
  row(key: string, value: 'expected' | 'live' | 'verdict'): string {
    return this.interpolationForAttribute(`rows[${JSON.stringify(key)}].${value}`).toString();
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return attributeValues(this.settings, dnsSettingsAttributes);
  }
}
