import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { installedFile } from './installed-file';

export interface PackageInfo {
  /** The folder of this package's `package.json`. */
  readonly root: string;
  readonly version: string;
}

let found: PackageInfo | undefined;

/** This package as it is installed: what Terraform starts is among its files, even where the program is bundled into one. */
export function packageInfo(): PackageInfo {
  found ??= look();
  return found;
}

function look(): PackageInfo {
  const manifest = installedFile('cdktf-mailserver/package.json');
  return { root: dirname(manifest), version: JSON.parse(readFileSync(manifest, 'utf8')).version };
}
