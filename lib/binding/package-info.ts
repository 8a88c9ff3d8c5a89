import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface PackageInfo {
  /** The folder of this package's `package.json`. */
  readonly root: string;
  readonly version: string;
}

let found: PackageInfo | undefined;

/** This package, found from the running file upwards: the source and the built form lie at different depths. */
export function packageInfo(): PackageInfo {
  found ??= look(__dirname);
  return found;
}

function look(folder: string): PackageInfo {
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest)) return { root: folder, version: JSON.parse(readFileSync(manifest, 'utf8')).version };
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`cdktf-mailserver is not installed as a package: no package.json above ${__dirname}`);
  return look(parent);
}
