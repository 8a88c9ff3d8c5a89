import type { Lab } from '../system';

/** Makes the internet switch with the operator's addresses. */
export async function ensureInternet(_lab: Lab): Promise<void> {
  throw new Error('not built yet');
}

/** The command that runs `command` in the operator's namespace (198.51.100.1): `[file, ...args]` for spawn. */
export function inOperatorNetwork(_lab: Lab, command: readonly string[]): [string, ...string[]] {
  return ['nsenter', ...command];
}
