/**
 * `npm run bench`: every published figure, measured in one run against one deployed lab. Needs root, like the lab.
 * The measuring part runs inside the lab's network, where the mail host can be reached.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const name = process.env.MAILSERVER_BENCH_LAB ?? 'bench';
const mailserver = ['dist/cli/mailserver.js', 'lab'];
const scratch = mkdtempSync(join(tmpdir(), 'mailserver-bench-'));

/** A CDKTF program uses the package as it is installed. */
const builtLibrary = {
  name: 'built-library',
  setup: ({ onResolve }) => onResolve({ filter: /^\.\.\/lib$/ }, () => ({ path: resolve('dist/lib/index.js'), external: true })),
};

function run(title, command, args) {
  console.log(`== ${title}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${title} failed with exit code ${status}`);
}

try {
  run('build', process.execPath, ['scripts/build.mjs']);
  for (const entry of ['measure', 'no-op-check', 'no-op-launch', 'domains', 'domains-stack']) {
    await build({
      entryPoints: [`bench/${entry}.ts`],
      outfile: join(scratch, `${entry}.js`),
      bundle: true,
      platform: 'node',
      target: 'node20',
      minifyWhitespace: true,
      minifySyntax: true,
      mainFields: ['module', 'main'],
      loader: { '.sh': 'text', '.py': 'text', '.conf': 'text', '.node': 'empty' },
      external: ['cpu-features', ...(entry === 'domains-stack' ? ['cdktf', 'constructs', '@cdktf/*'] : [])],
      plugins: entry === 'domains-stack' ? [builtLibrary] : [],
      logLevel: 'error',
    });
  }
  // Out here: nothing can be fetched from inside the lab.
  if (spawnSync('ansible-playbook', ['--version']).error) {
    const apt = (...args) =>
      spawnSync('apt-get', ['-qq', ...args], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    apt('update');
    apt('install', '-y', '--no-install-recommends', 'ansible-core', 'ansible-mitogen');
  }
  run('lab', process.execPath, [...mailserver, 'up', '--name', name]);
  const inside = ['run', '--name', name, '--', process.execPath];
  run('measure', process.execPath, [...mailserver, ...inside, join(scratch, 'measure.js'), scratch]);
  run('many domains', process.execPath, [...mailserver, ...inside, join(scratch, 'domains.js'), scratch]);
} finally {
  if (!process.argv.includes('--keep'))
    spawnSync(process.execPath, [...mailserver, 'down', '--name', name], { stdio: 'inherit' });
  rmSync(scratch, { recursive: true, force: true });
}
