import { USUAL_PERMISSIONS } from '../../host/view';
import { isObject, type TerraformValue } from '../framework/values';

/**
 * A view leaves usual permissions out. Where a plan puts them back, it says so: `"root:root 0666" -> "root:root 0644"`, and not that
 * something goes. The refresh after it leaves them out again.
 *
 * @param permissions of a view
 * @param files of the same view
 * @param before as the last refresh found them, or as a plan promised them
 */
export function spelledOut(
  permissions: TerraformValue | undefined,
  files: TerraformValue | undefined,
  before: TerraformValue | undefined,
): TerraformValue {
  if (!isObject(permissions) || !isObject(files) || !isObject(before)) return permissions ?? null;
  const back = Object.keys(before).filter((path) => Object.hasOwn(files, path) && !Object.hasOwn(permissions, path));
  return { ...permissions, ...Object.fromEntries(back.map((path) => [path, USUAL_PERMISSIONS])) };
}
