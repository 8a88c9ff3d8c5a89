import type { HostConnection } from './host-connection';
import { HostError } from './host-error';
import type { FactsRequest, HostFacts } from './host-facts';
import { parseFacts, parseOsRelease, splitAnswer } from './parse-facts';
import facts from './remote/facts.sh';
import readFiles from './remote/read-files.sh';
import volume from './remote/volume.sh';
import { assignArguments, assignLines } from './shell';

/** A file that changes in the very moment it is read spoils an answer; more than this in a row is something else. */
const attempts = 3;

/**
 * Asks a host for everything the diff needs, in one exec, and changes nothing on it.
 *
 * @throws {HostError} `unsupportedOs` when it runs something else than the request was made for
 */
export async function collectFacts(connection: HostConnection, request: FactsRequest, signal?: AbortSignal): Promise<HostFacts> {
  const script = factsScript(request);
  let spoilt: unknown;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const result = await connection.exec(script, { signal });
    if (result.code !== 0 && result.stdout.length === 0) {
      throw new HostError('failed', `cannot look at ${connection.address}: ${result.stderr.trim() || `exit ${result.code}`}`);
    }
    try {
      const answer = splitAnswer(result.stdout);
      refuseOtherSystems(connection, request, answer.sections.os ?? '');
      return parseFacts(answer, request);
    } catch (error) {
      if (error instanceof HostError) throw error;
      spoilt = error;
    }
  }
  throw new HostError('failed', `cannot understand the facts of ${connection.address}: ${(spoilt as Error).message}`, {
    cause: spoilt,
  });
}

/** The script with its question in front, as shell assignments. */
export function factsScript(request: FactsRequest): string {
  return [
    assignArguments(request.derived.flatMap(({ name, check }) => [name, check])),
    assignLines('OS_ID', [request.os.id]),
    assignLines('OS_VERSION_ID', [request.os.versionId]),
    assignLines('PATHS', request.paths),
    assignLines('DIGESTS', request.digests ?? []),
    assignLines('DIRECTORIES', request.directories),
    assignLines('PACKAGES', request.packages),
    assignLines('USERS', request.users),
    assignLines('UNITS', request.units),
    assignLines('VOLUME_ID', request.volume ? [request.volume.volumeId] : []),
    volume,
    readFiles,
    facts,
  ].join('');
}

const systemNames: Readonly<Record<string, string>> = { debian: 'Debian' };

function refuseOtherSystems(connection: HostConnection, { os }: FactsRequest, release: string): void {
  const found = parseOsRelease(release);
  if (found.id === os.id && found.versionId === os.versionId) return;
  const wanted = `${systemNames[os.id] ?? os.id} ${os.versionId}`;
  throw new HostError(
    'unsupportedOs',
    `${connection.address} runs ${found.prettyName || 'an unknown system'}, this role is made for ${wanted}: ` +
      `use an image of ${wanted}, or upgrade the host; nothing was changed`,
  );
}
