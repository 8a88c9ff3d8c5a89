import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageInfo } from './package-info';
import { executableName } from './provider-address';

/** A file of the provider's package, as Terraform finds it in the folder of a platform. */
export interface ProviderFile {
  readonly name: string;
  readonly content: Buffer;
}

let cached: readonly ProviderFile[] | undefined;

/**
 * The provider: the script that Terraform starts, and the program that it runs. Part of the installed package, or built from
 * the sources next to this file when they are newer (a clone of the repository, running its tests or its example).
 */
export function providerFiles(): readonly ProviderFile[] {
  cached ??= readFiles();
  return cached;
}

function readFiles(): readonly ProviderFile[] {
  const { root, version } = packageInfo();
  const folder = join(root, 'dist/provider');
  const launcher = join(folder, 'terraform-provider-mailserver.js');
  const program = join(folder, 'provider.js');
  const builder = join(root, 'scripts/bundle.mjs');
  const fromSource = __filename.endsWith('.ts') && existsSync(builder);
  // The launcher is the last that is built.
  if (fromSource && (!existsSync(launcher) || newest(join(root, 'lib')) > statSync(launcher).mtimeMs)) {
    execFileSync(process.execPath, [builder, 'provider', 'launcher'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  for (const path of [launcher, program]) {
    if (existsSync(path)) continue;
    throw new Error(
      `the Terraform provider is missing from cdktf-mailserver: ${path}; install the package again (or, in a clone, run npm run build)`,
    );
  }
  return [
    { name: 'provider.js', content: readFileSync(program) },
    { name: executableName(version), content: readFileSync(launcher) },
  ];
}

/** Time of the last change below a folder, in milliseconds. */
function newest(folder: string): number {
  const times = readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
  });
  return Math.max(0, ...times);
}
