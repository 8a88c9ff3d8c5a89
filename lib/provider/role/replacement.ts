import { isWhollyKnown, type TerraformObject } from '../framework/values';
import { isSameMachine } from './machine-identity';

/** What tells the machine that a plan creates the role on from others. */
export type CreatedOn = Pick<TerraformObject, 'ssh' | 'instance_id'>;

/**
 * The machine of a planned create, for the delete that comes before it: Terraform replaces a resource (`-replace`, `taint`) by the two,
 * and gives both the notes of that plan. On one machine there is nothing to take away in between. The create is a change like any other,
 * and one that is refused leaves the host as it was. Undefined while the machine is not known.
 */
export function createdOn({ ssh = null, instance_id = null }: TerraformObject): CreatedOn | undefined {
  const machine = { ssh, instance_id };
  return isWhollyKnown(machine) ? machine : undefined;
}

/** Whether what is deleted is created again, on the same machine, in the same apply. */
export function isReplaced(prior: TerraformObject, next: CreatedOn | undefined): boolean {
  return next !== undefined && isSameMachine(prior, next);
}
