/**
 * The common language of plan and host: what is wanted and what is there, in the same words, so that the plan is a
 * comparison and nothing else. These are the computed attributes of `mailserver_role`; Terraform shows their difference.
 */
export interface HostView {
  /** Path to whole content, but for `programs`; of a list only number of lines and digest. */
  readonly files: Readonly<Record<string, string>>;
  /** Folder to version, number and digest of the package's own programs in it; on a host with others, which ones differ. */
  readonly programs: Readonly<Record<string, string>>;
  /** Path to `owner:group mode` of managed directories, and of managed files that are not `root:root 0644`. */
  readonly permissions: Readonly<Record<string, string>>;
  /** Path to `owner:group mode` of the files that belong to the service users. */
  readonly created_once: Readonly<Record<string, string>>;
  /** Name to `installed`; what has to go and is still there says `installed`, and is planned as gone. */
  readonly packages: Readonly<Record<string, string>>;
  /** Group to `present`. */
  readonly groups: Readonly<Record<string, string>>;
  /** User to its groups of interest, `service,clamav`. */
  readonly users: Readonly<Record<string, string>>;
  /** Unit to `running`, `stopped`, `masked`, or what systemd says instead, e.g. `failed`. */
  readonly services: Readonly<Record<string, string>>;
  /** Derived name to `current`, or `stale: reason`. */
  readonly derived: Readonly<Record<string, string>>;
  /** Mount point to volume id; `vol-… without DIRECTORY` when a directory of it is still on the root disk. */
  readonly volumes: Readonly<Record<string, string>>;
}
