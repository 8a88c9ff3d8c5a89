import { type ITerraformDependable, TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';

/** Whether two constructs are in one stack. */
export const isSameStack = (one: IConstruct, other: IConstruct): boolean => TerraformStack.of(one) === TerraformStack.of(other);

/**
 * What a resource has to come after, as far as it is in the same stack. The rest is in stacks that are deployed before this one, and
 * destroyed after it: Terraform knows no order across states.
 */
export function comesAfter(scope: IConstruct, dependables: readonly ITerraformDependable[]): ITerraformDependable[] {
  const stack = TerraformStack.of(scope);
  return dependables.filter((dependable) => {
    if (!Construct.isConstruct(dependable) || isSameStack(scope, dependable)) return true;
    stack.addDependency(TerraformStack.of(dependable));
    return false;
  });
}

/** Where something is made that has to come after what the mail server makes: next to it, where the owner is in another stack. */
export function besideServer(owner: Construct, server: Construct | undefined): Construct {
  return server === undefined || isSameStack(owner, server) ? owner : server;
}
