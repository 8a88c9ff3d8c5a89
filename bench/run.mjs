/**
 * `npm run bench`: every published figure, measured in one run. Needs root, like the lab. `npm run bench -- load` measures the
 * load alone, `npm run bench -- gate` the gate, `npm run bench -- logins` the program that watches logins and `npm run bench -- push` the
 * first push; each has a lab of its own. The other measuring parts run inside the deployed lab's network, where the mail host can be
 * reached.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
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

async function bundle(entries) {
  for (const entry of entries) {
    await build({
      entryPoints: [`bench/${entry}.ts`],
      outfile: join(scratch, `${basename(entry)}.js`),
      bundle: true,
      platform: 'node',
      target: 'node20',
      minifyWhitespace: true,
      minifySyntax: true,
      mainFields: ['module', 'main'],
      loader: { '.sh': 'text', '.py': 'text', '.pl': 'text', '.conf': 'text', '.node': 'empty' },
      external: ['cpu-features', ...(entry.endsWith('-stack') ? ['cdktf', 'constructs', '@cdktf/*'] : [])],
      plugins: entry.endsWith('-stack') ? [builtLibrary] : [],
      logLevel: 'error',
    });
  }
}

async function measureDeployed() {
  run('build', process.execPath, ['scripts/build.mjs']);
  await bundle(['measure', 'no-op-check', 'no-op-launch', 'domains', 'domains-stack', 'lists', 'lists-stack']);
  // Out here: nothing can be fetched from inside the lab.
  if (spawnSync('ansible-playbook', ['--version']).error) {
    const apt = (...args) =>
      spawnSync('apt-get', ['-qq', ...args], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    apt('update');
    apt('install', '-y', '--no-install-recommends', 'ansible-core', 'ansible-mitogen');
  }
  try {
    run('lab', process.execPath, [...mailserver, 'up', '--name', name]);
    const inside = ['run', '--name', name, '--', process.execPath];
    run('measure', process.execPath, [...mailserver, ...inside, join(scratch, 'measure.js'), scratch]);
    run('many domains', process.execPath, [...mailserver, ...inside, join(scratch, 'domains.js'), scratch]);
    // Last: it leaves the host with another configuration.
    run('large lists', process.execPath, [...mailserver, ...inside, join(scratch, 'lists.js'), scratch]);
  } finally {
    if (!process.argv.includes('--keep'))
      spawnSync(process.execPath, [...mailserver, 'down', '--name', name], { stdio: 'inherit' });
  }
}

async function measureGate() {
  await bundle(['gate/main']);
  run('gate', process.execPath, [join(scratch, 'main.js')]);
}

async function measureLogins() {
  await bundle(['logins/main']);
  run('logins', process.execPath, [join(scratch, 'main.js')]);
}

async function measurePush() {
  await bundle(['push/main']);
  run('first push', process.execPath, [join(scratch, 'main.js')]);
}

async function measureLoad() {
  await bundle(['load/main']);
  run('load', process.execPath, [join(scratch, 'main.js')]);
}

try {
  const wanted = (part) =>
    process.argv.includes(part) || !['deployed', 'load', 'gate', 'logins', 'push'].some((other) => process.argv.includes(other));
  if (wanted('deployed')) await measureDeployed();
  if (wanted('gate')) await measureGate();
  if (wanted('logins')) await measureLogins();
  if (wanted('push')) await measurePush();
  if (wanted('load')) await measureLoad();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
