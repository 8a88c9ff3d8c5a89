import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostPython } from '../../support/python';

const SOURCES = join(__dirname, '../../../lib/role/remote/postfix-sources.py');
const HARMLESS = join(__dirname, '../../../lib/role/remote/postfix-rules/harmless.py');
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
  writeFileSync(at('gate'), BUILD);
  writeFileSync(at('programs/postfix-sources'), `#!/bin/sh\nexec ${hostPython} ${SOURCES} "$@"\n`);
  for (const name of ['programs/postfix-sources', 'gate']) chmodSync(at(name), 0o755);
});

/** Makes a file older than it is. */
const age = (path: string, seconds: number) => utimesSync(path, Date.now() / 1000 - seconds, Date.now() / 1000 - seconds);

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A change of configuration that is due, with everything around it in folders of the test. */
function change(how = 'strictly') {
  const script = `set -eu
    CONFIG=${folder}/etc STATE=${folder}/state CURRENT=$STATE/current PROGRAMS=${folder}/programs REFUSAL=${folder}/refusal
    RUN=${folder}/run WORK=$STATE/work MAPS=/etc/mail/transport
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

describe('the whole gate, with a build that takes no Postfix', () => {
  const PART_NAMES = ['common', 'locks', 'sources', 'build', 'activate', 'reload'];
  const part = (name: string) => readFileSync(join(PARTS, `${name}.sh`), 'utf8');

  /** Its maps and fragments are in the candidate `tree`; a line `bad` in any of them fails. */
  beforeEach(() => {
    const overrides = `
      chgrp() { :; }
      WAIT_SECONDS=1
      reload_postfix() { echo "postfix-gate: reloaded" >&2; }
      running() { false; }
      loaded() { :; }
      at_start() { :; }
      take_sources() { mkdir "$1/from" && ${hostPython} ${SOURCES} take --candidate ${at('tree')} --into "$1/from" /etc/mail/transport; }
      build_from() { "$0" build "$1" "$2" "\${3:-}" 6<&- 8>&- 9>&-; }
      build() {
        echo built >>${at('builds')}
        if [ -e ${at('no-certificate')} ]; then : >"$1/without-tls"; fi
        if [ -e ${at('words')} ]; then head -c 5000000 /dev/zero | tr '\\0' w >&2; fi
        if grep -rl '^bad' "$1/from" >/dev/null; then echo "postfix-gate: /etc/mail/transport:1: bad" >&2; return 1; fi
        if [ -e ${at('newer-rule')} ] && grep -q '^old' "$1/from/etc/mail/transport"; then
          if [ "$TOLERANTLY" != tolerantly ]; then echo "postfix-gate: /etc/mail/transport:1: old" >&2; return 1; fi
          echo "postfix-gate: tolerated: /etc/mail/transport:1: old" >&2
        fi
        echo new >"$1/main.cf"; echo new >"$1/master.cf"; mkdir "$1/maps"; cat "$1/from/etc/mail/transport" >"$1/maps/transport" || true
      }
`;
    writeFileSync(at('programs/postfix-misnamed'), '#!/bin/sh\n', { mode: 0o755 });
    mkdirSync(at('programs/checks'));
    writeFileSync(at('programs/checks/harmless.py'), `#!/bin/sh\nexec ${hostPython} ${HARMLESS} "$@"\n`, { mode: 0o755 });
    const places = `CONFIG=${at('etc')} STATE=${at('state')} PROGRAMS=${at('programs')} RUN=${at('run/locks')}`.split(' ');
    const script = places.reduce(
      (text, place) => text.replace(new RegExp(`^${place.split('=')[0]}=.*`, 'm'), place),
      [...PART_NAMES.map(part), overrides, part('main')].join('\n'),
    );
    writeFileSync(at('gate'), script);
    for (const name of ['etc/main.d', 'etc/master.d', 'programs/postfix-rules', 'tree/etc/mail'])
      mkdirSync(at(name), { recursive: true });
    write('good');
  });

  const write = (line: string) => {
    writeFileSync(at('tree/etc/mail/transport'), `${line}\n`);
    chmodSync(at('tree/etc/mail/transport'), 0o664);
    // The sources that the fingerprint is made of.
    writeFileSync(at('etc/myhostname'), line);
  };
  const run = (...args: readonly string[]) => {
    const start = performance.now();
    const { status, stdout, stderr } = spawnSync('sh', [at('gate'), ...args], { encoding: 'utf8' });
    return { status, said: stdout + stderr, seconds: (performance.now() - start) / 1000 };
  };
  const live = () => text('state/current/maps/transport');

  test('a start takes what is there while a change is under way', async () => {
    expect(run('apply').status).toBe(0);
    write('newer');
    const holder = spawn('flock', [at('run/locks/postfix-gate.lock'), 'sh', '-c', 'echo held; read -r end']);
    await new Promise((held) => holder.stdout.once('data', held));
    try {
      const started = run('prepare');
      expect(started).toMatchObject({ status: 0, said: expect.stringContaining('a change is under way') });
      expect(started.seconds).toBeLessThan(5);
      expect(run('apply')).toMatchObject({
        status: 1,
        said: expect.stringMatching(
          /waiting for another change: apply, since .*, process \d+\n.*still under way after 1 seconds/,
        ),
      });
      expect(live()).toBe('good\n');
    } finally {
      holder.stdin.end();
      await new Promise((ended) => holder.once('exit', ended));
    }
    expect(run('prepare').status).toBe(0);
    expect(live()).toBe('newer\n');
  });

  test('who does not read that they have to wait keeps nobody else from their turn', async () => {
    mkdirSync(at('run/locks'), { mode: 0o700 });
    const lock = at('run/locks/postfix-gate.lock');
    const holder = spawn('flock', [lock, 'sh', '-c', 'echo held; read -r end']);
    await new Promise((held) => holder.stdout.once('data', held));
    // Its standard error is a pipe that is full.
    const full = `mkfifo ${at('full')}; exec 3<>${at('full')}; head -c 65536 /dev/zero >&3; echo full; exec sh ${at('gate')} reload 2>&3`;
    const mute = spawn('sh', ['-c', full], { detached: true });
    const gone = new Promise((ended) => mute.once('close', ended));
    await new Promise((ready) => mute.stdout.once('data', ready));
    try {
      const end = Date.now() + 20_000;
      // It waits for the lock with the turn in its hands, and then no more.
      const free = () => spawnSync('flock', ['-n', at('run/locks/postfix-gate.turn'), 'true']).status === 0;
      while (!existsSync(at('run/locks/postfix-gate.turn')) || free()) expect(Date.now()).toBeLessThan(end);
      while (!free()) expect(Date.now()).toBeLessThan(end);
      holder.stdin.end();
      await new Promise((over) => holder.once('exit', over));
      expect(run('reload').status).toBe(0);
      expect(mute.exitCode).toBeNull();
    } finally {
      holder.stdin.destroy();
      process.kill(-(mute.pid as number), 'SIGKILL');
      await gone;
    }
  }, 30_000);

  test('locks and what is being put together are closed to others', () => {
    expect(run('reload').status).toBe(0);
    for (const name of readdirSync(at('run/locks')))
      expect(`${name} ${statSync(at(`run/locks/${name}`)).mode & 0o077}`).toMatch(/ 0$|refusal|renames/);
    expect([at('run/locks'), at('state/work')].map((path) => statSync(path).mode & 0o007)).toEqual([0, 0]);
    expect(statSync(at('state/current/from')).mode & 0o777).toBe(0o700);
  });

  test('of very many words only the first are said, and how many more there were', () => {
    writeFileSync(at('words'), '');
    const { status, said } = run('reload');
    expect(status).toBe(0);
    expect(said.length).toBeLessThan(20_000);
    expect(said).toMatch(/\npostfix-gate: \d{7} more bytes of messages are left out\n/);
  });

  test('a push goes on with a last good state that a newer rule refuses, and says what to do; a reload does not', () => {
    write('old');
    expect(run('apply').status).toBe(0);
    writeFileSync(at('newer-rule'), '');
    write('old, with a new line');
    writeFileSync(at('etc/myhostname'), 'new');
    const { status, said } = run('apply');
    expect({ status, said }).toEqual({
      status: 0,
      said: expect.stringMatching(
        /^postfix-gate: warning: \/etc\/mail\/transport:1: old\npostfix-gate: warning: what was in effect before stays so .*until these lines are corrected and put into effect with: sudo \/etc\/init.d\/postfix reload\n/,
      ),
    });
    expect(live()).toBe('old\n');
    expect(text('state/current/left-out')).toMatch(/^\/etc\/mail\/transport:1: old\nwhat was in effect before stays so/);
    expect(run('reload')).toMatchObject({ status: 1, said: expect.stringContaining('/etc/mail/transport:1: old\n') });
    write('good');
    expect(run('reload').status).toBe(0);
    expect(existsSync(at('state/current/left-out'))).toBe(false);
  });

  test('a push goes on with the last good state of a file that is bad, a reload does not', () => {
    expect(run('apply')).toMatchObject({ status: 0, said: '' });
    write('bad');
    expect(run('reload')).toMatchObject({ status: 1, said: expect.stringContaining('/etc/mail/transport:1: bad') });
    const { status, said } = run('apply');
    expect({ status, said }).toEqual({
      status: 0,
      said:
        'postfix-gate: warning: /etc/mail/transport:1: bad\n' +
        'postfix-gate: warning: of /etc/mail/transport the last good state stays in effect, until that is corrected and put into effect with: sudo /etc/init.d/postfix reload\n',
    });
    expect(live()).toBe('good\n');
    expect(run('apply')).toMatchObject({ status: 0, said: '' });
    expect(run('reload')).toMatchObject({ status: 1, said: expect.stringContaining('/etc/mail/transport:1: bad') });
    write('better');
    expect(run('reload')).toMatchObject({ status: 0 });
    expect(live()).toBe('better\n');
    expect(existsSync(at('state/current/left-out'))).toBe(false);
  });

  describe('a push that was tried', () => {
    const builds = () => text('builds').split('\n').length - 1;
    const ofThePush = () => `${at('push')}${at('etc/myhostname')}`;

    beforeEach(() => {
      mkdirSync(`${at('push')}${at('etc')}`, { recursive: true });
      writeFileSync(ofThePush(), 'pushed');
    });

    test.each<[when: string, meanwhile: () => void, builds: number]>([
      ['nothing changes meanwhile', () => undefined, 1],
      ['the files of the push are others than those that were tried', () => writeFileSync(ofThePush(), 'another'), 2],
      ['somebody changes another source', () => writeFileSync(at('etc/service-user-parameters'), 'always_bcc\n'), 2],
      ['somebody adds a fragment', () => writeFileSync(at('etc/main.d/41_new.cf'), 'biff = no\n'), 2],
      ['a program of the gate is another one', () => writeFileSync(at('programs/postfix-maps'), '#!/bin/sh\n'), 2],
      ['it was a quarter of an hour ago', () => age(at('state/work/proven/fingerprint'), 900), 2],
    ])('is built again only if it is another one by then: %s', (_, meanwhile, wanted) => {
      expect(run('check', at('push'))).toMatchObject({ status: 0, said: '' });
      meanwhile();
      writeFileSync(at('etc/myhostname'), readFileSync(ofThePush()));
      expect(run('apply')).toMatchObject({ status: 0, said: '' });
      expect(builds()).toBe(wanted);
      expect(text('etc/main.cf')).toBe('new\n');
      expect(live()).toBe('good\n');
      // It is current but for the reload, which takes a Postfix.
      expect(run('status').said).toBe('Postfix has not loaded its configuration\n');
      expect(readdirSync(at('state/work'))).toEqual([]);
      expect(statSync(at('state/current/from')).mode & 0o777).toBe(0o700);
      expect(readdirSync(at('state/current')).sort()).toEqual(['fingerprint', 'from', 'main.cf', 'maps', 'master.cf', 'sources']);
    });

    test('is built again where the certificate is made in between, and where a file was left out', () => {
      writeFileSync(at('no-certificate'), '');
      expect(run('check', at('push')).status).toBe(0);
      rmSync(at('no-certificate'));
      writeFileSync(at('etc/myhostname'), 'pushed');
      expect(run('apply').status).toBe(0);
      expect(builds()).toBe(2);
      write('bad');
      writeFileSync(ofThePush(), 'pushed again');
      expect(run('check', at('push')).said).toContain('the last good state stays in effect');
      writeFileSync(at('etc/myhostname'), 'pushed again');
      expect(run('apply').said).toContain('the last good state stays in effect');
    });

    test('counts for no reload, and not for a check that brings no files', () => {
      expect(run('check', at('push')).status).toBe(0);
      writeFileSync(at('etc/myhostname'), 'pushed');
      expect(run('reload').status).toBe(0);
      expect(builds()).toBe(2);
      expect(run('check').status).toBe(0);
      writeFileSync(at('etc/myhostname'), 'by hand');
      expect(run('apply').status).toBe(0);
      expect(builds()).toBe(4);
    });
  });

  test('a first push leaves out what is bad, and says so', () => {
    rmSync(at('state/current'));
    write('bad');
    expect(run('apply')).toMatchObject({
      status: 0,
      said: expect.stringContaining('/etc/mail/transport: left out, until that is corrected'),
    });
    expect(live()).toBe('');
  });
});
