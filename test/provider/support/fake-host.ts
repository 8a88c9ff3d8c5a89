import type { TransactionState } from '../../../lib/host/await-transaction';
import type { ConnectOptions } from '../../../lib/host/connect';
import type { DesiredState } from '../../../lib/host/desired-state';
import type { HostConnection } from '../../../lib/host/host-connection';
import { HostError } from '../../../lib/host/host-error';
import type { HostFacts, TransactionFacts } from '../../../lib/host/host-facts';
import type { ListComparison } from '../../../lib/host/lists/compare';
import type { HostAccess, OutboundAttempt, RoleLogic, RoleResourceParts } from '../../../lib/provider/role/role-logic';
import { unreadMaps } from '../../../lib/role/map-files/contents';
import type { Finding } from '../../../lib/verify';
import { nothing } from '../../host/support/states';

/** A host in memory: what an apply desires, it has. Members are changed by tests to make it misbehave. */
export class FakeHost implements HostAccess {
  hostKey = 'SHA256:one';
  /** Of the way to the host, when it goes through another one. */
  jumpHostKey?: string;
  cores = 2;
  memoryMiB = 4096;
  files: Record<string, string> = {};
  /** Paths that the last apply was in charge of. */
  managed?: string[];
  connects: (ConnectOptions & { readonly host: string })[] = [];
  /** What happens to the host before it is connected to. */
  onConnect: () => void = () => undefined;
  applies = 0;
  removals = 0;
  stops = 0;
  /** What is wrong with outgoing port 25. */
  blocked?: Finding;
  attempts: OutboundAttempt[] = [];
  open = 0;
  /** The last apply of somebody. */
  transaction?: TransactionFacts;
  /** What becomes of one that is not over while it is waited for. */
  onWait: () => TransactionState = () => 'over';
  waits = 0;
  /** Thrown by the looks that come after an apply. */
  lostAfterwards?: HostError;
  /** What the host has built. */
  derived: Record<string, { current: boolean; reason: string }> = {};
  /** Contents of secrets that were sent to it. */
  readonly received: string[] = [];
  /** Thrown instead of a connection. */
  refusal?: HostError;
  /** Thrown instead of an apply. */
  failure?: HostError;
  /** What somebody else does to the files right after an apply. */
  meddle: (files: Record<string, string>) => void = () => undefined;

  async connectHost(...[settings, options]: Parameters<HostAccess['connectHost']>): Promise<HostConnection> {
    const { expectedHostKey } = options;
    this.connects.push({ host: settings.host, ...options });
    this.onConnect();
    if (this.refusal) throw this.refusal;
    if (expectedHostKey && expectedHostKey !== this.hostKey) {
      throw new HostError('hostKey', `expected ${expectedHostKey}, got ${this.hostKey}`);
    }
    const expectedJumpHostKey = settings.bastion?.hostKey ?? options.expectedJumpHostKey;
    if (settings.bastion && expectedJumpHostKey && expectedJumpHostKey !== this.jumpHostKey) {
      throw new HostError('jumpHostKey', `expected ${expectedJumpHostKey}, got ${this.jumpHostKey}`);
    }
    this.open += 1;
    const { hostKey, jumpHostKey } = this;
    return {
      hostKey,
      jumpHostKey: settings.bastion && jumpHostKey,
      address: settings.host,
      exec: async () => ({ code: 0, stdout: Buffer.alloc(0), stderr: '' }),
      close: async () => {
        this.open -= 1;
      },
    };
  }

  async collectFacts(): Promise<HostFacts> {
    if (this.applies > 0 && this.lostAfterwards) throw this.lostAfterwards;
    const permissions = { owner: 'root', group: 'root', mode: '0644' };
    return {
      os: { id: 'debian', versionId: '13', prettyName: 'Debian GNU/Linux 13', architecture: 'amd64' },
      cores: this.cores,
      memoryMiB: this.memoryMiB,
      files: Object.fromEntries(
        Object.entries(this.files).map(([path, content]) => [
          path,
          this.lists.has(path)
            ? { ...permissions, kind: 'large' as const, content: '', digest: { sha256: content, lines: 2 } }
            : { ...permissions, mode: this.modes[path] ?? permissions.mode, content },
        ]),
      ),
      directories: {},
      packages: {},
      users: {},
      groups: [],
      units: {},
      derived: this.derived,
      manifest: { files: this.managed ?? Object.keys(this.files), directories: [], units: [] },
      transaction: this.transaction,
    };
  }

  /** Of files that somebody gave another mode. */
  modes: Record<string, string> = {};
  /** Paths in `files` that are lists: of these the digest is there. */
  lists = new Set<string>();
  /** How lists differ from what the host has. */
  comparison: ListComparison = { kind: 'unknown' };

  async compareList(): Promise<ListComparison> {
    return this.comparison;
  }

  async awaitTransaction(): ReturnType<HostAccess['awaitTransaction']> {
    this.waits += 1;
    return { state: this.onWait(), detail: 'started 12:00:00, at: probe: nsd' };
  }

  async applyChanges({ desired, onProgress, reconnect }: Parameters<HostAccess['applyChanges']>[0]): Promise<void> {
    if (this.failure) throw this.failure;
    await (await reconnect()).close();
    this.applies += 1;
    this.transaction = { id: `own-${this.applies}`, over: true };
    this.derived = Object.fromEntries(desired.derived.map(({ name }) => [name, { current: true, reason: '' }]));
    this.received.push(...(desired.secrets ?? []).map(({ content }) => content));
    onProgress?.('files written');
    const kept = desired.seeds.map(({ path, content }) => [path, this.files[path] ?? content]);
    const lists = (desired.lists ?? []).map(({ path, sha256 }) => [path, sha256] as const);
    this.lists = new Set(lists.map(([path]) => path));
    this.files = Object.fromEntries([...kept, ...desired.files.map(({ path, content }) => [path, content]), ...lists]);
    this.modes = {};
    this.managed = [...desired.files, ...(desired.lists ?? [])].map(({ path }) => path);
    this.meddle(this.files);
  }

  async blockedPort(_: HostConnection, attempt: OutboundAttempt): Promise<Finding | undefined> {
    this.attempts.push(attempt);
    return this.blocked;
  }

  async stopRole(): Promise<void> {
    if (this.failure) throw this.failure;
    this.stops += 1;
  }

  async removeRole(): Promise<void> {
    if (this.failure) throw this.failure;
    this.removals += 1;
    this.files = {};
  }
}

/**
 * A role of three files: one of the HELO name, one of the machine, one that is there only with an IPv6 address; and one that is
 * the service users' until the stack sets it.
 */
export const fakeRole: RoleLogic = {
  capacityOf: (cores, memoryMiB, antivirus) => {
    if (antivirus && memoryMiB < 2800) throw new Error(`antivirus needs 3 GiB of memory, this host has ${memoryMiB} MiB`);
    return { workers: String(cores * 5), connectionsPerClient: '1' };
  },
  unknownCapacity: (placeholder) => ({ workers: placeholder, connectionsPerClient: placeholder }),
  nameOnHost: ({ files }) => files['/etc/name']?.content?.trim().toLowerCase(),
  renderRole: (settings, capacity, { virtualAliases } = unreadMaps(settings.mapFiles)): DesiredState => {
    const file = (path: string, content: string) => ({ path, content, owner: 'root', group: 'root', mode: '0644' });
    return {
      ...nothing,
      files: [
        file('/etc/workers', `${capacity.workers}\n`),
        file('/etc/name', `${settings.heloName.toUpperCase()}\n`),
        file('/etc/size', `${settings.messageSizeLimit ?? 'default'}\n`),
        ...(settings.relayDomains ? [file('/etc/relay', `${settings.relayDomains.join('\n')}\n`)] : []),
        ...(settings.bindIpv6 ? [file('/etc/ipv6', `${settings.bindIpv6}\n`)] : []),
      ],
      ...(virtualAliases && {
        lists: [{ ...file('/etc/mail/virtual-aliases', ''), ...virtualAliases }],
      }),
      ...(settings.submissionUsers && {
        derived: [{ name: 'logins', check: 'true', build: 'true' }],
        secrets: [{ derived: 'logins', name: 'logins', content: JSON.stringify(settings.submissionUsers) }],
      }),
      seeds: settings.relayDomains ? [] : [{ ...file('/etc/relay', '# yours\n'), group: 'service', mode: '0664' }],
    };
  },
};

export const partsWith = (host: FakeHost): RoleResourceParts => ({ role: fakeRole, host });
