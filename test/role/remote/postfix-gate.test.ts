import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostPython } from '../../support/python';

const SOURCES = join(__dirname, '../../../lib/role/remote/postfix-sources.py');
const PARTS = join(__dirname, '../../../lib/role/remote/postfix-gate');

let folder: string;
const at = (path: string) => join(folder, path);
const text = (path: string) => readFileSync(at(path), 'utf8');

/** The gate's own build is replaced by one that makes a main.cf and a master.cf that say `new`. */
const BUILD = '#!/bin/sh\n[ "$1" = build ] || exit 2\necho new >"$2/main.cf" && echo new >"$2/master.cf" && mkdir "$2/maps"\n';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postfix-gate-'));
  for (const name of ['etc', 'run', 'state', 'state/generation-1', 'programs']) mkdirSync(at(name));
  for (const place of ['etc', 'state/generation-1'])
    for (const name of ['main.cf', 'master.cf']) writeFileSync(at(`${place}/${name}`), 'old\n');
  symlinkSync('generation-1', at('state/current'));
  writeFileSync(at('programs/postfix-maps'), '#!/bin/sh\necho /etc/mail/transport\n');
  writeFileSync(at('gate'), BUILD);
  writeFileSync(at('programs/postfix-sources'), `#!/bin/sh\nexec ${hostPython} ${SOURCES} "$@"\n`);
  for (const name of ['programs/postfix-maps', 'programs/postfix-sources', 'gate']) chmodSync(at(name), 0o755);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A change of configuration that is due, with everything around it in folders of the test. */
function change(how = 'strictly') {
  const script = `set -eu
    CONFIG=${folder}/etc STATE=${folder}/state CURRENT=$STATE/current PROGRAMS=${folder}/programs REFUSAL=${folder}/refusal
    RUN=${folder}/run WORK=$STATE/work
    chgrp() { :; }
    complain() { echo "postfix-gate: $*" >&2; }
    live_text() { echo changed; }
    fingerprint() { echo print; }
    . ${PARTS}/locks.sh
    . ${PARTS}/build.sh
    # Without a view of the file system of its own, which takes root.
    build_from() { "$0" build "$1" "$2" 6<&- 9>&-; }
    . ${PARTS}/activate.sh
    rc=0
    change ${how} || rc=$?
    echo "$CHANGED"
    exit $rc`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script, at('gate')], { encoding: 'utf8' });
  return { status, changed: stdout.trim(), said: stderr };
}

/** Nothing of the new state is left, and everything of the old one is. */
function expectOldState() {
  expect(readlinkSync(at('state/current'))).toBe('generation-1');
  expect([text('etc/main.cf'), text('etc/master.cf')]).toEqual(['old\n', 'old\n']);
  expect(readdirSync(at('state')).sort()).toEqual(['current', 'generation-1', 'work']);
  expect(readdirSync(at('state/work'))).toEqual([]);
  expect(readdirSync(at('etc')).filter((name) => name.endsWith('.new'))).toEqual([]);
}

test('a state that was built and tried out becomes the live one, and the one before it is kept', () => {
  mkdirSync(at('state/generation-0'));
  expect(change()).toEqual({ status: 0, changed: 'yes', said: '' });
  expect([text('etc/main.cf'), text('etc/master.cf'), text('state/current/main.cf')]).toEqual(['new\n', 'new\n', 'new\n']);
  expect(existsSync(at('state/generation-0'))).toBe(false);
  expect(existsSync(at('state/generation-1'))).toBe(true);
  expect(text('state/current/fingerprint')).toBe('print\n');
});

test.each(['main.cf.new', 'master.cf.new'])('no room for %s keeps the whole old state, and is said', (name) => {
  symlinkSync('/dev/full', at(`etc/${name}`));
  const { status, changed, said } = change();
  expect({ status, changed }).toEqual({ status: 1, changed: 'no' });
  expect(said).toMatch(/^postfix-gate: nothing was changed, Postfix keeps the state it had:\ncp: .*No space left on device/);
  expectOldState();
});

test('a build that fails keeps the old state, with its words', () => {
  writeFileSync(at('gate'), '#!/bin/sh\necho half >"$2/main.cf"\necho "postfix-gate: no" >&2\nexit 1\n');
  const { status, said } = change();
  expect(status).toBe(1);
  expect(said).toBe('postfix-gate: nothing was changed, Postfix keeps the state it had:\npostfix-gate: no\n');
  expectOldState();
});

test('a main.cf that cannot be replaced takes back what was replaced before it', () => {
  rmSync(at('etc/main.cf'));
  mkdirSync(at('etc/main.cf'));
  const { status, changed } = change();
  expect({ status, changed }).toEqual({ status: 1, changed: 'no' });
  expect(readlinkSync(at('state/current'))).toBe('generation-1');
  expect(text('etc/master.cf')).toBe('old\n');
});

test('half a file never passes: what fails while the state is put together ends it', () => {
  symlinkSync('/dev/full', at('etc/main.cf.settled'));
  writeFileSync(at('etc/main.cf.origin'), '');
  const script = `set -eu; . ${PARTS}/assemble.sh; settle_doubles ${folder}/etc; echo survived`;
  const { status, stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  expect({ survived: stdout, failed: status !== 0 }).toEqual({ survived: '', failed: true });
  expect(text('etc/main.cf')).toBe('old\n');
});
