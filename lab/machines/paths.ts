import { join } from 'node:path';
import { cgroupRoot } from '../system/cgroups';
import { type Lab, objectPrefix } from '../system/lab';

/** The folder of a machine in the lab's state folder, and its name in the kernel and in systemd. */
export interface MachinePlace {
  readonly folder: string;
  /** What differs from the image. */
  readonly disk: string;
  readonly overlayWork: string;
  /** Mount point of the disk, in the launcher's own mount namespace only. */
  readonly root: string;
  readonly spec: string;
  readonly console: string;
  readonly launcher: string;
  /** Options of systemd-nspawn that may differ from one boot to the next, one a line. */
  readonly options: string;
  /** Exists when the machine is to stay off instead of coming back after a reboot. */
  readonly stayOff: string;
  /** Becomes /dev/disk in the machine. */
  readonly devDisk: string;
  readonly volumes: string;
  /** Unique on this host, at most 64 characters. */
  readonly fullName: string;
}

/** @throws when the name cannot be part of a namespace's and a machine's name. */
export function placeOf(lab: Lab, machine: string): MachinePlace {
  if (!/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(machine)) {
    throw new Error(
      `the machine name "${machine}" must be 1 to 40 lower-case letters, digits and hyphens, as in i-0123abcd or world`,
    );
  }
  const folder = join(machinesDir(lab), machine);
  return {
    folder,
    disk: join(folder, 'disk'),
    overlayWork: join(folder, 'work'),
    root: join(folder, 'root'),
    spec: join(folder, 'spec.json'),
    console: join(folder, 'console.log'),
    launcher: join(folder, 'launcher.sh'),
    options: join(folder, 'nspawn-options'),
    stayOff: join(folder, 'stay-off'),
    devDisk: join(folder, 'dev-disk'),
    volumes: join(folder, 'volumes.json'),
    fullName: `${objectPrefix}-${lab.name}-${machine}`,
  };
}

export function machinesDir(lab: Lab): string {
  return join(lab.stateDir, 'machines');
}

export function volumesDir(lab: Lab): string {
  return join(lab.stateDir, 'volumes');
}

/** The lab's own key pair. */
export function keysDir(lab: Lab): string {
  return join(lab.stateDir, 'ssh');
}

/** The cgroup that all machines of the lab are below. */
export async function labCgroup(lab: Lab): Promise<string> {
  return join(await cgroupRoot(), `${objectPrefix}-${lab.name}`);
}

export async function machineCgroup(lab: Lab, machine: string): Promise<string> {
  return join(await labCgroup(lab), machine);
}

/** For sockets, whose paths may have only 108 characters. */
export function runtimeDir(lab: Lab): string {
  return `/run/${objectPrefix}-${lab.name}`;
}
