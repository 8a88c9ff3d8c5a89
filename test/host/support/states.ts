import type { DesiredState } from '../../../lib/host/desired-state';
import type { HostFacts } from '../../../lib/host/host-facts';

/** A desired state that wants nothing. */
export const nothing: DesiredState = {
  os: { id: 'debian', versionId: '13' },
  groups: [],
  users: [],
  packages: [],
  absentPackages: [],
  directories: [],
  files: [],
  seeds: [],
  validators: [],
  derived: [],
  services: [],
  probes: [],
};

/** A host with nothing on it. */
export const bareHost: HostFacts = {
  os: { id: 'debian', versionId: '13', prettyName: 'Debian GNU/Linux 13 (trixie)', architecture: 'x86_64' },
  cores: 2,
  memoryMiB: 4096,
  files: {},
  directories: {},
  packages: {},
  users: {},
  groups: [],
  units: {},
  derived: {},
  manifest: { files: [], directories: [], units: [] },
};

/** Without the parts that say nothing: `[]`, `false`, `undefined`, and records of such. */
export function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => compact(item) ?? item);
  if (typeof value !== 'object' || value === null) return value === false ? undefined : value;
  const entries = Object.entries(value).map(([key, item]) => [key, compact(item)] as const);
  const kept = entries.filter(([, item]) => item !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
