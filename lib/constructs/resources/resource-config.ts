import type { TerraformMetaArguments, TerraformResourceConfig } from 'cdktf';
import type { Construct } from 'constructs';
import { packageInfo } from '../../installer/package-info';
import { providerType } from '../../installer/provider-address';
import { comesAfter } from '../synth/other-stacks';
import { providerOf } from './mailserver-provider';

/** Type, provider and meta-arguments of a resource or data source of this package's provider, as cdktf takes them. */
export function resourceConfig(
  scope: Construct,
  terraformResourceType: string,
  { count, dependsOn, forEach, lifecycle, provider }: TerraformMetaArguments,
): TerraformResourceConfig {
  const { version } = packageInfo();
  return {
    terraformResourceType,
    terraformGeneratorMetadata: { providerName: providerType, providerVersion: version, providerVersionConstraint: version },
    provider: provider ?? providerOf(scope),
    count,
    dependsOn: dependsOn && comesAfter(scope, dependsOn),
    forEach,
    lifecycle,
  };
}
