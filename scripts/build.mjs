/** Builds what the package ships: the constructs with their types, the provider and the command as one script each. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { bundle, bundles } from './bundle.mjs';
import { bundledPackages } from './bundled-packages.mjs';
import { licenseTexts } from './license-texts.mjs';
import { sbom } from './sbom.mjs';

rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--emitDeclarationOnly'], {
  stdio: 'inherit',
});
const parts = [];
for (const each of Object.values(bundles)) parts.push(...(await bundle(each)));
writeFileSync(
  'dist/example/cdktf.json',
  `${JSON.stringify({ language: 'typescript', app: 'node main.js', sendCrashReports: 'false' })}\n`,
);

const [own, lock] = ['package.json', 'package-lock.json'].map((file) => JSON.parse(readFileSync(file, 'utf8')));
const packages = bundledPackages('.', parts);
writeFileSync('dist/THIRD-PARTY-LICENSES.txt', licenseTexts('.', packages));
writeFileSync('dist/sbom.cdx.json', sbom(own, packages, lock));
