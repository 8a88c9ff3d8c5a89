import type { TerraformMetaArguments, TerraformResourceConfig } from 'cdktf';
import type { Construct } from 'constructs';
import { comesAfter } from '../private/other-stacks';
import { providerOf } from './mailserver-provider';
import { packageInfo } from './package-info';
import { providerType } from './provider-address';

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
