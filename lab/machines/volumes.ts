import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, readlink, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CloudVolume } from '../model/contracts';
import { type Lab, waitFor } from '../system';
import { execIn } from './exec';
import { leaderOf } from './leader';
import { ensureLoop, loopsBelow, releaseLoop } from './loop';
import { type MachinePlace, placeOf, volumesDir } from './paths';

/** A volume as the machine sees it. */
export interface AttachedVolume extends CloudVolume {
  /** Device in the machine, e.g. `/dev/nvme1n1`; `/dev/xvdf` on Xen. */
  readonly node: string;
  /** Stable name in the machine, e.g. `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0abc`; none on Xen. */
  readonly link?: string;
}

/**
 * Makes exactly these volumes the attached ones of a machine, running or halted: attaches, detaches, grows. Data of a volume is
 * kept until `removeVolume`, whatever happens to machines.
 * @throws when a volume to be detached is mounted in the machine, or one to be attached is attached to another machine.
 */
export async function syncVolumes(
  lab: Lab,
  machine: string,
  volumes: readonly CloudVolume[],
): Promise<readonly AttachedVolume[]> {
  const place = placeOf(lab, machine);
  const running = (await leaderOf(lab, machine)) !== undefined;
  let attached = await record(lab, place, await attachedVolumes(place));
  for (const volume of attached.filter(({ id }) => !volumes.some((wanted) => wanted.id === id))) {
    if (running) await detachFrom(lab, machine, volume);
    attached = await record(
      lab,
      place,
      attached.filter((other) => other !== volume),
    );
    await releaseVolume(lab, volume.id);
  }
  for (const volume of volumes) {
    const known = attached.find(({ id }) => id === volume.id);
    if (!known && (await loopOf(lab, volume.id)))
      throw new Error(`volume ${volume.id} is attached to another machine than ${machine}`);
    const device = await ensureDevice(lab, volume);
    const now = { ...volume, node: known?.node ?? nodeOf(volume, attached), ...(!volume.onXen && { link: linkOf(volume.id) }) };
    attached = await record(lab, place, [...attached.filter(({ id }) => id !== volume.id), now]);
    if (running && !known) await showTo(lab, machine, now, device);
  }
  return attached;
}

/** Detaches all volumes of a machine that does not run. */
export async function releaseVolumes(lab: Lab, place: MachinePlace): Promise<void> {
  for (const { id } of await attachedVolumes(place)) await releaseVolume(lab, id);
}

/** Deletes a volume's data; it must not be attached. */
export async function removeVolume(lab: Lab, volumeId: string): Promise<void> {
  if (await loopOf(lab, volumeId)) throw new Error(`volume ${volumeId} is still attached to a machine`);
  await rm(imageOf(lab, volumeId), { force: true });
}

/** Volumes of a machine as recorded at the last change. */
export async function attachedVolumes(place: MachinePlace): Promise<readonly AttachedVolume[]> {
  return existsSync(place.volumes) ? JSON.parse(await readFile(place.volumes, 'utf8')) : [];
}

/**
 * What udev on EC2 Nitro makes of an EBS volume: model and serial number, which is the id without its hyphen
 * (60-persistent-storage.rules of systemd).
 */
export function linkOf(volumeId: string): string {
  return `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volumeId.replace('-', '')}`;
}

/** On Xen the name of the attachment counts, with `xvd` for `sd`; on Nitro it does not. */
export function nodeOf({ device, onXen }: CloudVolume, attached: readonly { readonly node: string }[]): string {
  return onXen ? device.replace(/^\/dev\/sd/, '/dev/xvd') : freeNode(attached);
}

/** The lowest free name; nvme0n1 is the root volume. */
export function freeNode(attached: readonly { readonly node: string }[]): string {
  for (let number = 1; ; number++) {
    const node = `/dev/nvme${number}n1`;
    if (!attached.some((volume) => volume.node === node)) return node;
  }
}

/** Options of systemd-nspawn that show volumes to a machine from its first process on. */
export function volumeOptions(devDisk: string, volumes: readonly { readonly device: string; readonly node: string }[]): string[] {
  return [`--bind-ro=${devDisk}:/dev/disk`, ...volumes.map(({ device, node }) => `--bind=${device}:${node}`)];
}

function imageOf(lab: Lab, volumeId: string): string {
  if (!/^vol-[a-z0-9]{1,32}$/.test(volumeId)) throw new Error(`"${volumeId}" is not the id of a volume: expected vol-0123abcd`);
  return join(volumesDir(lab), `${volumeId}.img`);
}

async function loopOf(lab: Lab, volumeId: string): Promise<string | undefined> {
  const image = basename(imageOf(lab, volumeId));
  return (await loopsBelow(volumesDir(lab))).find(({ file }) => basename(file) === image)?.device;
}

/** A sparse file that is never made smaller, and its block device. */
async function ensureDevice(lab: Lab, volume: CloudVolume): Promise<string> {
  const image = imageOf(lab, volume.id);
  await mkdir(volumesDir(lab), { recursive: true, mode: 0o700 });
  const bytes = volume.sizeGiB * 2 ** 30;
  const { size } = await stat(image).catch(() => ({ size: -1 }));
  if (size < 0) await writeFile(image, '', { mode: 0o600 });
  if (size < bytes) await truncate(image, bytes);
  return ensureLoop(image);
}

/** Writes down what is attached, for the next boot and for who asks. */
async function record(lab: Lab, place: MachinePlace, attached: readonly AttachedVolume[]): Promise<readonly AttachedVolume[]> {
  await writeLinks(join(place.devDisk, 'by-id'), attached);
  const shown: { device: string; node: string }[] = [];
  for (const { id, node } of attached) {
    shown.push({ device: await ensureLoop(imageOf(lab, id)), node });
  }
  await writeFile(
    place.options,
    volumeOptions(place.devDisk, shown)
      .map((option) => `${option}\n`)
      .join(''),
  );
  await writeFile(place.volumes, `${JSON.stringify(attached, undefined, 2)}\n`);
  return attached;
}

/** The folder is seen in the machine as it is, so links that stay are not touched. */
async function writeLinks(folder: string, attached: readonly AttachedVolume[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  // Debian 13's rules make a second name, with the number of the NVMe namespace.
  const wanted = new Map(
    attached.flatMap(({ node, link }) =>
      link === undefined ? [] : ['', '_1'].map((end) => [basename(link) + end, `../../${basename(node)}`] as const),
    ),
  );
  for (const name of await readdir(folder)) {
    if ((await readlink(join(folder, name))) === wanted.get(name)) wanted.delete(name);
    else await rm(join(folder, name));
  }
  for (const [name, node] of wanted) await symlink(node, join(folder, name));
}

async function showTo(lab: Lab, machine: string, volume: AttachedVolume, device: string): Promise<void> {
  const { rdev } = await stat(device);
  const [major, minor] = [rdev >> 8, rdev & 0xff].map(String);
  const script = 'rm -f "$1" && mknod -m 660 "$1" b "$2" "$3" && chgrp disk "$1"';
  await execIn(lab, machine, ['sh', '-c', script, 'attach', volume.node, major ?? '', minor ?? '']);
}

async function detachFrom(lab: Lab, machine: string, volume: AttachedVolume): Promise<void> {
  // Shown at boot the node is a mount point, shown later it is a plain node.
  const script = `
    device=$(stat -c %Hr:%Lr "$1") || exit 0
    mounted=$(awk -v device="$device" '$3 == device { print $5; exit }' /proc/self/mountinfo)
    [ -z "$mounted" ] || { echo "$mounted"; exit 3; }
    umount "$1" 2>/dev/null; rm -f "$1"`;
  const result = await execIn(lab, machine, ['sh', '-c', script, 'detach', volume.node], { accept: [0, 3] });
  if (result.code === 3) {
    throw new Error(
      `volume ${volume.id} cannot be detached from ${machine}: it is mounted there on ${result.stdout.trim()}; unmount it first`,
    );
  }
}

async function releaseVolume(lab: Lab, volumeId: string): Promise<void> {
  const device = await loopOf(lab, volumeId);
  if (!device) return;
  await releaseLoop(device);
  await waitFor(`release of volume ${volumeId}`, async () => !(await loopOf(lab, volumeId)), { deadline: 10_000 });
}
