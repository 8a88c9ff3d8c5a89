/** What has to happen on a host so that it becomes what is desired: plain data, made by the diff, brought about by the apply. */
export interface ChangeSet {
  /** The volume is not mounted as it should be, or one of its directories is not on it. */
  readonly volume?: { readonly volumeId: string; readonly reason: string };
  /** Names to create. */
  readonly groups: readonly string[];
  readonly users: readonly UserChange[];
  readonly packages: { readonly install: readonly string[]; readonly purge: readonly string[] };
  /** Paths to create, or whose owner or mode is put right. */
  readonly directories: readonly string[];
  /** Managed before and not wanted any more: removed when they are empty. */
  readonly obsoleteDirectories: readonly string[];
  readonly files: readonly FileChange[];
  /** Paths that the host does not have yet. */
  readonly seeds: readonly string[];
  /** Stale already; what becomes stale through new files is found on the host, after the swap. */
  readonly derived: readonly { readonly name: string; readonly reason: string }[];
  readonly services: readonly ServiceChange[];
  /** The host's manifest does not list exactly what is managed now. */
  readonly manifest: boolean;
  /** The last apply is not over: what was seen of the host may be taken back. */
  readonly unfinished: boolean;
  /** Id of the last apply when the host was looked at: after another one these changes mean nothing. Absent: no apply yet. */
  readonly basedOn?: string;
}

export interface UserChange {
  readonly name: string;
  readonly create: boolean;
  readonly addToGroups: readonly string[];
}

export interface FileChange {
  readonly path: string;
  /** `permissions`: the content is right, owner or mode are not. */
  readonly action: 'create' | 'replace' | 'permissions' | 'remove';
}

export interface ServiceChange {
  readonly unit: string;
  readonly action: 'start' | 'restart' | 'reload' | 'enable' | 'stop' | 'mask' | 'unmask';
  /** Why, e.g. `/etc/postfix/main.cf changed` or `is failed`. */
  readonly reason: string;
}
