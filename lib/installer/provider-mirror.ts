import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { packageInfo } from './package-info';
import { mirrorFolder, platforms } from './provider-address';
import { providerFiles } from './provider-files';

/**
 * Puts the provider where Terraform looks for it without any configuration: below `terraform.d/plugins` of the folder that it runs
 * in. Other versions are removed; files that are already there are not written again.
 */
export function placeProvider(workingDirectory: string): void {
  const { version } = packageInfo();
  const mirror = join(workingDirectory, mirrorFolder);
  dropOtherVersions(mirror, version);
  for (const { name, content } of providerFiles()) {
    const [first = '', ...others] = platforms.map((platform) => join(mirror, version, platform, name));
    if (!holds(first, content)) place(first, (path) => writeFileSync(path, content));
    for (const path of others) {
      if (!isSameFile(first, path) && !holds(path, content)) place(path, (to) => copyOrLink(first, to));
    }
  }
}

/** Writes next to the file and renames: another synthesis, or a running Terraform, never sees half a file. */
export function place(path: string, write: (path: string) => void, mode = 0o755): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  rmSync(temporary, { force: true });
  write(temporary);
  chmodSync(temporary, mode);
  renameSync(temporary, path);
}

const holds = (path: string, content: Buffer) =>
  statSync(path, { throwIfNoEntry: false })?.size === content.length && readFileSync(path).equals(content);

function isSameFile(left: string, right: string): boolean {
  const [one, other] = [left, right].map((path) => statSync(path, { throwIfNoEntry: false, bigint: true }));
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}

/** The platforms share their scripts; where links are impossible, they share the content. */
function copyOrLink(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

function dropOtherVersions(mirror: string, version: string): void {
  if (!existsSync(mirror)) return;
  for (const other of readdirSync(mirror).filter((name) => name !== version))
    rmSync(join(mirror, other), { recursive: true, force: true });
}
