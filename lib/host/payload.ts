import type { ChangeSet } from './change-set';
import type { DesiredState, ManagedList, Permissions } from './desired-state';
import { formatManifest, manifestOf } from './manifest';
import accounts from './remote/apply/accounts.sh';
import applyUnit from './remote/apply/apply-unit.conf';
import common from './remote/apply/common.sh';
import files from './remote/apply/files.sh';
import lists from './remote/apply/lists.sh';
import main from './remote/apply/main.sh';
import packages from './remote/apply/packages.sh';
import rollback from './remote/apply/rollback.sh';
import rollbackUnit from './remote/apply/rollback-unit.conf';
import services from './remote/apply/services.sh';
import stateVolume from './remote/apply/state-volume.sh';
import archive from './remote/archive.sh';
import volume from './remote/volume.sh';

/** One member of the tar that carries a change to the host. A name that ends in `/` is a directory. */
export interface PayloadEntry {
  readonly name: string;
  readonly content?: string | Buffer;
  readonly mode: number;
}

/** A list that changes, and how the host makes it of what it has. */
export interface ListDelta {
  readonly list: ManagedList;
  readonly delta: Buffer;
}

export interface Transaction {
  /** Names the backup as well, so it sorts by time: `20261122T184200Z-3f9a`. */
  readonly id: string;
  /** How long the host waits for the confirmation before it puts the old state back. */
  readonly confirmationSeconds: number;
}

const scripts: Readonly<Record<string, string>> = {
  'accounts.sh': accounts,
  'archive.sh': archive,
  'common.sh': common,
  'files.sh': files,
  'lists.sh': lists,
  'mailserver-apply.service': applyUnit,
  'mailserver-rollback.service': rollbackUnit,
  'main.sh': main,
  'packages.sh': packages,
  'rollback.sh': rollback,
  'services.sh': services,
  'state-volume.sh': stateVolume,
  'volume.sh': volume,
};

/** Everything `remote/apply/main.sh` reads, as the members of a tar. Pure. */
export function payload(
  desired: DesiredState,
  changes: ChangeSet,
  transaction: Transaction,
  lists: readonly ListDelta[] = [],
): PayloadEntry[] {
  const candidate = [...desired.files, ...desired.seeds.filter((seed) => changes.seeds.includes(seed.path))];
  return [
    ...['plan/', 'commands/', 'lib/', 'secrets/', 'lists/'].map((name) => ({ name, mode: 0o700 })),
    { name: 'candidate/', mode: 0o755 },
    ...texts('lib', scripts),
    ...texts('plan', {
      ...plan(desired, changes, transaction, [...candidate, ...lists.map(({ list }) => list)]),
      lists: table(lists.map(({ list }, index) => [String(index), list.sha256, list.path])),
    }),
    ...texts('commands', commands(desired)),
    ...candidate.map(({ path, content }) => ({ name: `candidate${path}`, content, mode: 0o600 })),
    ...lists.map(({ delta }, index) => ({ name: `lists/${index}`, content: delta, mode: 0o600 })),
    ...(desired.secrets ?? [])
      .filter((secret) => changes.derived.some((stale) => stale.name === secret.derived))
      .map(({ name, content }) => ({ name: `secrets/${name}`, content, mode: 0o600 })),
    // The last member: a payload without it was cut short.
    { name: 'complete', content: `${transaction.id}\n`, mode: 0o600 },
  ];
}

function texts(folder: string, contents: Readonly<Record<string, string>>): PayloadEntry[] {
  return Object.entries(contents).map(([name, content]) => ({ name: `${folder}/${name}`, content, mode: 0o600 }));
}

function plan(
  desired: DesiredState,
  changes: ChangeSet,
  transaction: Transaction,
  candidate: readonly (Permissions & { readonly path: string })[],
): Record<string, string> {
  const managed = manifestOf(desired);
  const permissions = ({ mode, owner, group, path }: DesiredState['directories'][number]) => [mode, owner, group, path];
  return {
    id: table([[transaction.id]]),
    confirmation: table([[String(transaction.confirmationSeconds)]]),
    'based-on': table(changes.basedOn === undefined ? [] : [[changes.basedOn]]),
    os: `${desired.os.id} ${desired.os.versionId}\n`,
    groups: table(changes.groups.map((name) => [name])),
    users: table(userRows(desired, changes)),
    install: table(changes.packages.install.map((name) => [name])),
    purge: table(changes.packages.purge.map((name) => [name])),
    debconf: (desired.debconf ?? []).map((line) => `${line}\n`).join(''),
    directories: table(
      desired.directories
        .filter(({ path }) => changes.directories.includes(path))
        .map(permissions)
        // Parents before what is in them.
        .sort((one, other) => (String(one[3]) < String(other[3]) ? -1 : 1)),
    ),
    'obsolete-directories': table(changes.obsoleteDirectories.map((path) => [path])),
    files: table(candidate.map(permissions)),
    seeds: table(desired.seeds.filter(({ path }) => changes.seeds.includes(path)).map(permissions)),
    // Those that were managed until now change hands; the host's manifest tells which.
    'all-seeds': table(desired.seeds.map(permissions)),
    swap: table(changes.files.map(({ action, path }) => [action, path])),
    validators: table(desired.validators.map(({ name }, index) => [String(index), name])),
    derived: table(desired.derived.map(({ name }, index) => [String(index), name])),
    services: table(serviceRows(desired, changes)),
    'service-derived': table(serviceDerivedRows(desired)),
    probes: table(desired.probes.map(({ name, timeoutSeconds }, index) => [String(index), String(timeoutSeconds), name])),
    volume: desired.volume ? table([[desired.volume.volumeId, desired.volume.mountPoint]]) : '',
    'volume-directories': table((desired.volume?.directories ?? []).map((path) => [path])),
    manifest: formatManifest(managed),
  };
}

function commands(desired: DesiredState): Record<string, string> {
  const named = (kind: string, list: readonly string[]) =>
    list.map((command, index) => [`${kind}-${index}`, `${command}\n`] as const);
  return Object.fromEntries([
    ...named(
      'validator',
      desired.validators.map((validator) => validator.command),
    ),
    ...named(
      'check',
      desired.derived.map((derived) => derived.check),
    ),
    ...named(
      'build',
      desired.derived.map((derived) => derived.build),
    ),
    ...named(
      'probe',
      desired.probes.map((probe) => probe.command),
    ),
    ...desired.services.flatMap(({ unit, reloadCommand }) => (reloadCommand ? [[`reload-${unit}`, `${reloadCommand}\n`]] : [])),
  ]);
}

function userRows(desired: DesiredState, changes: ChangeSet): string[][] {
  return changes.users.flatMap(({ name, create, addToGroups }) => {
    const user = desired.users.find((candidate) => candidate.name === name);
    return user ? [[name, user.home, user.shell, create ? 'yes' : 'no', addToGroups.join(',')]] : [];
  });
}

/** Every unit, in order: one whose action is `none` may still be restarted by what is rebuilt on the host. */
function serviceRows(desired: DesiredState, changes: ChangeSet): string[][] {
  const changed = new Map(changes.services.map((change) => [change.unit, change]));
  const wanted = new Set(desired.services.map((service) => service.unit));
  const obsolete = changes.services.filter((change) => !wanted.has(change.unit));
  return [
    ...obsolete.map(({ unit, action, reason }) => [unit, action, reason]),
    ...desired.services.map(({ unit, state }) => {
      const change = changed.get(unit);
      // Nothing is done to a unit that is masked already; it must not be taken for one that runs either.
      const idle = state === 'running' ? 'none' : 'idle';
      return [unit, change?.action ?? idle, change?.reason ?? '-'];
    }),
  ];
}

function serviceDerivedRows(desired: DesiredState): string[][] {
  const names = new Set(desired.derived.map((derived) => derived.name));
  return desired.services
    .filter((service) => service.state === 'running')
    .flatMap(({ unit, restartOn, reloadOn }) => [
      ...restartOn.filter((name) => names.has(name)).map((name) => [unit, 'restart', name]),
      ...reloadOn.filter((name) => names.has(name)).map((name) => [unit, 'reload', name]),
    ]);
}

/** Tab-separated lines, which `read` takes apart. An empty field in the middle would vanish there. */
function table(rows: readonly (readonly string[])[]): string {
  for (const row of rows) {
    if (row.some((field) => /[\t\n\0]/.test(field)) || row.slice(0, -1).includes('')) {
      throw new Error(`${JSON.stringify(row)} cannot be sent to a host: it holds a tab, a line break or an empty field`);
    }
  }
  return rows.map((row) => `${row.join('\t')}\n`).join('');
}
