import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasCloudInit, type ImageName, loginOf } from '../images';
import type { MachineSpec } from '../model/contracts';
import { run } from '../system';
import type { MachinePlace } from './paths';
import { nocloudSeed, seedDir } from './seed';

/** The first user that useradd makes on Debian. */
const firstUser = 1000;

/**
 * What a machine has of its own before its first boot, written to its disk: identity, names, keys. Nothing of it is written
 * again later, when it belongs to the machine.
 */
export async function prepareDisk(place: MachinePlace, image: ImageName, spec: MachineSpec): Promise<void> {
  await mkdir(place.disk, { recursive: true });
  const file = (path: string, text: string, mode?: number) => writeInside(place.disk, path, text, mode);
  const short = spec.hostName.replace(/\..*/, '');
  await file('etc/machine-id', `${randomBytes(16).toString('hex')}\n`, 0o444);
  await file('etc/hostname', `${short}\n`);
  await file('etc/hosts', hosts(spec.hostName, short));
  await file('etc/resolv.conf', spec.nameServers.map((address) => `nameserver ${address}\n`).join(''));

  if (spec.cloudInit && hasCloudInit(image)) {
    const seed = nocloudSeed({ ...spec, cloudInit: spec.cloudInit });
    for (const [name, text] of Object.entries(seed)) await file(join(seedDir, name), text, 0o600);
    return;
  }
  if (hasCloudInit(image)) await file('etc/cloud/cloud-init.disabled', '');
  await makeHostKey(place.disk);
  await authorize(place.disk, loginFor(image, spec), spec.publicKeys);
}

/** The user that `spec.publicKeys` open. */
export function loginFor(image: ImageName, spec: MachineSpec): string {
  return spec.cloudInit ? loginOf(image) : 'root';
}

function hosts(fullName: string, short: string): string {
  const names = fullName === short ? short : `${fullName} ${short}`;
  return `127.0.0.1 localhost\n127.0.1.1 ${names}\n::1 localhost ip6-localhost ip6-loopback\nff02::1 ip6-allnodes\nff02::2 ip6-allrouters\n`;
}

async function makeHostKey(disk: string): Promise<void> {
  const path = join(disk, 'etc/ssh/ssh_host_ed25519_key');
  if (existsSync(path)) return;
  await makeFolders(disk, 'etc/ssh');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', path]);
}

async function authorize(disk: string, user: string, keys: readonly string[]): Promise<void> {
  const home = user === 'root' ? 'root' : `home/${user}`;
  const owner = user === 'root' ? 0 : firstUser;
  await writeInside(disk, `${home}/.ssh/authorized_keys`, keys.map((key) => `${key.trim()}\n`).join(''), 0o600);
  for (const path of [home, `${home}/.ssh`, `${home}/.ssh/authorized_keys`]) await chown(join(disk, path), owner, owner);
  for (const path of [home, `${home}/.ssh`]) await chmod(join(disk, path), 0o700);
}

async function writeInside(disk: string, path: string, text: string, mode = 0o644): Promise<void> {
  await makeFolders(disk, dirname(path));
  await writeFile(join(disk, path), text);
  await chmod(join(disk, path), mode);
}

/** A folder of an overlay's upper layer gives its mode to the merged one, so the umask of this process must not matter. */
async function makeFolders(disk: string, path: string): Promise<void> {
  let folder = disk;
  for (const name of ['', ...path.split('/')]) {
    folder = join(folder, name);
    await mkdir(folder, { recursive: true });
    if (name !== 'root' && !name.startsWith('.ssh')) await chmod(folder, 0o755);
  }
}
