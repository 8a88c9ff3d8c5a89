import { type Dirent, existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Lab } from '../system';

/** Where in a mirror the AWS provider is: Terraform's layout of a filesystem mirror, packed or unpacked. */
const awsProvider = 'registry.terraform.io/hashicorp/aws';

/**
 * Folders that may hold a mirror; below the later ones it is searched for. Plugin caches have the same layout, but Terraform cannot
 * install from a folder into itself, and the cdktf command uses such a cache.
 */
function places(): { mirrors: string[]; roots: string[] } {
  const home = homedir();
  return {
    mirrors: [
      join(home, '.terraform.d/plugins'),
      join(home, '.local/share/terraform/plugins'),
      '/usr/local/share/terraform/plugins',
      '/usr/share/terraform/plugins',
    ],
    roots: ['/opt', '/srv', '/usr/local', '/usr/share', '/var/lib', '/var/cache', home],
  };
}

/**
 * A folder in the layout of a Terraform mirror that has this version of the AWS provider for this machine: the one that
 * `MAILSERVER_TF_MIRROR` names, else one found on the disk. Undefined: Terraform's registry is asked.
 * @param version Default: any.
 * @throws when the named folder does not have it.
 */
export async function findMirror(version?: string, environment: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const named = environment.MAILSERVER_TF_MIRROR;
  if (named) {
    if (await hasProvider(named, version)) return named;
    throw new Error(
      `the folder "${named}" in MAILSERVER_TF_MIRROR has no ${awsProvider}${version ? ` ${version}` : ''} for ${platform()}; make one with "terraform providers mirror FOLDER", or unset the variable to use Terraform's registry`,
    );
  }
  const { mirrors, roots } = places();
  for (const folder of mirrors) if (await hasProvider(folder, version)) return folder;
  for (const root of roots) {
    for (const folder of await foldersWithRegistry(root, 3)) if (await hasProvider(folder, version)) return folder;
  }
  return undefined;
}

/** `linux_amd64`, as Terraform names this machine. */
export function platform(): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  return `${process.platform}_${architecture}`;
}

async function hasProvider(mirror: string, wanted: string | undefined): Promise<boolean> {
  const folder = join(mirror, awsProvider);
  if (wanted) return hasVersion(folder, wanted);
  const entries = await readdir(folder).catch(() => []);
  const versions = entries.map((entry) => /^(?:terraform-provider-aws_)?(\d[^_]*)/.exec(entry)?.[1] ?? '').filter(Boolean);
  return (await Promise.all(versions.map((version) => hasVersion(folder, version)))).some(Boolean);
}

async function hasVersion(folder: string, version: string): Promise<boolean> {
  if (existsSync(join(folder, `terraform-provider-aws_${version}_${platform()}.zip`))) return true;
  const unpacked = await readdir(join(folder, version, platform())).catch(() => []);
  return unpacked.some((file) => file.startsWith('terraform-provider-aws'));
}

async function foldersWithRegistry(root: string, depth: number): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((): Dirent[] => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const found = folders.includes('registry.terraform.io') ? [root] : [];
  if (depth === 0) return found;
  const below = folders.filter((name) => !name.startsWith('.') && name !== 'node_modules');
  const deeper = await Promise.all(below.map((name) => foldersWithRegistry(join(root, name), depth - 1)));
  return [...found, ...deeper.flat()];
}

/**
 * The value of XDG_DATA_DIRS with which Terraform finds the mirror by itself. A `provider_installation` block would switch off
 * the search next to the stack, where the package's own provider lies.
 */
export async function mirrorDataDir(lab: Lab, mirror: string | undefined): Promise<string> {
  const folder = join(lab.stateDir, 'terraform-data');
  await mkdir(join(folder, 'terraform'), { recursive: true });
  await rm(join(folder, 'terraform/plugins'), { force: true });
  if (mirror) await symlink(mirror, join(folder, 'terraform/plugins'));
  return folder;
}

/** Version of the AWS provider that a synthesised stack asks for, e.g. `5.100.0`; undefined when it does not use AWS. */
export async function awsProviderVersion(stackDir: string): Promise<string | undefined> {
  const { terraform } = JSON.parse(await readFile(join(stackDir, 'cdk.tf.json'), 'utf8')) as {
    terraform?: { required_providers?: Record<string, { source: string; version?: string }> };
  };
  const aws = Object.values(terraform?.required_providers ?? {}).find(({ source }) => /(^|\/)aws$/.test(source));
  return aws?.version?.replace(/^[=~>\s]+/, '');
}
