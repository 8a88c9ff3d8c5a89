import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import type { MachineSpec } from '../model/contracts';
import type { Lab } from '../system';
import { isPopulated } from '../system/cgroups';
import { machineCgroup, machinesDir, placeOf } from './paths';

export interface MachineStatus {
  readonly spec: MachineSpec;
  readonly running: boolean;
}

/** All machines of the lab that have a disk, running or not, by name. */
export async function listMachines(lab: Lab): Promise<readonly MachineStatus[]> {
  const folder = machinesDir(lab);
  const names = existsSync(folder) ? (await readdir(folder)).sort() : [];
  const known = names.filter((name) => existsSync(placeOf(lab, name).spec));
  return Promise.all(known.map(async (name) => ({ spec: await specOf(lab, name), running: await isRunning(lab, name) })));
}

/** Whether any process of the machine is left; true also while it reboots. */
export async function isRunning(lab: Lab, machine: string): Promise<boolean> {
  return isPopulated(await machineCgroup(lab, machine));
}

/** What the machine was booted with last. */
export async function specOf(lab: Lab, machine: string): Promise<MachineSpec> {
  const { spec } = placeOf(lab, machine);
  if (!existsSync(spec)) throw new Error(`lab ${lab.name} has no machine ${machine}`);
  return JSON.parse(await readFile(spec, 'utf8'));
}
