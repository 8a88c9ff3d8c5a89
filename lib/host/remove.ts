import { ApplyLog } from './apply-log';
import type { HostConnection } from './host-connection';
import archive from './remote/archive.sh';
import quietly from './remote/quietly.sh';
import remove from './remote/remove.sh';

/** Stopping a service may take as long as systemd lets it. */
const timeoutSeconds = 900;

/**
 * Takes the role off a host: stops the managed services and removes the managed files after a backup. Packages, mails and the
 * service users' own files stay, and the progress says so.
 *
 * @throws {HostError} `busy` or `failed`
 */
export async function removeRole(connection: HostConnection, onProgress?: (line: string) => void): Promise<void> {
  await run('remove', connection, onProgress);
}

/**
 * Stops the managed services, also for the next boot, and touches nothing else: for a machine that is about to go.
 *
 * @throws {HostError} `busy` or `failed`
 */
export async function stopRole(connection: HostConnection, onProgress?: (line: string) => void): Promise<void> {
  await run('stop', connection, onProgress);
}

async function run(mode: 'remove' | 'stop', connection: HostConnection, onProgress?: (line: string) => void): Promise<void> {
  const log = new ApplyLog(onProgress);
  const { stderr } = await connection.exec(`set -- ${mode}\n${quietly}${archive}${remove}`, {
    timeoutSeconds,
    onLine: (line) => log.take(line),
  });
  for (const line of stderr.split('\n')) log.note(line);
  log.throwUnlessDone(connection.address);
}
