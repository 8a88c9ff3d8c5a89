import { TerraformOutput, type TerraformOutputConfig, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

/**
 * An output whose name people can type: the path of the construct in its stack and the output's own name, `mail_dns_chain`.
 * cdktf would add a hash, which is of use to nobody who reads a plan.
 */
export function readableOutput(scope: Construct, name: string, config: TerraformOutputConfig): TerraformOutput {
  const output = new TerraformOutput(scope, name, config);
  const path = scope.node.path.slice(TerraformStack.of(scope).node.path.length + 1);
  output.overrideLogicalId([...path.split('/').filter(Boolean), name].join('_').replace(/[^A-Za-z0-9_-]/g, '_'));
  return output;
}
