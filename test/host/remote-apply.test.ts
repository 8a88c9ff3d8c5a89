import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPTS = join(__dirname, '../../lib/host/remote/apply');

let state: string;
const at = (path: string) => join(state, path);

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'remote-apply-'));
  for (const name of ['transaction', 'transaction/plan', 'run']) mkdirSync(at(name));
  writeFileSync(at('transaction/plan/manifest'), 'file /etc/new\n');
  writeFileSync(at('transaction/plan/obsolete-directories'), '');
  writeFileSync(at('transaction/reserve'), 'room');
});

afterEach(() => rmSync(state, { recursive: true, force: true }));

/** A few lines as a part of an apply, in a state folder of the test. */
function apply(lines: string, parts: readonly string[] = ['common.sh', 'files.sh']) {
  const script = [...parts.map((part) => `. ${SCRIPTS}/${part}`), lines].join('\n');
  const env = { ...process.env, MAILSERVER_STATE: state, MAILSERVER_OUTPUT: at('run/output') };
  return spawnSync('sh', ['-c', script], { encoding: 'utf8', env });
}

test('a way back that cannot be written down ends the apply before anything is swapped', () => {
  symlinkSync('/dev/full', at('transaction/journal'));
  const { stdout } = apply('journal "restore\t/etc/hosts"; echo went on');
  expect(stdout).toContain(`::result failed cannot write ${state}/transaction/journal`);
  expect(stdout).not.toContain('went on');
  expect(existsSync(at('transaction/armed'))).toBe(false);
});

test('the last word has the room that was set aside for it', () => {
  apply('result failed "no room"');
  expect(existsSync(at('transaction/reserve'))).toBe(false);
  expect(readFileSync(at('transaction/result'), 'utf8')).toMatch(/^::result failed no room/);
});

test('a confirmed state is brought to its end by renames, as often as it is tried', () => {
  writeFileSync(at('manifest'), 'file /etc/old\n');
  writeFileSync(at('manifest.new'), 'file /etc/new\n');
  mkdirSync(at('current.new'));
  for (let time = 0; time < 2; time++) {
    writeFileSync(at('transaction/committing'), '');
    expect(apply('cp() { echo "cp $*"; return 1; }; finish_commit').stdout).toBe('');
    expect(readFileSync(at('manifest'), 'utf8')).toBe('file /etc/new\n');
    expect(readdirSync(state).sort()).toEqual(['current', 'manifest', 'run', 'transaction']);
    expect(existsSync(at('transaction/committing'))).toBe(false);
  }
});

test('nothing waits by a clock that may be set', () => {
  const scripts = readdirSync(SCRIPTS).map((name) => [name, readFileSync(join(SCRIPTS, name), 'utf8')] as const);
  expect(scripts.filter(([, text]) => /\bdate\b.*%s/.test(text)).map(([name]) => name)).toEqual([]);
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split('.')[0]);
  expect(Number(apply('uptime_seconds').stdout)).toBeGreaterThanOrEqual(uptime);
});

test.each([
  ['the state volume', '0 1310720 1310000 ext4 /srv/mailserver', '; there is no space left on /srv/mailserver'],
  ['the root disk without an inode', '99999 1000 0 ext4 /', '; there is no space left on /'],
  ['a folder in memory', '0 100 50 tmpfs /tmp', '; there is no space left on /tmp'],
  ['two disks', '0 9 9 xfs /var\n1 0 0 btrfs /home', '; there is no space left on /var; there is no space left on /home'],
  ['none, of a file system without a count of inodes', '99999 0 0 btrfs /', ''],
  ['none, of an image that is read-only by nature', '0 0 0 squashfs /snap/core', ''],
  ['none, of what systemd mounts in memory for itself', '0 100 50 tmpfs /run/credentials/x', ''],
])('the last word names each disk without room: %s', (_, lines, expected) => {
  expect(apply(`df() { printf 'Avail Inodes IFree Type Mounted\\n${lines}\\n'; }; full_disks`).stdout).toBe(expected);
});

test.each<[string, string, string, string]>([
  [
    'packages that are on hold, with the way out',
    'E: Held packages were changed and -y was used without --allow-change-held-packages.',
    'postfix\npostgrey\n',
    'apt-get install: E: Held packages were changed and -y was used without --allow-change-held-packages.; on hold are postfix postgrey: release what is needed on the host with "apt-mark unhold postfix postgrey" and apply again',
  ],
  [
    'packages that are on hold and needed by others',
    'E: Unable to correct problems, you have held broken packages.',
    'libc6\n',
    'apt-get install: E: Unable to correct problems, you have held broken packages.; on hold are libc6: release what is needed on the host with "apt-mark unhold libc6" and apply again',
  ],
  [
    'packages that go together with none, though none is on hold',
    'E: Unable to correct problems, you have held broken packages.',
    '',
    'apt-get install: E: Unable to correct problems, you have held broken packages.',
  ],
  [
    'another error as it is',
    'E: Unable to locate package postfix',
    'libc6\n',
    'apt-get install: E: Unable to locate package postfix',
  ],
])('apt tells of %s', (_, said, held, reason) => {
  writeFileSync(at('transaction/plan/install'), 'postfix\n');
  writeFileSync(at('transaction/plan/debconf'), '');
  const tools = [
    'dpkg() { :; }; forbid_service_start() { :; }; restore_service_policy() { :; }; start_paused_units() { :; }',
    `apt-get() { case $* in *install*) echo '${said}'; return 100 ;; esac; }`,
    `apt-mark() { printf '${held}'; }`,
  ];
  // bash: names of functions have no hyphen in sh.
  const script = [...['common.sh', 'packages.sh'].map((part) => `. ${SCRIPTS}/${part}`), ...tools, 'install_packages'].join('\n');
  const env = { ...process.env, MAILSERVER_STATE: state, MAILSERVER_OUTPUT: at('run/output') };
  const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8', env });
  expect(stdout).toContain(`::result failed ${reason}`);
});
