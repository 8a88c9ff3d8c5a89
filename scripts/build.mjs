/** Builds what the package ships: the constructs with their types, the provider and the command as one script each. */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { bundle, bundles } from './bundle.mjs';

rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--emitDeclarationOnly'], {
  stdio: 'inherit',
});
for (const each of Object.values(bundles)) await bundle(each);
writeFileSync(
  'dist/example/cdktf.json',
  `${JSON.stringify({ language: 'typescript', app: 'node main.js', sendCrashReports: 'false' })}\n`,
);
