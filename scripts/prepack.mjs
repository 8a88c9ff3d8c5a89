/** `npm pack` and `npm publish`: the build, and files whose modes tell nothing of the umask of whoever builds. */
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

await import('./build.mjs');

const { files } = JSON.parse(readFileSync('package.json', 'utf8'));
// npm packs these unasked.
for (const file of ['package.json', 'README.md', 'LICENSE', ...files]) settle(file);

function settle(path) {
  const status = statSync(path);
  if (!status.isDirectory()) return chmodSync(path, status.mode & 0o100 ? 0o755 : 0o644);
  for (const name of readdirSync(path)) settle(join(path, name));
}
