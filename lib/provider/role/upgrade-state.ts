import { programFolder } from '../../role/paths';
import { isObject, type TerraformObject, type TerraformValue } from '../framework/values';

/**
 * States before version 1 had the whole content of the package's own programs, those of version 1 a digest and the permissions of each,
 * and of other files the usual permissions as well.
 */
export const stateVersion = 2;

/** A state in today's shape; the refresh that follows it tells the version of the programs. */
export function upgradeState(state: TerraformObject): TerraformObject {
  const { files, permissions } = state;
  const isFile = (path: string) => isObject(files) && Object.hasOwn(files, path);
  return {
    ...state,
    files: without(files ?? null, (path) => programFolder(path) !== undefined),
    permissions: without(
      permissions ?? null,
      (path, shown) => isFile(path) && (programFolder(path) !== undefined || shown === 'root:root 0644'),
    ),
  };
}

function without(map: TerraformValue, isLeftOut: (path: string, value: TerraformValue) => boolean): TerraformValue {
  if (!isObject(map)) return map;
  return Object.fromEntries(Object.entries(map).filter(([path, value]) => !isLeftOut(path, value)));
}
