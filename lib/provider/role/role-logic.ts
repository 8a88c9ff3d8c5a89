import type { ApplyOptions } from '../../host/apply';
import type { AwaitOptions, awaitTransaction } from '../../host/await-transaction';
import type { ConnectOptions } from '../../host/connect';
import type { ConnectionSettings } from '../../host/connection-settings';
import type { DesiredState, ManagedList } from '../../host/desired-state';
import type { HostConnection } from '../../host/host-connection';
import type { FactsRequest, HostFacts } from '../../host/host-facts';
import type { ListComparison } from '../../host/lists/compare';
import type { Capacity } from '../../role/capacity';
import type { MapsFromFiles } from '../../role/map-files/contents';
import type { RoleSettings } from '../../role/settings';
import type { Finding } from '../../verify/finding';

/** The pure side: what a host should look like. */
export interface RoleLogic {
  renderRole(settings: RoleSettings, capacity: Capacity, maps?: MapsFromFiles): DesiredState;
  /** Throws when the machine is too small. */
  capacityOf(cores: number, memoryMiB: number, antivirus: boolean): Capacity;
  unknownCapacity(placeholder: string): Capacity;
  /** The HELO name that a host has now, if it is in the role. */
  nameOnHost(facts: HostFacts): string | undefined;
}

/** A try of port 25 of others, and what is said to whoever blocks it. */
export interface OutboundAttempt {
  /** Absent: servers of the biggest receivers. */
  readonly targets?: readonly string[];
  readonly heloName: string;
  /** Public addresses of the host. */
  readonly addresses: readonly string[];
  readonly signal: AbortSignal;
}

/** The side that touches a machine; tests put an in-memory host here. */
export interface HostAccess {
  connectHost(settings: ConnectionSettings, options: ConnectOptions): Promise<HostConnection>;
  collectFacts(connection: HostConnection, request: FactsRequest, signal?: AbortSignal): Promise<HostFacts>;
  applyChanges(options: ApplyOptions): Promise<void>;
  /** How a list of the host differs from the file on this machine. */
  compareList(connection: HostConnection, list: ManagedList, signal: AbortSignal): Promise<ListComparison>;
  /** Waits until no apply is at work on the host. */
  awaitTransaction(connection: HostConnection, options: AwaitOptions): ReturnType<typeof awaitTransaction>;
  /** What is wrong with outgoing port 25, in `problem`, `found` and `fix`; nothing when mail can leave, or it could not be found out. */
  blockedPort(connection: HostConnection, attempt: OutboundAttempt): Promise<Finding | undefined>;
  removeRole(connection: HostConnection, onProgress?: (line: string) => void): Promise<void>;
  stopRole(connection: HostConnection, onProgress?: (line: string) => void): Promise<void>;
}

/** What the resource works with. */
export interface RoleResourceParts {
  readonly role: RoleLogic;
  readonly host: HostAccess;
}
