import type { MachineSpec } from '../contracts';
import type { Lab } from '../system';

export interface BootOptions {
  /** Make fsync a no-op in the machine: quicker installs. Default: true; false where durability is under test. */
  readonly suppressSync?: boolean;
}

/**
 * Boots a machine and returns when its systemd runs (use `waitForSsh` for more). A machine of this name that is running is left
 * alone; one that was halted keeps its disk (EC2's stop and start). Attaches `spec.volumes` before the first process starts.
 * Needs the image in the cache (`ensureImages`) and the switch (`ensureInternet`, `ensureVpcs`).
 */
export async function bootMachine(_lab: Lab, _spec: MachineSpec, _options?: BootOptions): Promise<void> {
  throw new Error('not built yet');
}

/** Powers off in an orderly way, by force after `deadline` milliseconds (default 20 s). The disk stays. No error if not running. */
export async function haltMachine(_lab: Lab, _name: string, _deadline?: number): Promise<void> {
  throw new Error('not built yet');
}

/** Kills every process of the machine at once, as if its power was cut. The disk stays. */
export async function powerCut(_lab: Lab, _name: string): Promise<void> {
  throw new Error('not built yet');
}

/** EC2's terminate: powers off by force, detaches the volumes (their data stays), removes the disk and the network plug. */
export async function removeMachine(_lab: Lab, _name: string): Promise<void> {
  throw new Error('not built yet');
}
