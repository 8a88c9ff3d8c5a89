import type { ChangeSet, FileChange, ServiceChange, UserChange } from './change-set';
import type { DesiredState, ManagedFile, ManagedList, ManagedService, Permissions } from './desired-state';
import { HostError } from './host-error';
import type { HostFacts, LiveFile } from './host-facts';
import { manifestOf, sameManifest } from './manifest';
import { serviceState } from './service-state';
import { hasContent, obsoleteFiles, obsoleteUnits } from './view';

/**
 * What has to change on a host with these facts. Pure.
 *
 * @throws {HostError} `refused` when something is in the way that is not replaced without being asked
 */
export function diff(facts: HostFacts, desired: DesiredState): ChangeSet {
  const files = fileChanges(facts, desired);
  const seeds = desired.seeds.map((seed) => seed.path).filter((path) => facts.files[path] === undefined);
  const derived = desired.derived.flatMap(({ name }) => {
    const live = facts.derived[name];
    return live?.current ? [] : [{ name, reason: live?.reason ?? 'not built yet' }];
  });
  const touched = [...files.map((file) => file.path), ...seeds, ...derived.map((item) => item.name)];
  return {
    volume: volumeChange(facts, desired),
    groups: desired.groups.map((group) => group.name).filter((name) => !facts.groups.includes(name)),
    users: userChanges(facts, desired),
    packages: {
      install: desired.packages.filter((name) => facts.packages[name] === undefined),
      purge: desired.absentPackages.filter((name) => facts.packages[name] !== undefined),
    },
    directories: desired.directories
      .filter((directory) => !samePermissions(directory, facts.directories[directory.path]))
      .map((directory) => directory.path),
    obsoleteDirectories: facts.manifest.directories
      .filter((path) => !desired.directories.some((directory) => directory.path === path))
      .sort()
      .reverse(),
    files,
    seeds,
    derived,
    services: [
      ...obsoleteUnits(facts, desired).map((unit) => {
        const action = serviceState(facts.units[unit]) === 'masked' ? 'unmask' : 'stop';
        return { unit, action, reason: 'no longer wanted' } as const;
      }),
      ...desired.services.flatMap((service) => serviceChange(facts, service, touched)),
    ],
    manifest: !sameManifest(facts.manifest, manifestOf(desired)),
    unfinished: facts.transaction?.over === false,
    basedOn: facts.transaction?.id,
  };
}

/** True when there is nothing to do. */
export function isEmpty(changes: ChangeSet): boolean {
  const { volume, packages, manifest, unfinished, groups, users, directories, files, seeds, derived, services } = changes;
  const lists = [packages.install, packages.purge, groups, users, directories, files, seeds, derived, services];
  return volume === undefined && !manifest && !unfinished && lists.every((list) => list.length === 0);
}

function samePermissions(wanted: Permissions, live: Permissions | undefined): boolean {
  return live !== undefined && live.owner === wanted.owner && live.group === wanted.group && live.mode === wanted.mode;
}

function fileChanges(facts: HostFacts, desired: DesiredState): FileChange[] {
  const changes = [
    ...desired.files.flatMap((file) => fileChange(facts, file, (live) => hasContent(live, file))),
    ...(desired.lists ?? []).flatMap((list) => fileChange(facts, list, (live) => live.digest?.sha256 === list.sha256)),
  ];
  return [...changes, ...obsoleteFiles(facts, desired).map((path) => ({ path, action: 'remove' }) as const)];
}

function fileChange(facts: HostFacts, file: ManagedFile | ManagedList, isSame: (live: LiveFile) => boolean): FileChange[] {
  const { path } = file;
  const live = facts.files[path];
  if (live === undefined) return [{ path, action: 'create' }];
  if (live.kind === 'directory') {
    throw new HostError('refused', `${path} is a directory on the host and must become a file: move it away and apply again`);
  }
  if (!isSame(live)) return [{ path, action: 'replace' }];
  return samePermissions(file, live) ? [] : [{ path, action: 'permissions' }];
}

function userChanges(facts: HostFacts, desired: DesiredState): UserChange[] {
  return desired.users.flatMap((user) => {
    const live = facts.users[user.name];
    const addToGroups = user.groups.filter((group) => !live?.groups.includes(group));
    const create = live === undefined && user.fromPackage !== true;
    return live && addToGroups.length === 0 ? [] : [{ name: user.name, create, addToGroups }];
  });
}

function serviceChange(facts: HostFacts, service: ManagedService, touched: readonly string[]): ServiceChange[] {
  const { unit, state } = service;
  const live = serviceState(facts.units[unit]);
  if (state === 'masked') return live === 'masked' ? [] : [{ unit, action: 'mask', reason: `is ${live}` }];
  if (live !== 'running' && live !== 'running, not enabled') return [{ unit, action: 'start', reason: `is ${live}` }];
  const restart = matching(service.restartOn, touched);
  if (restart !== undefined) return [{ unit, action: 'restart', reason: `${restart} changed` }];
  const reload = matching(service.reloadOn, touched);
  if (reload !== undefined) return [{ unit, action: 'reload', reason: `${reload} changed` }];
  return live === 'running' ? [] : [{ unit, action: 'enable', reason: `is ${live}` }];
}

/** The first touched path or derived name that one of the patterns names: exactly, or as a prefix that ends in `/`. */
function matching(patterns: readonly string[], touched: readonly string[]): string | undefined {
  return touched.find((name) =>
    patterns.some((pattern) => name === pattern || (pattern.endsWith('/') && name.startsWith(pattern))),
  );
}

function volumeChange({ volume: live }: HostFacts, { volume }: DesiredState): ChangeSet['volume'] {
  if (!volume) return undefined;
  const { volumeId, mountPoint, directories } = volume;
  if (!live?.device) return { volumeId, reason: 'not attached yet' };
  if (!live.fileSystem) return { volumeId, reason: 'blank, will be formatted' };
  if (!live.mountPoint) return { volumeId, reason: `not mounted on ${mountPoint}` };
  const missing = directories.find((directory) => !live.directories.includes(directory));
  return missing === undefined ? undefined : { volumeId, reason: `${missing} is not on it` };
}
