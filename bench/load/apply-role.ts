import { execFileSync } from 'node:child_process';
import { inOperatorNetwork } from '../../lab/network';
import type { Lab } from '../../lab/system';
import { applyChanges } from '../../lib/host/apply';
import { collectFacts } from '../../lib/host/collect-facts';
import { connectHost } from '../../lib/host/connect';
import { connectionSettings } from '../../lib/host/connection-settings';
import { diff, isEmpty } from '../../lib/host/diff';
import { factsRequest } from '../../lib/host/facts-request';
import { capacityOf } from '../../lib/role/capacity';
import { renderRole } from '../../lib/role/render';
import { roleSettings } from '../../lib/role/settings';

interface Task {
  readonly connection: unknown;
  readonly settings: unknown;
}

/** The first argument of a process that must only apply the role: it runs where the host can be reached. */
export const APPLY = '--apply';

/** The mail role as a push brings it to a host, with what the host's cores and memory allow. */
export async function applyRole(
  lab: Lab,
  host: { readonly address: string; readonly privateKeyPath: string; readonly settings: object },
): Promise<void> {
  const task: Task = {
    connection: { host: host.address, user: 'root', privateKeyPath: host.privateKeyPath },
    settings: host.settings,
  };
  const [file, ...args] = inOperatorNetwork(lab, [process.execPath, process.argv[1] as string, APPLY, JSON.stringify(task)]);
  execFileSync(file, args, { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** The process of its own. */
export async function applyHere(task: string): Promise<void> {
  const { connection: given, settings } = JSON.parse(task) as Task;
  const connect = () => connectHost(connectionSettings.parse(given), {});
  const connection = await connect();
  try {
    const role = roleSettings.parse(settings);
    const first = await collectFacts(connection, factsRequest(renderRole(role, capacityOf(2, 4000, false))));
    const desired = renderRole(role, capacityOf(first.cores, first.memoryMiB, role.antivirus ?? false));
    const changes = diff(first, desired);
    const onProgress = process.env.BENCH_STEPS ? (line: string) => console.log(line) : undefined;
    if (!isEmpty(changes)) await applyChanges({ connection, reconnect: connect, desired, changes, onProgress });
  } finally {
    await connection.close();
  }
}
