/** Checks every shell script of the package with shellcheck; installs it from Debian where that is possible. */
import { execFileSync, spawnSync } from 'node:child_process';

const has = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;

if (!has('shellcheck') && process.getuid?.() === 0 && has('apt-get')) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['-qq', 'update'], { stdio: 'ignore', env });
  spawnSync('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', 'shellcheck'], { stdio: 'ignore', env });
}
if (!has('shellcheck')) {
  console.error('shellcheck is missing: install it (Debian: apt-get install shellcheck, macOS: brew install shellcheck)');
  process.exit(1);
}

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', '*.sh', '.ci/run'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '');
const result = spawnSync('shellcheck', ['--severity=style', ...files], { stdio: 'inherit' });
if (result.status === 0) console.log(`shellcheck: ${files.length} scripts, nothing to complain about`);
process.exit(result.status ?? 1);
