import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lab, run } from '../system';
import { namespacePrefix } from './names';

/** Where iproute2 keeps named network namespaces. */
const namespaceDir = '/run/netns';

/** Names of all network namespaces of the lab. */
export async function namespacesOf(lab: Lab): Promise<readonly string[]> {
  const names = existsSync(namespaceDir) ? await readdir(namespaceDir) : [];
  return names.filter((name) => name.startsWith(namespacePrefix(lab)));
}

/** Path of a namespace's file. */
export function namespaceFile(name: string): string {
  return join(namespaceDir, name);
}

/** No error when there is none. */
export async function removeNamespace(name: string): Promise<void> {
  if (existsSync(namespaceFile(name))) await run('ip', ['netns', 'del', name]);
}

/** Removes all network namespaces of the lab, whatever is in them. */
export async function removeNetworks(lab: Lab): Promise<void> {
  for (const name of await namespacesOf(lab)) await removeNamespace(name);
}
