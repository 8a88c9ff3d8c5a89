import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageInfo } from './package-info';

let cached: Buffer | undefined;

/**
 * The provider as one script: part of the installed package, or built from the sources beside this file when they are newer
 * (a clone of the repository, running its tests or its example).
 */
export function providerScript(): Buffer {
  cached ??= readScript();
  return cached;
}

function readScript(): Buffer {
  const { root } = packageInfo();
  const script = join(root, 'dist/provider/terraform-provider-mailserver.js');
  const builder = join(root, 'scripts/bundle.mjs');
  const fromSource = __filename.endsWith('.ts') && existsSync(builder);
  if (fromSource && (!existsSync(script) || newest(join(root, 'lib')) > statSync(script).mtimeMs)) {
    execFileSync(process.execPath, [builder, 'provider'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  if (!existsSync(script)) {
    throw new Error(
      `the Terraform provider is missing from cdktf-mailserver: ${script}; install the package again (or, in a clone, run npm run build)`,
    );
  }
  return readFileSync(script);
}

/** Time of the last change below a folder, in milliseconds. */
function newest(folder: string): number {
  const times = readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
  });
  return Math.max(0, ...times);
}
