import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TerraformProvider, type TerraformStack } from 'cdktf';
import { mergeLockFile, type RequiredProvider } from './lock-file';
import { packageHash } from './package-hash';
import { packageInfo } from './package-info';
import { providerSource } from './provider-address';
import { providerFiles } from './provider-files';
import { place, placeProvider } from './provider-mirror';

/**
 * Puts the provider and its entry in the lock file next to a synthesised stack, so that `cdktf deploy` and `terraform init` find it
 * without configuration or a registry. Writes nothing that is already there.
 */
export function installProvider(stack: TerraformStack, workingDirectory: string): void {
  placeProvider(workingDirectory);
  const lockFile = join(workingDirectory, '.terraform.lock.hcl');
  const existing = existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : '';
  const { version } = packageInfo();
  const bundled = { source: providerSource, version, hash: packageHash(providerFiles()) };
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
