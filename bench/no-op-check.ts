import { readFileSync } from 'node:fs';
import { collectFacts } from '../lib/host/collect-facts';
import { connectHost } from '../lib/host/connect';
import { diff, isEmpty } from '../lib/host/diff';
import { factsRequest } from '../lib/host/facts-request';
import type { CheckTask } from './check-task';

/** One no-op role check as a process of its own: start, connect, all facts, compare. Exits 1 when something would change,
 * else prints the seconds without the start of the process. */
async function main(): Promise<void> {
  const task = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as CheckTask;
  const begin = performance.now();
  const connection = await connectHost(task.connection);
  try {
    const changes = diff(await collectFacts(connection, factsRequest(task.desired)), task.desired);
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
