import type { ApplyOptions } from '../../host/apply';
import type { ConnectOptions } from '../../host/connect';
import type { ConnectionSettings } from '../../host/connection-settings';
import type { DesiredState } from '../../host/desired-state';
import type { HostConnection } from '../../host/host-connection';
import type { FactsRequest, HostFacts } from '../../host/host-facts';
import type { Capacity } from '../../role/capacity';
import type { RoleSettings } from '../../role/settings';

/** The pure side: what a host shall look like. */
export interface RoleLogic {
  renderRole(settings: RoleSettings, capacity: Capacity): DesiredState;
  /** Throws when the machine is too small. */
  capacityOf(cores: number, memoryMiB: number, antivirus: boolean): Capacity;
  unknownCapacity(placeholder: string): Capacity;
}

/** The side that touches a machine; tests put an in-memory host here. */
export interface HostAccess {
  connectHost(settings: ConnectionSettings, options: ConnectOptions): Promise<HostConnection>;
  collectFacts(connection: HostConnection, request: FactsRequest, signal?: AbortSignal): Promise<HostFacts>;
  applyChanges(options: ApplyOptions): Promise<void>;
  removeRole(connection: HostConnection, onProgress?: (line: string) => void): Promise<void>;
}

/** What the resource works with. */
export interface RoleResourceParts {
  readonly role: RoleLogic;
  readonly host: HostAccess;
}
