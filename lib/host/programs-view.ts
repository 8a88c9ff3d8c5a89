import { createHash } from 'node:crypto';
import type { DesiredState, ManagedFile, Permissions } from './desired-state';
import type { HostFacts, LiveFile } from './host-facts';

/** Programs that are named when they differ; the others are counted. */
const mostNamed = 5;

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

const show = ({ owner, group, mode }: Permissions) => `${owner}:${group} ${mode}`;

const isSame = (one: Permissions, other: Permissions) => show(one) === show(other);

/** The package's own programs of a state, by the folder that a view names. */
function programsOf({ programs, files }: DesiredState): Map<string, ManagedFile[]> {
  const found = new Map<string, ManagedFile[]>();
  for (const file of files) {
    const folder = programs?.folderOf(file.path);
    if (folder !== undefined) found.set(folder, [...(found.get(folder) ?? []), file]);
  }
  return found;
}

/** Version and number of the programs of each folder, and a digest of names, permissions and contents: one line for all of them. */
export function programsOfDesired(desired: DesiredState): Record<string, string> {
  const entries = [...programsOf(desired)].map(([folder, files]) => [folder, whole(desired, files)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function whole({ programs }: DesiredState, files: readonly ManagedFile[]): string {
  const content = files.map((file) => `${file.path}\n${show(file)}\n${digest(file.content)}\n`).sort();
  const count = files.length === 1 ? '1 program' : `${files.length} programs`;
  return `${programs?.version}, ${count}, sha256:${digest(content.join(''))}`;
}

/**
 * The same of a live host: equal when nothing differs, else which programs do. A folder without any of them has no entry.
 *
 * @param obsolete paths of files that the host still has and nobody wants any more
 * @param hasContent whether a live file has the content that it should have
 */
export function programsOfFacts(
  facts: HostFacts,
  desired: DesiredState,
  obsolete: readonly string[],
  hasContent: (live: LiveFile, wanted: ManagedFile) => boolean,
): Record<string, string> {
  const wanted = programsOf(desired);
  const left = obsolete.filter((path) => desired.programs?.folderOf(path) !== undefined);
  const folders = [...new Set([...wanted.keys(), ...left.map((path) => desired.programs?.folderOf(path) ?? '')])].sort();
  return Object.fromEntries(
    folders.flatMap((folder): [string, string][] => {
      const files = wanted.get(folder) ?? [];
      const old = left.filter((path) => desired.programs?.folderOf(path) === folder);
      if (old.length === 0 && files.every(({ path }) => facts.files[path] === undefined)) return [];
      const different = [
        ...files.flatMap((file) => difference(facts, file, hasContent)),
        ...old.map((path) => `${path} is left over`),
      ];
      if (different.length === 0) return [[folder, whole(desired, files)]];
      const named = different.slice(0, mostNamed);
      const rest = different.length - named.length;
      return [
        [
          folder,
          `${different.length} of ${files.length + old.length} differ: ${named.join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`,
        ],
      ];
    }),
  );
}

function difference(
  facts: HostFacts,
  file: ManagedFile,
  hasContent: (live: LiveFile, wanted: ManagedFile) => boolean,
): readonly string[] {
  const live = facts.files[file.path];
  if (live === undefined) return [`${file.path} is missing`];
  if (!hasContent(live, file)) return [`${file.path} is another (${live.kind ?? `sha256:${digest(live.content)}`})`];
  return isSame(live, file) ? [] : [`${file.path} is ${show(live)}`];
}
