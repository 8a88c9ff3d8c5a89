import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { run } from '../../lab/system';

const root = resolve(__dirname, '../..');
const version = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version as string;

/** What is in a clone before anything is built. */
const NOT_SOURCES = ['node_modules', '.git', 'dist', 'cdktf.out', '.lab', 'coverage'];

/**
 * Packs the sources in a folder of their own, as `npm publish` does; gives the path of the tarball.
 * @param folder Is made.
 * @param how The umask of whoever made the clone, and further variables of the environment.
 */
export async function pack(
  folder: string,
  how: { readonly umask?: '022' | '077'; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const { umask = '022', env = {} } = how;
  cpSync(root, folder, { recursive: true, filter: (path) => !NOT_SOURCES.includes(relative(root, path)) });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const script = `umask ${umask}; cd "$1" && find . -type f -exec chmod ${umask === '077' ? 'go-rwx' : 'go+r'} {} + && npm pack --silent`;
  await run('sh', ['-c', script, 'sh', folder], { env });
  return join(folder, `cdktf-mailserver-${version(root)}.tgz`);
}

/**
 * Installs a tarball as npm would find it at a registry; nothing else is installed next to it but what it depends on.
 * @param folder Is made.
 */
export async function installPacked(tarball: string, folder: string): Promise<void> {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const zod = join(root, 'node_modules/zod');
  await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder, zod]);
  const install = ['install', '--offline', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund'];
  await run('npm', [...install, tarball, join(folder, `zod-${version(zod)}.tgz`)], { cwd: folder });
}
