import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ImageName, imageNames, imagesIn } from '../images';
import type { MachineSpec } from '../model/contracts';
import { ensurePlug, removePlug } from '../network';
import { type Lab, waitFor } from '../system';
import { cgroupRoot, createCgroup, isPopulated, killCgroup, processesIn, removeCgroup, signal } from '../system/cgroups';
import { prepareDisk } from './disk';
import { leaderOf } from './leader';
import { type MachinePlace, machineCgroup, placeOf } from './paths';
import launcher from './scripts/launcher.sh';
import { isRunning } from './status';
import { releaseVolumes, syncVolumes } from './volumes';

export interface BootOptions {
  /** Make fsync a no-op in the machine: quicker installs. Default: true; false where durability is under test. */
  readonly suppressSync?: boolean;
}

/**
 * Boots a machine and returns when its systemd runs (use `waitForSsh` for more). A machine of this name that is running is left
 * alone; one that was halted keeps its disk (EC2's stop and start). Attaches `spec.volumes` before the first process starts.
 * Needs the image in the cache (`ensureImages`) and the switch (`ensureInternet`, `ensureVpcs`).
 */
export async function bootMachine(lab: Lab, spec: MachineSpec, options: BootOptions = {}): Promise<void> {
  const place = placeOf(lab, spec.name);
  if (await isRunning(lab, spec.name)) return;
  const image = imageOf(spec);
  const layers = imagesIn(lab.cacheDir).layersOf(image);
  if (!layers.every(existsSync)) throw new Error(`image ${image} is not in ${lab.cacheDir}; it has to be built first`);

  for (const folder of [place.folder, place.overlayWork, place.root, place.devDisk]) await mkdir(folder, { recursive: true });
  if (!existsSync(place.spec)) await prepareDisk(place, image, spec);
  await writeFile(place.spec, `${JSON.stringify(spec, undefined, 2)}\n`, { mode: 0o600 });
  await rm(place.stayOff, { force: true });
  await syncVolumes(lab, spec.name, spec.volumes);
  const namespace = await ensurePlug(lab, spec);
  await launch(lab, spec.name, [layers.join(':'), namespace], options);
}

/** Powers off in an orderly way, by force after `deadline` milliseconds (default 20 s). The disk stays. No error if not running. */
export async function haltMachine(lab: Lab, name: string, deadline = 20_000): Promise<void> {
  const place = placeOf(lab, name);
  const cgroup = await machineCgroup(lab, name);
  if (await isPopulated(cgroup)) {
    await writeFile(place.stayOff, '');
    // SIGTERM makes systemd-nspawn ask the machine's systemd to power off.
    for (const pid of await processesIn(join(cgroup, 'nspawn/supervisor'))) signal(pid, 'SIGTERM');
    await waitFor(`power-off of ${name}`, async () => !(await isPopulated(cgroup)), { deadline }).catch(() => undefined);
  }
  await powerCut(lab, name);
}

/** Kills every process of the machine at once, as if its power was cut. The disk stays. */
export async function powerCut(lab: Lab, name: string): Promise<void> {
  const cgroup = await machineCgroup(lab, name);
  await killCgroup(cgroup);
  await removeCgroup(cgroup);
}

/** EC2's terminate: powers off by force, detaches the volumes (their data stays), removes the disk and the network plug. */
export async function removeMachine(lab: Lab, name: string): Promise<void> {
  const place = placeOf(lab, name);
  await powerCut(lab, name);
  await releaseVolumes(lab, place);
  await removePlug(lab, name);
  await rm(place.folder, { recursive: true, force: true });
}

function imageOf(spec: MachineSpec): ImageName {
  const image = imageNames.find((name) => name === spec.image);
  if (!image) throw new Error(`machine ${spec.name}: there is no image "${spec.image}"; there are ${imageNames.join(', ')}`);
  return image;
}

async function launch(
  lab: Lab,
  name: string,
  [layers = '', namespace = '']: readonly string[],
  options: BootOptions,
): Promise<void> {
  const place = placeOf(lab, name);
  const cgroup = await machineCgroup(lab, name);
  await createCgroup(cgroup);
  await writeFile(place.launcher, launcher, { mode: 0o700 });
  const log = await open(place.console, 'a');
  const { packageDir } = imagesIn(lab.cacheDir);
  const [suppress, cgroups] = [options.suppressSync === false ? 'no' : 'yes', await cgroupRoot()];
  const child = spawn(
    'unshare',
    ['--mount', '--propagation=slave', '--', 'bash', place.launcher, place.folder, place.fullName, layers, namespace].concat([
      cgroup,
      cgroups,
      packageDir,
      suppress,
    ]),
    { detached: true, stdio: ['ignore', log.fd, log.fd] },
  );
  await log.close();
  let ended: string | undefined;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, by) => (ended = by ? `ended by ${by}` : `exit code ${code}`));
  child.unref();
  const up = await waitFor(
    `start of systemd in ${name}`,
    async () => (ended ? 'ended' : existsSync(`/proc/${await leaderOf(lab, name)}/root/run/systemd/private`) && 'up'),
    { deadline: 30_000 },
  );
  if (up === 'ended') throw new Error(`machine ${name} did not boot: ${ended}\n${await endOfConsole(place)}`);
}

async function endOfConsole(place: MachinePlace): Promise<string> {
  return (await readFile(place.console, 'utf8')).trimEnd().split('\n').slice(-12).join('\n');
}
