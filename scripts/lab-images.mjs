/** Builds the images that end-to-end tests boot. They would do it themselves, but all of them would wait for it: most of it is downloading. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const scratch = mkdtempSync(join(tmpdir(), 'mailserver-images-'));
const outfile = join(scratch, 'images.cjs');

try {
  await build({
    stdin: {
      contents: "export { ensureImages, imageNames } from './lab/images'; export { defaultCacheDir } from './lab/system';",
      resolveDir: '.',
    },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    loader: { '.sh': 'text', '.py': 'text' },
    logLevel: 'error',
  });
  const { ensureImages, imageNames, defaultCacheDir } = createRequire(import.meta.url)(outfile);
  await ensureImages(defaultCacheDir(), imageNames, ({ title, state, milliseconds = 0 }) => {
    if (state !== 'started')
      console.log(`${(milliseconds / 1000).toFixed(1).padStart(6)} s  ${title}${state === 'failed' ? ' FAILED' : ''}`);
  });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
