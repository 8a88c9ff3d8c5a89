import type { DesiredState } from './desired-state';
import type { FactsRequest } from './host-facts';

/** What has to be known of a host before it can be compared with the desired state. */
export function factsRequest(desired: DesiredState): FactsRequest {
  const lists = (desired.lists ?? []).map(({ path }) => path);
  return {
    os: desired.os,
    paths: [...[...desired.files, ...desired.seeds].map((file) => file.path), ...lists],
    digests: lists,
    directories: desired.directories.map((directory) => directory.path),
    packages: [...desired.packages, ...desired.absentPackages],
    users: desired.users.map((user) => user.name),
    groups: [...new Set([...desired.groups.map((group) => group.name), ...desired.users.flatMap((user) => user.groups)])],
    units: desired.services.map((service) => service.unit),
    derived: desired.derived.map(({ name, check }) => ({ name, check })),
    volume: desired.volume,
  };
}
