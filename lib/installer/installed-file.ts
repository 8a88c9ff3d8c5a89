import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/**
 * Path of a file of an installed package, seen from the running program. A bundler takes the modules of a package into the
 * program, but not its other files; and it would complain about `require.resolve`.
 * @param specifier such as `cdktf/package.json`
 */
export function installedFile(specifier: string): string {
  try {
    return createRequire(__filename).resolve(specifier);
  } catch (cause) {
    throw new Error(
      `${specifier} is in no node_modules of ${dirname(__filename)} or above; a program that is bundled into one file needs its packages there, too: install them, or run it in the project's folder`,
      { cause },
    );
  }
}
