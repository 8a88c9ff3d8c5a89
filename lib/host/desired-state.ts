/**
 * What a host should look like, as plain data. The role renders it (pure), the diff compares it with the facts (pure) and
 * the apply script brings it about. Nothing here knows about mail, and nothing in the role knows about SSH.
 */
export interface DesiredState {
  /** The only operating system this state was written for; every other one is refused before anything changes. */
  readonly os: { readonly id: string; readonly versionId: string };
  /** A persistent volume, mounted before packages are installed so that their data lands on it. */
  readonly volume?: StateVolume;
  readonly groups: readonly SystemGroup[];
  readonly users: readonly SystemUser[];
  /** Installed with Debian's packages; their services do not start before their configuration is in place. */
  readonly packages: readonly string[];
  /** Answers to questions of packages, lines of debconf-set-selections(1), given before they are installed. Default: none. */
  readonly debconf?: readonly string[];
  /** Removed with their configuration (purge), e.g. ClamAV when `antivirus` is switched off. */
  readonly absentPackages: readonly string[];
  readonly directories: readonly ManagedDirectory[];
  /** Owned by the stack: shown in the plan line by line, drift reported and put back. */
  readonly files: readonly ManagedFile[];
  /** Owned by the stack like `files`, and so large that neither plan nor state holds their content. Default: none. */
  readonly lists?: readonly ManagedList[];
  /** Which of `files` are the package's own programs: a view has one line for all of a folder. Default: none. */
  readonly programs?: OwnPrograms;
  /** Owned by the service users: created once, edited on the host, never overwritten (requirement R26). */
  readonly seeds: readonly ManagedFile[];
  /** Run over the candidate tree before anything is swapped; a non-zero exit keeps the old state and fails the apply. */
  readonly validators: readonly Validator[];
  /** What the host computes from files, such as compiled maps. Stale ones are shown in the plan and rebuilt. */
  readonly derived: readonly DerivedState[];
  /** What builds of derived states need and nobody else may see: no part of plan, state, log or view. Default: none. */
  readonly secrets?: readonly Secret[];
  readonly services: readonly ManagedService[];
  /** Must succeed within their deadline after the change, else the host rolls back. */
  readonly probes: readonly Probe[];
}

/** Programs that are the same on every host that has this version of the package. */
export interface OwnPrograms {
  /** What views call the version, e.g. `cdktf-mailserver 1.2.3`. */
  readonly version: string;
  /** The folder under which a view counts the program at a path; nothing for every other path. */
  readonly folderOf: (path: string) => string | undefined;
}

/** Owner, group and mode: `mode` is four octal digits, e.g. `0644`. */
export interface Permissions {
  readonly owner: string;
  readonly group: string;
  readonly mode: string;
}

export interface ManagedDirectory extends Permissions {
  readonly path: string;
}

export interface ManagedFile extends Permissions {
  /** Absolute path on the host. */
  readonly path: string;
  /** The whole content, UTF-8, with a final newline. */
  readonly content: string;
}

/** A large text whose content is in a file of this machine, where Terraform runs. */
export interface ManagedList extends Permissions {
  /** Absolute path on the host. */
  readonly path: string;
  /** Path on this machine. */
  readonly source: string;
  /** Of the content, hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
  readonly lines: number;
}

export interface SystemGroup {
  readonly name: string;
}

export interface SystemUser {
  readonly name: string;
  /** Absolute path; created when the user is. */
  readonly home: string;
  readonly shell: string;
  /** Supplementary groups that must hold the user; other memberships are left alone. */
  readonly groups: readonly string[];
  /** A package's own user (e.g. `clamav`): not created, only its group membership is seen to, after packages are installed. */
  readonly fromPackage?: boolean;
}

/** A block device that outlives the instance. It is formatted only when it holds no file system at all. */
export interface StateVolume {
  /** The volume's id as the cloud spells it (`vol-0abc…`); the device is found by its serial number. */
  readonly volumeId: string;
  readonly mountPoint: string;
  /** Directories that live on the volume and are bind-mounted to their usual path. */
  readonly directories: readonly string[];
}

export interface Validator {
  readonly name: string;
  /**
   * A `sh` command line. `$CANDIDATE` is a tree that holds every managed file of the new state at its absolute path
   * (seeds too, where the host has none yet); what is not in it is unchanged on the host.
   */
  readonly command: string;
}

export interface DerivedState {
  /** Shown in the plan, e.g. `/etc/postfix/main.cf`. */
  readonly name: string;
  /**
   * Exit 0: current; a first output line `warning: TEXT` is shown by plan and apply, `value: TEXT` is a fact for who asked. Anything
   * else: stale, the first output line is the reason. Runs in the facts exec: quick, no side effects.
   */
  readonly check: string;
  /** Brings it up to date; must be atomic and must keep the old state on error. */
  readonly build: string;
}

export interface Secret {
  /** The derived state whose build reads it; it is sent only when that is stale. */
  readonly derived: string;
  /** Name of the file in {@link SECRETS_DIRECTORY}, which is gone when the apply ends, however it ends. */
  readonly name: string;
  readonly content: string;
}

/** Where builds find secrets, for root only; they may leave there what a rollback of the same apply needs. */
export const SECRETS_DIRECTORY = '/var/lib/mailserver/transaction/secrets';

export interface ManagedService {
  readonly unit: string;
  /** `running`: enabled and active. `masked`: cannot be started by anyone, nor enabled by an update of its package. */
  readonly state: 'running' | 'masked';
  /** Paths (exact, or a prefix that ends in `/`) and derived names whose change restarts the unit. */
  readonly restartOn: readonly string[];
  /** The same, for a reload; a restart wins when both match. */
  readonly reloadOn: readonly string[];
  /** Replaces `systemctl reload UNIT`. */
  readonly reloadCommand?: string;
}

export interface Probe {
  readonly name: string;
  /** Retried until it exits 0; its last output line explains a failure. */
  readonly command: string;
  readonly timeoutSeconds: number;
}
