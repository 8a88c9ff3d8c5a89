import type { Permissions } from './desired-state';

/** What is asked of a host, in one exec. All names and paths come from the desired state and from the host's own manifest. */
export interface FactsRequest {
  readonly paths: readonly string[];
  readonly directories: readonly string[];
  readonly packages: readonly string[];
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly units: readonly string[];
  readonly derived: readonly { readonly name: string; readonly check: string }[];
  readonly volumeId?: string;
}

/** What the host answered: everything the diff and the plan need to know. */
export interface HostFacts {
  readonly os: { readonly id: string; readonly versionId: string; readonly prettyName: string; readonly architecture: string };
  readonly cores: number;
  readonly memoryMiB: number;
  /** Live files: absent ones have no entry. Holds the requested paths and those of the manifest. */
  readonly files: Readonly<Record<string, LiveFile>>;
  readonly directories: Readonly<Record<string, Permissions>>;
  /** Version by name; absent (or only its configuration left): no entry. */
  readonly packages: Readonly<Record<string, string>>;
  readonly users: Readonly<Record<string, { readonly home: string; readonly shell: string; readonly groups: readonly string[] }>>;
  readonly groups: readonly string[];
  readonly units: Readonly<Record<string, UnitFacts>>;
  readonly derived: Readonly<Record<string, { readonly current: boolean; readonly reason: string }>>;
  readonly volume?: { readonly device: string | null; readonly fileSystem: string | null; readonly mountPoint: string | null };
  /** What the last successful apply left in charge of this program; empty on a new host. */
  readonly manifest: Manifest;
}

export interface LiveFile extends Permissions {
  readonly content: string;
}

export interface UnitFacts {
  /** `systemctl is-active`: active, inactive, failed, activating … */
  readonly active: string;
  /** `systemctl is-enabled`: enabled, disabled, masked, static, generated … or `absent`. */
  readonly enabled: string;
}

/** Kept on the host in `/var/lib/mailserver/manifest.json`. */
export interface Manifest {
  /** Managed files (not seeds). One that is no longer desired is removed by the next apply, and the plan shows it. */
  readonly files: readonly string[];
  readonly directories: readonly string[];
  readonly units: readonly string[];
}
