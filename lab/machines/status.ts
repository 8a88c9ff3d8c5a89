import type { MachineSpec } from '../contracts';
import type { Lab } from '../system';

export interface MachineStatus {
  readonly spec: MachineSpec;
  readonly running: boolean;
}

/** All machines of the lab that have a disk, running or not, by name. */
export async function listMachines(_lab: Lab): Promise<readonly MachineStatus[]> {
  throw new Error('not built yet');
}
