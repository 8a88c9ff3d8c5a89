/**
 * Runs the same sources with other versions of what they are built on, in a copy that is thrown away. Only the named packages
 * are installed there; everything else is linked from this checkout.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @param {{ name: string, dependencies: Record<string, string>, overrides?: object, steps: [string, string[]][],
 *   env?: Record<string, string>, verdict: (installed: Record<string, string>) => string }} variant
 *   `steps` are scripts below node_modules with their arguments
 */
export function runVariant({ name, dependencies, overrides, steps, env = {}, verdict }) {
  const folder = mkdtempSync(join(tmpdir(), `mailserver-${name}-`));
  const cleanUp = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', cleanUp);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  const started = Date.now();
  try {
    copySources(folder);
    const installed = install(folder, dependencies, overrides);
    linkTheRest(folder);
    for (const [script, args] of steps) {
      const { status, signal } = spawnSync(process.execPath, [join('node_modules', script), ...args], {
        cwd: folder,
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, ...env },
      });
      if (status !== 0) throw new Error(`${script} ${args.join(' ')} ended with ${signal ?? status}`);
    }
    console.log(`${name}: passed in ${Math.round((Date.now() - started) / 1000)} s; ${verdict(installed)}`);
  } catch (error) {
    console.log(`${name}: FAILED after ${Math.round((Date.now() - started) / 1000)} s; ${error.message}`);
    process.exitCode = 1;
  }
}

function copySources(folder) {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const file of new Set(listed.split('\0').filter(Boolean))) {
    if (!existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
}

/** Installs the named packages alone and gives the versions that npm has chosen. */
function install(folder, dependencies, overrides) {
  const own = join(folder, 'variant');
  mkdirSync(own);
  writeFileSync(join(own, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }));
  execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts'], {
    cwd: own,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  mkdirSync(join(folder, 'node_modules'));
  execFileSync('mv', [
    ...readdirSync(join(own, 'node_modules')).map((entry) => join(own, 'node_modules', entry)),
    join(folder, 'node_modules'),
  ]);
  rmSync(own, { recursive: true });
  return Object.fromEntries(
    Object.keys(dependencies).map((dependency) => [
      dependency,
      JSON.parse(readFileSync(join(folder, 'node_modules', dependency, 'package.json'), 'utf8')).version,
    ]),
  );
}

function linkTheRest(folder) {
  const [from, to] = [join(root, 'node_modules'), join(folder, 'node_modules')];
  for (const entry of readdirSync(from)) {
    if (!entry.startsWith('@')) link(join(from, entry), join(to, entry));
    else for (const member of readdirSync(join(from, entry))) link(join(from, entry, member), join(to, entry, member));
  }
}

function link(from, to) {
  if (existsSync(to)) return;
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(from, to);
}
