import { DataAwsEc2InstanceTypeOfferings } from '@cdktf/provider-aws/lib/data-aws-ec2-instance-type-offerings';
import type { TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';

/**
 * The first zone of the region, in alphabetical order, that offers an instance type: not every zone has every type. Local and
 * Wavelength Zones (`us-west-2-lax-1a`) are left out.
 */
export function offeredZone(scope: Construct, id: string, instanceType: string, provider?: TerraformProvider): string {
  const offerings = new DataAwsEc2InstanceTypeOfferings(scope, id, {
    provider,
    locationType: 'availability-zone',
    filter: [{ name: 'instance-type', values: [instanceType] }],
  });
  offerings.lifecycle = {
    postcondition: [
      {
        condition: '${length(self.locations) > 0}',
        errorMessage: `no zone of this region offers ${instanceType}: choose another instanceType, e.g. t3.medium`,
      },
    ],
  };
  const regular = `[for zone in ${offerings.fqn}.locations : zone if can(regex("^[a-z]+(-[a-z]+)+-[0-9][a-z]$", zone))]`;
  return `\${sort(${regular})[0]}`;
}
