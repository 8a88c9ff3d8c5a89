import { readFileSync } from 'node:fs';
import { collectFacts } from '../lib/host/collect-facts';
import { connectHost } from '../lib/host/connect';
import { diff, isEmpty } from '../lib/host/diff';
import { factsRequest } from '../lib/host/facts-request';
import { manifestOf } from '../lib/host/manifest';
import type { CheckTask } from './check-task';

/** All the code that a check needs is in use when it ends. */
export const isWarm = () => true;

async function main(): Promise<void> {
  const task = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as CheckTask;
  const begin = performance.now();
  const connection = await connectHost(task.connection);
  try {
    const facts = await collectFacts(connection, factsRequest(task.desired));
    // What a part of the role leaves out is not to be removed.
    const changes = diff(task.partial ? { ...facts, manifest: manifestOf(task.desired) } : facts, task.desired);
    if (!isEmpty(changes)) throw new Error(`the host is not in its desired state: ${JSON.stringify(changes).slice(0, 2000)}`);
  } finally {
    await connection.close();
  }
  console.log((performance.now() - begin) / 1000);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
