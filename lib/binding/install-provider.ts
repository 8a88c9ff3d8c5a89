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
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { TerraformStack } from 'cdktf';
import { mergeLockFile, type RequiredProvider } from './lock-file';
import { packageHash } from './package-hash';
import { packageInfo } from './package-info';
import { executableName, mirrorFolder, platforms, providerSource } from './provider-address';
import { providerScript } from './provider-script';

/**
 * Lays the provider and its entry in the lock file beside a synthesised stack, so that `cdktf deploy` and `terraform init` find
 * it with no configuration and no registry. Writes nothing that is there already.
 */
export function installProvider(stack: TerraformStack, workingDirectory: string): void {
  const { version } = packageInfo();
  const script = providerScript();
  const mirror = join(workingDirectory, mirrorFolder);
  dropOtherVersions(mirror, version);
  const name = executableName(version);
  const [first, ...others] = platforms.map((platform) => join(mirror, version, platform, name));
  if (first) place(first, (path) => writeFileSync(path, script), script);
  for (const path of others) place(path, (to) => copyOrLink(first ?? '', to), script);

  const lockFile = join(workingDirectory, '.terraform.lock.hcl');
  const existing = existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : '';
  const bundled = { source: providerSource, version, hash: packageHash(name, script) };
  const merged = mergeLockFile(existing, requiredProviders(stack), bundled);
  if (merged !== existing) place(lockFile, (path) => writeFileSync(path, merged), undefined, 0o644);
}

/** What the stack really says, overrides included. */
function requiredProviders(stack: TerraformStack): readonly RequiredProvider[] {
  const { terraform } = stack.toTerraform() as {
    readonly terraform?: { readonly required_providers?: Record<string, RequiredProvider> };
  };
  return Object.values(terraform?.required_providers ?? {});
}

/** Writes beside and renames: another synthesis, or a running Terraform, never sees half a file. */
function place(path: string, write: (path: string) => void, content?: Buffer, mode = 0o755): void {
  if (content && existsSync(path) && readFileSync(path).equals(content)) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  rmSync(temporary, { force: true });
  write(temporary);
  chmodSync(temporary, mode);
  renameSync(temporary, path);
}

/** The platforms share one script; where links are impossible, they share its content. */
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
