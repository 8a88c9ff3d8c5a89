import { createHash } from 'node:crypto';
import type { DesiredState, ManagedFile, Permissions } from './desired-state';
import type { HostFacts, LiveFile } from './host-facts';
import type { HostView } from './host-view';
import { describeList } from './lists/describe';
import { programsOfDesired, programsOfFacts } from './programs-view';
import { isAtRest, serviceState } from './service-state';

const show = ({ owner, group, mode }: Permissions) => `${owner}:${group} ${mode}`;

/** The entries of a record in a stable order, so that a view does not depend on how it came about. */
function record(entries: Iterable<readonly [string, string]>): Record<string, string> {
  return Object.fromEntries([...entries].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Permissions of a file that are not worth a line. */
export const USUAL_PERMISSIONS = 'root:root 0644';

/** Permissions of files, where they are not the usual ones. */
function unusual(files: Iterable<readonly [string, Permissions]>): (readonly [string, string])[] {
  return [...files]
    .map(([path, file]) => [path, show(file)] as const)
    .filter(([, permissions]) => permissions !== USUAL_PERMISSIONS);
}

const isProgram = ({ programs }: DesiredState, path: string) => programs?.folderOf(path) !== undefined;

/** The view of a host that is exactly as desired. Pure. */
export function viewOfDesired(desired: DesiredState): HostView {
  const { lists = [], directories, seeds, packages, groups, users, services, derived, volume } = desired;
  const files = desired.files.filter(({ path }) => !isProgram(desired, path));
  return {
    files: record([
      ...files.map(({ path, content }) => [path, content] as const),
      ...lists.map((list) => [list.path, describeList(list)] as const),
    ]),
    programs: programsOfDesired(desired),
    permissions: record([
      ...directories.map((directory) => [directory.path, show(directory)] as const),
      ...unusual([...files, ...lists].map((file) => [file.path, file])),
    ]),
    created_once: record(seeds.map((seed) => [seed.path, show(seed)])),
    packages: record(packages.map((name) => [name, 'installed'])),
    groups: record(groups.map((group) => [group.name, 'present'])),
    users: record(users.map((user) => [user.name, [...user.groups].sort().join(',')])),
    services: record(services.map((service) => [service.unit, service.state])),
    derived: record(derived.map((item) => [item.name, 'current'])),
    volumes: volume ? { [volume.mountPoint]: volume.volumeId } : {},
  };
}

const instead: Readonly<Record<NonNullable<LiveFile['kind']>, string>> = {
  directory: '(a directory)\n',
  link: '(a symbolic link)\n',
  special: '(not a regular file)\n',
  large: '(more than 1 MiB)\n',
};

/** Content of a file, or words for what is there instead. */
export function showFile({ kind, content }: LiveFile): string {
  return kind ? instead[kind] : content;
}

/** Whether a file of the host has the content that it should have; of a large one only the digest is known. */
export function hasContent({ kind, content, digest }: LiveFile, wanted: ManagedFile): boolean {
  if (kind === undefined) return content === wanted.content;
  return digest !== undefined && digest.sha256 === createHash('sha256').update(wanted.content).digest('hex');
}

/**
 * The view of the live host: of what is desired, and of what has to go (managed files and units that are no longer desired,
 * packages that must be absent). Equal to {@link viewOfDesired} exactly when there is nothing to change. Pure.
 */
export function viewOfFacts(facts: HostFacts, desired: DesiredState): HostView {
  const files = new Map(desired.files.map((file) => [file.path, file]));
  const lists = new Set((desired.lists ?? []).map(({ path }) => path));
  const obsolete = obsoleteFiles(facts, desired);
  const filePaths = [...new Set([...files.keys(), ...lists, ...obsolete])].filter((path) => !isProgram(desired, path));
  const textOf = (path: string, live: LiveFile): string => {
    if (live.digest && lists.has(path)) return describeList(live.digest);
    const wanted = files.get(path);
    return wanted && hasContent(live, wanted) ? wanted.content : showFile(live);
  };
  const liveFiles = filePaths.flatMap((path) => {
    const live = facts.files[path];
    return live ? [[path, live] as const] : [];
  });
  const liveDirectories = desired.directories.flatMap(({ path }) => {
    const live = facts.directories[path];
    return live ? [[path, live] as const] : [];
  });
  return {
    files: record(liveFiles.map(([path, live]) => [path, textOf(path, live)])),
    programs: programsOfFacts(facts, desired, obsolete, hasContent),
    permissions: record([...liveDirectories.map(([path, live]) => [path, show(live)] as const), ...unusual(liveFiles)]),
    // What the service users made of their files is theirs: only the existence counts.
    created_once: record(desired.seeds.filter((seed) => facts.files[seed.path]).map((seed) => [seed.path, show(seed)])),
    packages: record(
      [...desired.packages, ...desired.absentPackages]
        .filter((name) => facts.packages[name] !== undefined)
        .map((name) => [name, 'installed']),
    ),
    groups: record(desired.groups.filter(({ name }) => facts.groups.includes(name)).map(({ name }) => [name, 'present'])),
    users: record(
      desired.users.flatMap((user) => {
        const live = facts.users[user.name];
        return live ? [[user.name, live.groups.filter((group) => user.groups.includes(group)).join(',')] as const] : [];
      }),
    ),
    services: record([
      ...desired.services.map(({ unit }) => [unit, serviceState(facts.units[unit])] as const),
      ...obsoleteUnits(facts, desired).map((unit) => [unit, serviceState(facts.units[unit])] as const),
    ]),
    derived: record([
      ...desired.derived.map(({ name }) => {
        const live = facts.derived[name];
        return [name, live?.current ? 'current' : `stale: ${live?.reason ?? 'not built yet'}`] as const;
      }),
      ...unfinishedChange(facts),
    ]),
    volumes: volumesOfFacts(facts, desired),
  };
}

/** What an apply that is not over has put on the host may be taken back, so there is something to do in any case. */
function unfinishedChange({ transaction }: HostFacts): (readonly [string, string])[] {
  if (transaction === undefined || transaction.over) return [];
  return [['Unfinished change', `${transaction.id} is not over: the next apply waits for its end, or brings it to one`]];
}

/** Files that an earlier apply was in charge of, that are still there and that nobody wants any more. */
export function obsoleteFiles(facts: HostFacts, desired: DesiredState): string[] {
  // A seed may have been a managed file before: then it changes hands and stays.
  const wanted = new Set([...desired.files, ...(desired.lists ?? []), ...desired.seeds].map((file) => file.path));
  return facts.manifest.files.filter((path) => !wanted.has(path) && facts.files[path] !== undefined);
}

/** Units that an earlier apply was in charge of and that still run, would after a reboot, or could not be started by anyone. */
export function obsoleteUnits(facts: HostFacts, desired: DesiredState): string[] {
  const wanted = new Set(desired.services.map((service) => service.unit));
  return facts.manifest.units.filter((unit) => !wanted.has(unit) && !isAtRest(facts.units[unit]));
}

function volumesOfFacts({ volume: live }: HostFacts, { volume }: DesiredState): Record<string, string> {
  if (!volume || !live?.mountPoint) return {};
  const missing = volume.directories.filter((directory) => !live.directories.includes(directory));
  return { [volume.mountPoint]: missing.length === 0 ? volume.volumeId : `${volume.volumeId} without ${missing.join(', ')}` };
}
