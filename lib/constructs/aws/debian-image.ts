import { DataAwsAmi } from '@cdktf/provider-aws/lib/data-aws-ami';
import type { TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';
import type { Architecture } from './instance-architecture';

/** The AWS account of the Debian project, from which official images are published (wiki.debian.org/Cloud/AmazonEC2Image). */
const debianAccount = '136693071363';

/** The newest official image of the Debian release that the role supports. */
export function newestDebianImage(
  scope: Construct,
  id: string,
  architecture: Architecture,
  provider?: TerraformProvider,
): DataAwsAmi {
  return new DataAwsAmi(scope, id, {
    provider,
    owners: [debianAccount],
    mostRecent: true,
    // AWS calls public images deprecated two years after they were made, and leaves them out of answers unless asked.
    includeDeprecated: true,
    filter: [
      { name: 'name', values: [`debian-13-${architecture}-*`] },
      { name: 'virtualization-type', values: ['hvm'] },
      { name: 'root-device-type', values: ['ebs'] },
    ],
  });
}
