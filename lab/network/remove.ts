import type { Lab } from '../system';

/** Removes all network namespaces of the lab, whatever is in them. */
export async function removeNetworks(_lab: Lab): Promise<void> {
  throw new Error('not built yet');
}
