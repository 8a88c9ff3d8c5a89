import type { TerraformResourceLifecycle } from 'cdktf';

/** A lifecycle block, or none where there is nothing to say: cdktf would write an empty one. */
export function lifecycle(rules: TerraformResourceLifecycle): TerraformResourceLifecycle | undefined {
  return Object.values(rules).some((rule) => rule !== undefined) ? rules : undefined;
}
