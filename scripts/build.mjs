/** Builds what the package ships: the constructs with their types, the provider and the command as one script each. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });

/** One executable script without look-ups at run time: Terraform starts it from the stack's own folder. */
async function bundle(entry, outfile) {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: false,
    legalComments: 'none',
    banner: { js: '#!/usr/bin/env node' },
    loader: { '.sh': 'text', '.py': 'text', '.proto': 'text', '.conf': 'text', '.node': 'empty' },
    external: ['cpu-features'],
    logLevel: 'error',
    metafile: false,
  });
  chmodSync(outfile, 0o755);
}

const bundles = [
  ['lib/provider/main.ts', 'dist/provider/terraform-provider-mailserver.js'],
  ['lib/cli/main.ts', 'dist/cli/mailserver.js'],
];
for (const [entry, outfile] of bundles) if (existsSync(entry)) await bundle(entry, outfile);
