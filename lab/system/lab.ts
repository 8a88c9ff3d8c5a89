import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** One lab: several may run side by side, each with a name and a state folder of its own. */
export interface Lab {
  /** 1 to 12 lower-case letters and digits, beginning with a letter: part of namespace, cgroup and machine names. */
  readonly name: string;
  /** Everything the lab writes, except the images: disks of machines, volumes, keys. Absolute. */
  readonly stateDir: string;
  /** Images, shared by all labs of this machine. Absolute. */
  readonly cacheDir: string;
}

/** What the names of all kernel objects of all labs begin with: namespaces, cgroups, machines. */
export const objectPrefix = 'mslab';

/** `$XDG_CACHE_HOME/cdktf-mailserver-lab`, by default below `~/.cache`. */
export function defaultCacheDir(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdktf-mailserver-lab');
}

/**
 * Checks the name and the folders of a lab; creates nothing.
 * @throws when the name cannot be part of the names of namespaces, or a folder cannot be named in mount options.
 */
export function describeLab(lab: { name: string; stateDir: string; cacheDir?: string }): Lab {
  const cacheDir = lab.cacheDir ?? defaultCacheDir();
  if (!/^[a-z][a-z0-9]{0,11}$/.test(lab.name)) {
    throw new Error(`the lab name "${lab.name}" must be 1 to 12 lower-case letters and digits, beginning with a letter`);
  }
  for (const [what, folder] of [
    ['state folder', lab.stateDir],
    ['cache folder', cacheDir],
  ] as const) {
    if (!isAbsolute(folder)) throw new Error(`the ${what} "${folder}" of lab ${lab.name} must be an absolute path`);
    if (/[:,\\"\s]/.test(folder)) {
      throw new Error(
        `the ${what} "${folder}" of lab ${lab.name} has a character that mount options cannot hold (: , \\ " or white space); choose another folder`,
      );
    }
  }
  return { name: lab.name, stateDir: lab.stateDir, cacheDir };
}
