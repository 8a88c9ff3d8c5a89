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
import { TerraformProvider, type TerraformStack } from 'cdktf';
import { mergeLockFile, type RequiredProvider } from './lock-file';
import { packageHash } from './package-hash';
import { packageInfo } from './package-info';
import { mirrorFolder, platforms, providerSource } from './provider-address';
import { providerFiles } from './provider-files';

/**
 * Lays the provider and its entry in the lock file beside a synthesised stack, so that `cdktf deploy` and `terraform init` find
 * it with no configuration and no registry. Writes nothing that is there already.
 */
export function installProvider(stack: TerraformStack, workingDirectory: string): void {
  const { version } = packageInfo();
  const files = providerFiles();
  const mirror = join(workingDirectory, mirrorFolder);
  dropOtherVersions(mirror, version);
  for (const { name, content } of files) {
    const [first = '', ...others] = platforms.map((platform) => join(mirror, version, platform, name));
    if (!holds(first, content)) place(first, (path) => writeFileSync(path, content));
    for (const path of others) {
      if (!isSameFile(first, path) && !holds(path, content)) place(path, (to) => copyOrLink(first, to));
    }
  }

  const lockFile = join(workingDirectory, '.terraform.lock.hcl');
  const existing = existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : '';
  const bundled = { source: providerSource, version, hash: packageHash(files) };
  const merged = mergeLockFile(existing, requiredProviders(stack), bundled);
  if (merged !== existing) place(lockFile, (path) => writeFileSync(path, merged), 0o644);
}

interface Requirements {
  readonly terraform?: { readonly required_providers?: Readonly<Record<string, RequiredProvider>> };
}

/** What the stack really says, overrides included. Asking the providers alone is much quicker than rendering the whole stack. */
function requiredProviders(stack: TerraformStack): readonly RequiredProvider[] {
  const { rawOverrides } = stack as unknown as { readonly rawOverrides: Requirements };
  const providers = stack.node.findAll().filter((node) => TerraformProvider.isTerraformProvider(node)) as TerraformProvider[];
  const required: Record<string, RequiredProvider> = {};
  for (const part of [...providers.map((provider) => provider.toTerraform() as Requirements), rawOverrides]) {
    for (const [name, provider] of Object.entries(part.terraform?.required_providers ?? {})) {
      required[name] = { ...required[name], ...provider };
    }
  }
  return Object.values(required);
}

const holds = (path: string, content: Buffer) =>
  statSync(path, { throwIfNoEntry: false })?.size === content.length && readFileSync(path).equals(content);

function isSameFile(left: string, right: string): boolean {
  const [one, other] = [left, right].map((path) => statSync(path, { throwIfNoEntry: false, bigint: true }));
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}

/** Writes beside and renames: another synthesis, or a running Terraform, never sees half a file. */
function place(path: string, write: (path: string) => void, mode = 0o755): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  rmSync(temporary, { force: true });
  write(temporary);
  chmodSync(temporary, mode);
  renameSync(temporary, path);
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
