import { digestOf } from '../../host/view';
import { isProgram } from '../../role/paths';
import { isObject, type TerraformObject, type TerraformValue } from '../framework/values';

/** States before version 1 had the whole content of the package's own programs. */
export const stateVersion = 1;

/** A state in today's shape; the refresh that follows it tells the version of each program. */
export function upgradeState(state: TerraformObject): TerraformObject {
  if (!isObject(state.files)) return state;
  const files = Object.entries(state.files).map(([path, content]): [string, TerraformValue] => [
    path,
    typeof content === 'string' && isProgram(path) ? digestOf(content) : content,
  ]);
  return { ...state, files: Object.fromEntries(files) };
}
