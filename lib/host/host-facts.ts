import type { DesiredState, Permissions, StateVolume } from './desired-state';

/** What is asked of a host, in one exec. All names and paths come from the desired state and from the host's own manifest. */
export interface FactsRequest {
  /** Every other operating system is refused. */
  readonly os: DesiredState['os'];
  readonly paths: readonly string[];
  /** Those of `paths` of which a digest is enough, however small they are. Default: none. */
  readonly digests?: readonly string[];
  readonly directories: readonly string[];
  readonly packages: readonly string[];
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly units: readonly string[];
  readonly derived: readonly { readonly name: string; readonly check: string }[];
  readonly volume?: StateVolume;
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
  readonly derived: Readonly<Record<string, DerivedFacts>>;
  /** Present when the request named a volume. */
  readonly volume?: VolumeFacts;
  /** What the last successful apply left in charge of this program; empty on a new host. */
  readonly manifest: Manifest;
  /** The last apply that reached the host. Absent: none ever did. */
  readonly transaction?: TransactionFacts;
}

export interface DerivedFacts {
  readonly current: boolean;
  readonly reason: string;
  /** It is current, and yet not as somebody who may write on the host wants it. */
  readonly warning?: string;
  /** What the host made and others need, e.g. a public key. */
  readonly value?: string;
}

export interface TransactionFacts {
  readonly id: string;
  /** Whether it came to its end. What is seen of one that is not over may be taken back. */
  readonly over: boolean;
}

export interface LiveFile extends Permissions {
  /** Decoded as UTF-8; bytes that are not become U+FFFD. Empty unless it is a regular file of at most 1 MiB whose content was asked for. */
  readonly content: string;
  /** What is there when it is not a regular file, or one too large to be read. Default: a readable file. */
  readonly kind?: 'directory' | 'link' | 'special' | 'large';
  /** Of a `large` one of at most 256 MiB. */
  readonly digest?: { readonly sha256: string; readonly lines: number };
}

export interface VolumeFacts {
  /** `null`: no such device is attached. */
  readonly device: string | null;
  /** `null`: the device is blank. */
  readonly fileSystem: string | null;
  /** `null`: not mounted. */
  readonly mountPoint: string | null;
  /** Directories of the request that are on the volume. */
  readonly directories: readonly string[];
}

export interface UnitFacts {
  /** `systemctl is-active`: active, inactive, failed, activating … */
  readonly active: string;
  /** `systemctl is-enabled`: enabled, disabled, masked, static, generated … or `absent`. */
  readonly enabled: string;
}

/** Kept on the host in `/var/lib/mailserver/manifest`. */
export interface Manifest {
  /** Managed files (not seeds). One that is no longer desired is removed by the next apply, and the plan shows it. */
  readonly files: readonly string[];
  readonly directories: readonly string[];
  readonly units: readonly string[];
}
