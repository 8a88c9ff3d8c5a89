import { type TerraformCondition, TerraformElement } from 'cdktf';
import type { Construct } from 'constructs';

export interface TerraformCheckConfig {
  /** What has to be true, and the message when it is not; at least one. A condition has to refer to something of the stack. */
  readonly assert: readonly TerraformCondition[];
}

/**
 * Terraform's `check` block (1.5 or later): looked at at the end of every plan and apply, a failure is a warning. The API is the one
 * proposed for CDK Terrain, so that its own construct can take this one's place.
 */
export class TerraformCheck extends TerraformElement {
  constructor(
    scope: Construct,
    id: string,
    private readonly config: TerraformCheckConfig,
  ) {
    super(scope, id, 'check');
    if (config.assert.length === 0) throw new Error(`a check has to assert something (at ${this.node.path})`);
  }

  /** Its address in Terraform. */
  override get fqn(): string {
    return `check.${this.friendlyUniqueId}`;
  }

  override toTerraform(): object {
    const assert = this.config.assert.map(({ condition, errorMessage }) => ({ condition, error_message: errorMessage }));
    return { check: { [this.friendlyUniqueId]: { assert } } };
  }
}
