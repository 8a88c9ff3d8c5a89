import type { ManagedList } from '../../host/desired-state';
import type { ListComparison } from '../../host/lists/compare';
import { describeList } from '../../host/lists/describe';
import { harmless } from '../../text/harmless';
import type { Diagnostic } from '../framework/diagnostics';
import type { ResourceContext } from '../framework/resource';
import { isObject, isWhollyKnown, type TerraformObject } from '../framework/values';
import { addressOf } from './machine-identity';
import { knownJumpHostKey } from './private-notes';
import type { HostAccess, RoleResourceParts } from './role-logic';
import { knownRoleValues } from './role-values';

/** Changed lines that a plan shows; the others are counted. */
const shownLines = 40;
/** Characters of each. */
const longestLine = 200;
/** Whoever plans has just looked at the host; a second look does not wait for it. Seconds. */
const timeoutSeconds = 10;

/** Hosts that this process has looked at: a plan without a refresh looks at none, and neither does the plan within an apply. */
const seen = new WeakMap<HostAccess, Set<string>>();

export function noteLook(host: HostAccess, address: string): void {
  const addresses = seen.get(host) ?? new Set<string>();
  seen.set(host, addresses.add(address));
}

/**
 * The changed lines of lists. The plan itself only has their number and digest, since all of it is kept in the state; what is shown here
 * is kept nowhere.
 *
 * @param prior the state as the refresh found the host
 */
export async function listChanges(
  lists: readonly ManagedList[],
  prior: TerraformObject,
  config: TerraformObject,
  { signal, privateState }: ResourceContext & { readonly privateState: Parameters<typeof knownJumpHostKey>[0] },
  { host }: RoleResourceParts,
): Promise<readonly Diagnostic[]> {
  const { files, host_key: hostKey } = prior;
  if (!isObject(files) || typeof hostKey !== 'string' || !isWhollyKnown(config.ssh ?? null)) return [];
  const { ssh } = knownRoleValues(config).own;
  if (!seen.get(host)?.has(addressOf(ssh))) return [];
  const changed = lists.filter((list) => Object.hasOwn(files, list.path) && files[list.path] !== describeList(list));
  if (changed.length === 0) return [];
  try {
    const expectedJumpHostKey = knownJumpHostKey(privateState, ssh);
    const connection = await host.connectHost(ssh, { expectedHostKey: hostKey, expectedJumpHostKey, timeoutSeconds, signal });
    try {
      const diagnostics: Diagnostic[] = [];
      for (const list of changed) diagnostics.push(changeOf(list, await host.compareList(connection, list, signal)));
      return diagnostics;
    } finally {
      await connection.close();
    }
  } catch (thrown) {
    const detail = `They could not be compared with the host: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    return [{ severity: 'warning', summary: `lines of ${changed.map(({ path }) => path).join(', ')} change`, detail }];
  }
}

function changeOf(list: ManagedList, comparison: ListComparison): Diagnostic {
  const { path, source, lines } = list;
  if (comparison.kind === 'lines') {
    const { removed, added } = comparison;
    if (removed.length + added.length === 0) {
      return warning(`the lines of ${path} change their order`, `${source} has the lines that the host has, in another order.`);
    }
    return warning(
      `${path}: ${counted(added.length, 'line')} added, ${removed.length} removed`,
      `${source}, compared with the host:\n${shown(removed, added)}`,
    );
  }
  const detail =
    comparison.kind === 'many'
      ? `${source} with its ${lines} lines differs from the host in so many places that they are not listed.`
      : `${source} cannot be compared with what the host has there.`;
  return warning(`lines of ${path} change`, detail);
}

const warning = (summary: string, detail: string): Diagnostic => ({ severity: 'warning', summary, detail });

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The lines as a diff; the two of one entry stand together. */
function shown(removed: readonly string[], added: readonly string[]): string {
  const keyOf = (line: string) => line.split(/[\s:]/, 1)[0]?.toLowerCase() ?? '';
  const coming = new Map<string, string[]>();
  for (const line of added) coming.set(keyOf(line), [...(coming.get(keyOf(line)) ?? []), line]);
  const all: string[] = [];
  for (const line of removed) {
    all.push(`- ${line}`, ...(coming.get(keyOf(line)) ?? []).map((other) => `+ ${other}`));
    coming.delete(keyOf(line));
    if (all.length > shownLines) break;
  }
  const rest = [...coming.values()].flat().map((line) => `+ ${line}`);
  const total = removed.length + added.length;
  const most = [...all, ...rest].slice(0, shownLines).map((line) => `  ${harmless(line, longestLine)}`);
  return [...most, ...(total > most.length ? [`  … and ${total - most.length} more`] : [])].join('\n');
}
