import { Op, type TerraformProvider, TerraformStack, Token } from 'cdktf';
import type { Construct } from 'constructs';

/**
 * Partitions of AWS where a mail host cannot get its reverse name by API: ModifyAddressAttribute is not offered in GovCloud and China
 * ("reverse DNS" in the EC2 guide: by support only there), and isolated regions have no way to the internet. Debian publishes images from
 * another account there, too, or none.
 */
const SPECIAL: readonly (readonly [start: string, name: string])[] = [
  ['us-gov-', 'GovCloud'],
  ['cn-', 'China'],
  ['us-iso', 'an isolated partition'],
  ['eu-iso', 'an isolated partition'],
  ['eusc-', 'the European Sovereign Cloud'],
];

/** Why no mail host can be made in the region; undefined when one can, or when the region is a token. */
export function regionProblem(region: string | undefined): string | undefined {
  if (region === undefined || Token.isUnresolved(region)) return undefined;
  const found = SPECIAL.find(([start]) => region.startsWith(start));
  return found && `region '${region}' is ${found[1]}: ${WHY}`;
}

/** What to do outside of AWS' commercial regions. */
const WHY =
  'reverse names are set there by AWS Support only, which Ec2Host cannot ask; make the machine yourself, have its address named, and hand it over with ExistingHost';

/** The condition that a plan checks where the region is not written in the program; `partition` is a token. */
export function commercialPartition(partition: string): { condition: string; errorMessage: string } {
  return {
    condition: Op.eq(partition, 'aws').toString(),
    errorMessage: `the AWS provider works in the partition '${partition}': ${WHY}`,
  };
}

/** The region that the host's AWS provider names; undefined when it leaves that to the environment. */
export function regionOf(scope: Construct, given: TerraformProvider | undefined): string | undefined {
  const providers = given === undefined ? TerraformStack.of(scope).allProviders() : [given];
  const own = providers.find(
    ({ terraformResourceType, alias }) => terraformResourceType === 'aws' && (given !== undefined || alias === undefined),
  );
  const region: unknown = own && Reflect.get(own, 'region');
  return typeof region === 'string' ? region : undefined;
}
