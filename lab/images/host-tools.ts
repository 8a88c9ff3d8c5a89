import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { type OnStep, run, step } from '../system';

/** What the lab calls on the host, and the Debian package that has it. */
const tools: Readonly<Record<string, string>> = {
  'apt-ftparchive': 'apt-utils',
  flock: 'util-linux',
  ip: 'iproute2',
  losetup: 'mount',
  mmdebstrap: 'mmdebstrap',
  mount: 'mount',
  nft: 'nftables',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  sysctl: 'procps',
  'systemd-nspawn': 'systemd-container',
  unshare: 'util-linux',
};
const keyring = { file: '/usr/share/keyrings/debian-archive-keyring.gpg', package: 'debian-archive-keyring' };

/** Installs the Debian packages that the lab needs on this host and that are missing; nothing when all are there. */
export async function ensureHostTools(onStep: OnStep): Promise<void> {
  const missing = await missingPackages();
  if (missing.length === 0) return;
  await step(onStep, `install ${missing.join(' ')}`, async () => {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    const lock = ['-o', 'DPkg::Lock::Timeout=120'];
    const install = () => run('apt-get', ['-qq', '--yes', '--no-install-recommends', ...lock, 'install', ...missing], { env });
    // A source that nothing is taken from may be out of reach: what counts is that the packages can be installed.
    const update = await run('apt-get', ['-qq', ...lock, 'update'], { env, accept: [0, 100] });
    await install().catch((error: Error) => {
      throw new Error(`the lab's tools cannot be installed: ${[error.message, update.stderr.trim()].filter(Boolean).join('\n')}`);
    });
  });
}

async function missingPackages(): Promise<readonly string[]> {
  const found = await Promise.all(Object.keys(tools).map(isCommand));
  const missing = Object.values(tools).filter((_, index) => !found[index]);
  if (!(await exists(keyring.file, constants.R_OK))) missing.push(keyring.package);
  return [...new Set(missing)].sort();
}

async function isCommand(name: string): Promise<boolean> {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  const hits = await Promise.all(folders.filter(Boolean).map((folder) => exists(`${folder}/${name}`, constants.X_OK)));
  return hits.includes(true);
}

function exists(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
