import { waitFor } from '../../lab/system';
import { collectFacts } from '../../lib/host/collect-facts';
import { isEmpty } from '../../lib/host/diff';
import { factsRequest } from '../../lib/host/facts-request';
import { HostError } from '../../lib/host/host-error';
import { removeRole, stopRole } from '../../lib/host/remove';
import { HostLab, type TestMachine } from './support/host-lab';
import { type Sample, sampleState } from './support/sample-state';

jest.setTimeout(120_000);

let lab: HostLab;
let host: TestMachine;
/** Grows, so that every state differs from the one before. */
let version = 0;

const next = (sample: Partial<Sample> = {}) => sampleState({ version: `v${++version}`, ...sample });
const current = (sample: Partial<Sample> = {}) => sampleState({ version: `v${version}`, ...sample });

const pidOf = (unit: string) => host.inside(`systemctl show -p MainPID --value ${unit}`);
const liveVersion = () => host.inside('cat /etc/sample/parts/10_version /etc/sample/all; grep identity /etc/nsd/nsd.conf');
const versionLines = (number: number) => `version = v${number}\nversion = v${number}\n  identity: "v${number}"`;

/** Nothing of a change may be left: old files, old derived state, daemons that run. */
async function expectOldState(number: number): Promise<void> {
  expect(await liveVersion()).toBe(versionLines(number));
  expect(await host.inside('systemctl is-active nsd ticker')).toBe('active\nactive');
  expect(await host.inside('find /etc -name ".*mailserver-*"')).toBe('');
}

async function failure(work: Promise<unknown>): Promise<HostError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(HostError);
  return error as HostError;
}

/** A probe that holds the apply, with everything in place, until `release` is called. */
const held = 'test -e /run/release';
const release = () => host.inside('touch /run/release');
const atProbe = (work: () => Promise<unknown>) => {
  let started: Promise<unknown> | undefined;
  const onLine = (line: string) => {
    if (line.includes('probe: nsd')) started ??= work();
  };
  return { onLine, done: () => started };
};

beforeAll(async () => {
  lab = await HostLab.start(['debian-13', 'debian-12']);
}, 600_000);
beforeEach(async () => {
  if (host !== undefined) await host.inside('rm -f /run/release').catch(() => undefined);
});
afterAll(() => lab.stop());

describe('a new machine', () => {
  test('is brought to the desired state from the first moment of its boot', async () => {
    host = await lab.boot('mail', { number: 60, cloudInit: true });
    const { lines } = await host.apply(next());
    expect(lines.map((line) => line.replace(/^\[\d+\.\d s\] /, ''))).toEqual(
      expect.arrayContaining([
        'group: service',
        'user: webapp',
        'packages: install nsd',
        'validate: nsd-checkconf',
        'file: create /etc/sample/local, once',
        'build: /etc/sample/all (parts changed)',
        'probe: nsd',
      ]),
    );
    expect(await host.inside('id -nG webapp; id -nG nsd')).toBe('webapp service\nnsd service');
    expect(await host.inside('stat -c "%U:%G %a" /etc/sample /etc/sample/local /etc/sample/parts/10_version')).toBe(
      'root:service 2775\nroot:service 664\nroot:service 640',
    );
    expect(await host.inside('systemctl is-enabled nsd ticker; ls /usr/sbin/policy-rc.d 2>&1 || true')).toMatch(
      /^enabled\nenabled\nls: cannot access/,
    );
  });

  test('has nothing left to do, which takes one exec to know', async () => {
    const connection = await host.connect();
    const exec = jest.spyOn(connection, 'exec');
    const start = performance.now();
    const facts = await collectFacts(connection, factsRequest(current()));
    process.stderr.write(`            facts of an unchanged host: ${Math.round(performance.now() - start)} ms\n`);
    await connection.close();
    expect(exec).toHaveBeenCalledTimes(1);
    expect(facts.packages.nsd).toMatch(/^4\./);
    expect((await host.apply(current())).lines).toEqual([]);
  });
});

describe('a change', () => {
  test('puts drift back and touches nothing else', async () => {
    const ticker = await pidOf('ticker.service');
    await host.inside('echo "# edited" >>/etc/nsd/nsd.conf; chmod 700 /etc/sample; gpasswd -d webapp service >/dev/null');
    const { changes } = await host.apply(current());
    expect(changes.files).toEqual([{ path: '/etc/nsd/nsd.conf', action: 'replace' }]);
    expect(changes.directories).toEqual(['/etc/sample']);
    expect(changes.users).toEqual([{ name: 'webapp', create: false, addToGroups: ['service'] }]);
    expect(changes.services).toEqual([{ unit: 'nsd.service', action: 'restart', reason: '/etc/nsd/nsd.conf changed' }]);
    expect(await pidOf('ticker.service')).toBe(ticker);
  });

  test('reloads what reads a rebuilt state, with the command that was given', async () => {
    const ticker = await pidOf('ticker.service');
    const { lines } = await host.apply(next());
    expect(lines.join('\n')).toContain('service: reload ticker.service (/etc/sample/all changed)');
    expect(await host.inside('cat /run/ticker-reloaded')).toMatch(/^\d+$/);
    expect(await pidOf('ticker.service')).toBe(ticker);
  });

  test('starts what was stopped, disabled or masked by hand', async () => {
    await host.inside(
      'systemctl disable --now --quiet nsd; systemctl stop ticker; rm /etc/systemd/system/multi-user.target.wants/ticker.service',
    );
    await host.apply(current());
    expect(await host.inside('systemctl is-active nsd ticker; systemctl is-enabled nsd ticker')).toBe(
      'active\nactive\nenabled\nenabled',
    );
    await host.inside('systemctl mask --now --quiet nsd');
    await host.apply(current());
    expect(await host.inside('systemctl is-active nsd')).toBe('active');
  });

  test('never touches what the service users made of their files', async () => {
    await host.inside(
      'echo "webapp was here" >/etc/sample/local; chown webapp:webapp /etc/sample/local; chmod 600 /etc/sample/local',
    );
    await host.apply(next());
    expect(await host.inside('cat /etc/sample/local; stat -c "%U:%G %a" /etc/sample/local')).toBe(
      'webapp was here\nwebapp:webapp 600',
    );
  });

  test('removes a file that is no longer wanted, and keeps it in the backup', async () => {
    await host.apply(next({ extraFile: '/etc/sample/parts/20_extra' }));
    expect(await host.inside('cat /etc/sample/all')).toBe(`version = v${version}\nextra`);
    const { changes } = await host.apply(current());
    expect(changes.files).toEqual([{ path: '/etc/sample/parts/20_extra', action: 'remove' }]);
    expect(await host.inside('cat /etc/sample/all; cat /var/lib/mailserver/backup/*/etc/sample/parts/20_extra')).toBe(
      `version = v${version}\nextra`,
    );
  });

  test('gives a file that is managed no more to the service users, as it is', async () => {
    const path = '/etc/sample/map';
    const look = () => host.inside(`cat ${path}; stat -c "%U:%G %a" ${path}`);
    await host.apply(next({ extraFile: path }));
    const good = version;
    await failure(host.apply(next({ extraSeed: path, probe: 'exit 1', probeSeconds: 1 })));
    expect(await look()).toBe('extra\nroot:root 644');
    version = good;
    const { lines } = await host.apply(next({ extraSeed: path }));
    expect(lines.join('\n')).toContain(`file: give ${path} to the service users`);
    expect(await look()).toBe('extra\nroot:service 664');
    await host.inside(`chmod 600 ${path}`);
    await host.apply(next({ extraSeed: path }));
    expect(await look()).toBe('extra\nroot:service 600');
    await host.inside(`rm ${path}`);
    await host.apply(next());
  });

  test('puts back what a path held before it was managed, file or link', async () => {
    const paths = ['/etc/sample-file', '/etc/sample-link'] as const;
    await host.inside(`echo before >${paths[0]}; chmod 600 ${paths[0]}; ln -s sample-file ${paths[1]}`);
    for (const extraFile of paths) {
      await host.apply(next({ extraFile }));
      expect(await host.inside(`test ! -L ${extraFile}; cat ${extraFile}`)).toBe('extra');
      await host.apply(next({ extraFile }));
      await host.apply(next());
    }
    expect(await host.inside(`cat ${paths[0]}; stat -c %a ${paths[0]}; readlink ${paths[1]}`)).toBe('before\n600\nsample-file');
    expect(await host.inside(`find /var/lib/mailserver/originals/etc -name 'sample*'`)).toBe('');
  });

  test('replaces a symbolic link by the file and leaves its target alone', async () => {
    await host.inside('echo mine >/root/mine; ln -sf /root/mine /etc/nsd/nsd.conf');
    await host.apply(current());
    expect(await host.inside('cat /root/mine; test -L /etc/nsd/nsd.conf || echo file')).toBe('mine\nfile');
  });

  test('removes a directory that is no longer wanted, once the change is confirmed', async () => {
    const path = '/etc/sample/more';
    const look = () => host.inside(`stat -c "%U:%G %a" ${path} 2>&1 || true`);
    await host.apply(next({ extraDirectory: path }));
    const good = version;
    const error = await failure(host.apply(next({ probe: 'exit 1', probeSeconds: 1 })));
    expect(error.kind).toBe('rolledBack');
    expect(await look()).toBe('root:service 2750');
    version = good;
    await host.apply(current());
    expect(await look()).toContain('No such file');
  });

  test('never writes through a link that a service user left where it works', async () => {
    const names = ['parts/.10_version', '.local'].map((name) => `/etc/sample/${name}.mailserver-new`).join(' ');
    await host.inside(
      `echo mine >/root/mine; chmod 600 /root/mine; rm /etc/sample/local; for name in ${names}; do ln -s /root/mine $name; done`,
    );
    await host.apply(next());
    expect(await host.inside('cat /root/mine; stat -c "%U:%G %a" /root/mine')).toBe('mine\nroot:root 600');
    expect(await host.inside('test ! -L /etc/sample/parts/10_version && cat /etc/sample/local')).toBe('# yours');
    await expectOldState(version);
  });

  test('finishes an installation of packages that was interrupted', async () => {
    await host.inside('dpkg --unpack /srv/apt/bzip2_*.deb >/dev/null 2>&1; dpkg --audit | grep -q bzip2');
    await host.apply(next());
    expect(await host.inside('dpkg --audit; dpkg-query -W -f "\\${db:Status-Status}" bzip2')).toBe('installed');
  });

  test('purges a package that shall be absent', async () => {
    const { lines } = await host.apply(next({ absentPackages: ['bzip2'] }));
    expect(lines.join('\n')).toContain('packages: purge bzip2');
    expect(await host.inside('dpkg-query -W -f "\\${db:Status-Status}" bzip2 2>&1 || true')).toMatch(
      /not-installed|no packages found/,
    );
  });
});

describe('a change that does not work', () => {
  let good: number;
  beforeEach(() => {
    good = version;
  });
  afterEach(() => {
    version = good;
  });

  test('is refused by the validator and nothing is changed', async () => {
    const nsd = await pidOf('nsd.service');
    const error = await failure(host.apply(next({ configuration: '  nonsense: 1\n' })));
    expect(error.kind).toBe('refused');
    expect(error.message).toMatch(/^nothing was changed on 127\.0\.0\.1:\d+: nsd-checkconf refuses the new state: /);
    expect(error.message).toContain('syntax error');
    await expectOldState(good);
    expect(await pidOf('nsd.service')).toBe(nsd);
  });

  test('is refused when a package does not exist, with the words of apt', async () => {
    const error = await failure(host.apply(next({ packages: ['no-such-package'] })));
    expect(error.kind).toBe('failed');
    expect(error.message).toContain('apt-get install: E: Unable to locate package no-such-package');
    await expectOldState(good);
    expect(await host.inside('ls /usr/sbin/policy-rc.d 2>&1 || true')).toContain('No such file');
  });

  test('is rolled back when a probe fails', async () => {
    const error = await failure(host.apply(next({ probe: 'echo "no answer on port 53"; exit 1', probeSeconds: 1 })));
    expect(error.kind).toBe('rolledBack');
    expect(error.message).toMatch(/^the old state was put back on .*: nsd did not succeed within 1 s: no answer on port 53\n/);
    await expectOldState(good);
  });

  test('is rolled back past the links that a service user left where the old files are put', async () => {
    const name = '/etc/sample/parts/.10_version.mailserver-old';
    await host.inside(`echo mine >/root/mine; chmod 600 /root/mine; ln -s /root/mine ${name}`);
    const error = await failure(host.apply(next({ probe: 'exit 1', probeSeconds: 1 })));
    expect(error.kind).toBe('rolledBack');
    expect(await host.inside('cat /root/mine; stat -c "%U:%G %a" /root/mine')).toBe('mine\nroot:root 600');
    await expectOldState(good);
  });

  test('is rolled back when a daemon dies, with its last words', async () => {
    const error = await failure(host.apply(next({ ticker: "/bin/sh -c 'echo out of ink; exit 1'" })));
    expect(error.kind).toBe('rolledBack');
    expect(error.message).toContain('ticker.service is failed');
    expect(error.message).toContain('out of ink');
    await expectOldState(good);
  });

  test('is not called undone when something that ran does not run any more', async () => {
    const tick = '/usr/local/bin/tick';
    const working = { ticker: tick };
    await host.inside(`printf '#!/bin/sh\\nexec sleep infinity\\n' >${tick}; chmod 755 ${tick}`);
    await host.apply(current(working));
    // What the old state needs is gone by the time it comes back.
    const probe = `mv ${tick} /root; mkdir /etc/sample/.all; exit 1`;
    const error = await failure(host.apply(next({ probe, probeSeconds: 1 })));
    expect(error.kind).toBe('unwell');
    expect(error.message).toMatch(
      /^the old files were put back, but not everything runs as before, on 127.*: \/etc\/sample\/all could not be built: .*; ticker\.service does not run any more: .*; what failed before: nsd did not succeed/,
    );
    expect(await host.inside('cat /etc/sample/parts/10_version')).toBe(`version = v${good}`);
    await host.inside(`mv /root/tick ${tick}; rmdir /etc/sample/.all`);
    version = good;
    await host.apply(current(working));
    await host.apply(current());
    await expectOldState(good);
  });

  test('is rolled back when nobody confirms that the host can still be reached', async () => {
    const reconnect = () => Promise.reject(new HostError('unreachable', 'the firewall is closed now'));
    const error = await failure(host.apply(next(), { reconnect, confirmationSeconds: 2 }));
    expect(error.kind).toBe('rolledBack');
    expect(error.message).toContain('nobody confirmed over a new connection within 2 s');
    expect(error.message).toContain('the firewall is closed now');
    await expectOldState(good);
  });

  test('is rolled back when it is called off', async () => {
    const abort = new AbortController();
    const hold = atProbe(async () => abort.abort());
    const error = await failure(
      host.apply(next({ probe: held, probeSeconds: 60 }), { signal: abort.signal, onLine: hold.onLine }),
    );
    expect(error.kind).toBe('rolledBack');
    expect(error.message).toContain('stopped on request');
    await expectOldState(good);
  });

  test('is rolled back by the host when the one who asked for it dies', async () => {
    const desired = next({ probe: held, probeSeconds: 60 });
    const gone = () => Promise.reject(new HostError('unreachable', 'killed'));
    const kill = atProbe(() => host.inside('for pid in $(pgrep -f "[s]shd-session: admin@notty"); do kill -9 $pid; done'));
    const error = await failure(host.apply(desired, { reconnect: gone, onLine: kill.onLine, confirmationSeconds: 1 }));
    expect(error.kind).toBe('connectionLost');
    expect(error.message).toContain('goes back to its old state by itself');
    await release();
    await waitFor('the rollback', async () => (await host.inside('cat /var/lib/mailserver/transaction/result')) !== '', {
      deadline: 20_000,
    });
    expect(await host.inside('cat /var/lib/mailserver/transaction/result')).toContain('rolledBack nobody confirmed');
    await expectOldState(good);
  });

  test('is rolled back by systemd when the apply itself is killed', async () => {
    const kill = atProbe(() => host.inside('kill -9 $(systemctl show -p MainPID --value mailserver-apply)'));
    const error = await failure(host.apply(next({ probe: held, probeSeconds: 60 }), { onLine: kill.onLine }));
    expect(error.kind).toBe('rolledBack');
    expect(error.message).toContain('the apply was killed in the middle of it');
    await expectOldState(good);
  });

  test('is refused while another one is at work', async () => {
    let second: Promise<HostError> | undefined;
    const hold = atProbe(async () => {
      second = failure(host.apply(sampleState({ version: 'other' })));
      await second;
      await release();
    });
    await host.apply(next({ probe: held, probeSeconds: 60 }), { onLine: hold.onLine });
    good = version;
    await hold.done();
    const error = await second;
    expect(error?.kind).toBe('busy');
    expect(error?.message).toMatch(/another apply is at work on the host \(started .*\): wait for its end and apply again$/);
    await expectOldState(version);
  });
});

describe('an apply that is interrupted', () => {
  test('goes on when the connection breaks, and is found again', async () => {
    const cut = atProbe(async () => {
      await host.inside('for pid in $(pgrep -f "[s]shd-session: admin@notty"); do kill -9 $pid; done');
      await release();
    });
    const { lines } = await host.apply(next({ probe: held, probeSeconds: 60 }), { onLine: cut.onLine });
    expect(lines.join('\n')).toMatch(/lost the connection to .*; connecting again/);
    expect(await liveVersion()).toBe(versionLines(version));
  });

  test('by a power cut is undone before any service starts', async () => {
    const good = version;
    const cut = atProbe(async () => {
      await host.cutPower();
      await host.bootAgain();
    });
    const error = await failure(host.apply(next({ probe: held, probeSeconds: 60 }), { onLine: cut.onLine }));
    await cut.done();
    expect(error.kind).toBe('rolledBack');
    expect(error.message).toContain('the host went down in the middle of it');
    await expectOldState(good);
    expect(await host.inside('systemctl --failed --no-legend; systemctl is-system-running --wait')).toBe('running');
    version = good;
    expect((await host.apply(current())).lines).toEqual([]);
  });

  test('by a reboot is undone on the way down', async () => {
    const good = version;
    const reboot = atProbe(() => host.inside('systemctl --no-block reboot'));
    const error = await failure(host.apply(next({ probe: held, probeSeconds: 60 }), { onLine: reboot.onLine }));
    expect(error.kind).toBe('rolledBack');
    await waitFor('the boot', async () => (await host.inside('systemctl is-system-running --wait')) === 'running', {
      deadline: 30_000,
    });
    await expectOldState(good);
    version = good;
    await host.apply(next());
  });
});

describe('a full disk', () => {
  const state = '/var/lib/mailserver';
  const fill = `dd if=/dev/zero of=${state}/fill bs=4096 status=none 2>/dev/null || true`;

  beforeAll(async () => {
    await host.inside(
      `cp -a ${state} /run/saved; mount -t tmpfs -o size=6m,mode=711 tmpfs ${state}; cp -a /run/saved/. ${state}`,
    );
  });
  afterAll(async () => {
    await host.inside(`umount ${state}; rm -rf /run/saved`);
  });

  test('that a change does not fit on is found before anything is changed, and said', async () => {
    const before = version;
    await host.inside(fill);
    const error = await failure(host.apply(next()));
    expect(error.message).toMatch(/No space left on device/i);
    version = before;
    await expectOldState(before);
    await host.inside(`rm ${state}/fill`);
  });

  test('in the middle of a change makes the host go back, and is said', async () => {
    const before = version;
    const { onLine, done } = atProbe(async () => {
      await host.inside(fill);
      await release();
    });
    const error = await failure(host.apply(next({ probe: held }), { onLine }));
    await done();
    await host.inside(`rm -f ${state}/fill`);
    expect(error.kind).toBe('rolledBack');
    expect(error.message).toMatch(/the new state cannot be written down: .*No space left on device/);
    version = before;
    await expectOldState(before);
    expect(isEmpty((await host.look(current())).changes)).toBe(true);
  });
});

describe('what an interrupted apply left behind', () => {
  const transaction = '/var/lib/mailserver/transaction';

  test('is undone by the next apply, which then goes on from what it finds', async () => {
    const before = version;
    await host.apply(next());
    // As if the last apply had been cut off just after its swap, on a host whose boot did not undo it.
    await host.inside(`touch ${transaction}/armed`);
    const { lines } = await host.apply(next());
    expect(lines.join('\n')).toContain('an apply before this one was interrupted');
    expect(lines.join('\n')).toContain('roll back: build /etc/sample/all');
    expect(await liveVersion()).toBe(versionLines(before + 2));
  });

  test('is not called undone while a file cannot be put back', async () => {
    const good = version;
    const path = '/etc/sample/parts/10_version';
    // Something that not even root can rename over.
    const probe = `mountpoint -q ${path} || mount --bind ${path} ${path}; exit 1`;
    const error = await failure(host.apply(next({ probe, probeSeconds: 1 })));
    expect(error.kind).toBe('failed');
    expect(error.message).toContain(`not restored: ${path}; their old versions are in /var/lib/mailserver/backup/`);
    const again = await failure(host.apply(next()));
    expect(again.kind).toBe('failed');
    expect(again.message).toContain(`not restored: ${path};`);
    await host.inside(`test -e ${transaction}/armed; umount ${path}; systemctl restart mailserver-rollback`);
    expect(await host.inside(`cat ${transaction}/result; ls ${transaction}/armed 2>&1 || true`)).toMatch(
      /^::result rolledBack .*\n.*No such file/,
    );
    await expectOldState(good);
    version = good;
  });

  test('is brought to its end when it had been confirmed', async () => {
    await host.inside(
      `mv ${transaction}/../manifest /root; touch ${transaction}/committing; systemctl restart mailserver-rollback`,
    );
    expect(await host.inside(`ls ${transaction}/committing 2>&1 || true; cmp /root/manifest ${transaction}/../manifest`)).toMatch(
      /No such file/,
    );
    expect(isEmpty((await host.look(current())).changes)).toBe(true);
  });
});

describe('a state volume', () => {
  const volume = { id: 'vol-0abc', sizeGiB: 1, device: '/dev/sdf' };
  const onVolume = { volumeId: volume.id, mountPoint: '/srv/mail', directories: ['/var/lib/nsd', '/var/lib/sample'] };
  let first: TestMachine;
  let second: TestMachine;

  test('is formatted once, takes over what the root disk has, and comes back after a reboot', async () => {
    first = await lab.boot('first', { number: 61, volumes: [volume] });
    host = first;
    await host.apply(next());
    await host.inside(
      'install -d -o nsd -g nsd -m 750 /var/lib/sample; echo keep >/var/lib/sample/queue; chown nsd /var/lib/sample/queue',
    );
    const { lines } = await host.apply(current({ volume: onVolume }));
    expect(lines.join('\n')).toContain('volume: format vol-0abc, which is blank');
    expect(await host.inside('cat /var/lib/sample/queue; stat -c "%U:%G %a" /var/lib/sample; findmnt -no FSTYPE /srv/mail')).toBe(
      'keep\nnsd:nsd 750\next4',
    );
    await host.cutPower();
    await host.bootAgain();
    await waitFor('nsd', async () => (await host.inside('systemctl is-active nsd || true')) === 'active', { deadline: 20_000 });
    expect(await host.inside('cat /srv/mail/var/lib/sample/queue /var/lib/sample/queue')).toBe('keep\nkeep');
    expect(isEmpty((await host.look(current({ volume: onVolume }))).changes)).toBe(true);
  });

  test('holds all that a service wrote, wherever a power cut interrupts the move', async () => {
    const [cut, late] = ['/var/lib/cut', '/var/lib/late'] as const;
    const withMore = { ...onVolume, directories: [...onVolume.directories, cut, late] };
    // As after a power cut just before the mount was written down: services went on with the root disk.
    await host.inside(
      `mkdir -p ${cut} ${late} /srv/mail${late}; echo old >${cut}/one; echo old | tee ${late}/one >/srv/mail${late}/one; ` +
        `cp /etc/machine-id /srv/mail/.mailserver/moving-var-lib-late; echo new >${late}/two`,
    );
    let reboot: Promise<void> | undefined;
    const onLine = (line: string) => {
      if (line.includes(`volume: ${cut} lives on it`)) reboot ??= host.cutPower().then(() => host.bootAgain());
    };
    await failure(host.apply(current({ volume: withMore }), { onLine }));
    await reboot;
    await host.inside(`echo new >${cut}/two`);
    await host.apply(next({ volume: withMore }));
    expect(await host.inside(`cat ${cut}/* ${late}/*; cat /srv/mail${cut}/* /srv/mail${late}/* | wc -l`)).toBe(
      'old\nnew\nold\nnew\n4',
    );
    expect(
      await host.inside(`ls /srv/mail/.mailserver; mount --bind / /mnt; find /mnt${cut} /mnt${late} -mindepth 1; umount /mnt`),
    ).toBe('group\nmachine-id\npasswd');
    await host.apply(current({ volume: onVolume }));
    await host.inside(
      `systemctl disable -q --now var-lib-cut.mount var-lib-late.mount; rm /etc/systemd/system/var-lib-{cut,late}.mount`,
    );
  });

  test('without which no service starts', async () => {
    await host.inside('systemctl stop nsd ticker; umount /var/lib/nsd /var/lib/sample /srv/mail');
    await host.inside('sed -i s/vol0abc/vol0gone/ /etc/systemd/system/srv-mail.mount; systemctl daemon-reload');
    expect(await host.inside('systemctl start nsd 2>&1 || true')).toContain('dependency');
    expect(await host.inside('systemctl is-active nsd || true')).toBe('inactive');
    await host.apply(current({ volume: onVolume }));
    expect(await host.inside('cat /var/lib/sample/queue; systemctl is-active nsd')).toBe('keep\nactive');
  });

  test('keeps its data and their owners on the next instance', async () => {
    const number = await host.inside('id -u nsd');
    await lab.remove(first);
    second = await lab.boot('second', { number: 62, volumes: [volume] });
    host = second;
    await host.inside(`useradd --system --uid ${number} somebody-else`);
    const { lines } = await host.apply(next({ volume: onVolume }));
    expect(lines.join('\n')).not.toContain('format');
    expect(lines.join('\n')).toContain('comes from another instance');
    expect(await host.inside('cat /var/lib/sample/queue; stat -c "%U:%G %a" /var/lib/sample /var/lib/sample/queue')).toBe(
      'keep\nnsd:nsd 750\nnsd:root 644',
    );
    expect(await host.inside('id -u nsd')).not.toBe(number);
  });

  test.each([
    ['other data', 'head -c 1000000 /dev/urandom >$DEVICE', /is not blank: it is left alone/],
    ['a partition table', 'printf "label: gpt\\n,,L\\n" | sfdisk -q $DEVICE', /holds a partition table, not a file system/],
    ['an encrypted disk', 'printf "LUKS\\272\\276\\0\\1" | dd of=$DEVICE status=none', /holds crypto_LUKS, not a file system/],
  ])('with %s is left alone', async (name, spoil, message) => {
    const id = `vol-${Buffer.from(name).toString('hex').slice(0, 12)}`;
    const machine = await lab.boot(`m${id.slice(4)}`, { number: 63, volumes: [{ ...volume, id }] });
    const device = `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${id.replace('-', '')}`;
    const sum = () => machine.inside(`head -c 4000000 ${device} | md5sum`);
    await machine.inside(spoil.replaceAll('$DEVICE', device));
    const before = await sum();
    const error = await failure(machine.apply(next({ volume: { ...onVolume, volumeId: id } })));
    expect(error.message).toMatch(message);
    expect(await sum()).toBe(before);
    await lab.remove(machine);
  });
});

describe('a machine that is refused', () => {
  test('runs Debian 12', async () => {
    const old = await lab.boot('old', { number: 64, image: 'debian-12' });
    const error = await failure(old.apply(next()));
    expect(error.kind).toBe('unsupportedOs');
    expect(error.message).toMatch(
      /runs Debian GNU\/Linux 12 \(bookworm\), this role is made for Debian 13: .*; nothing was changed$/,
    );
    expect(await old.inside('ls -d /var/lib/mailserver /etc/sample 2>&1 || true')).toMatch(/^(ls: cannot access .*\n?){2}$/);
    await lab.remove(old);
  });

  test('is another one than it was', async () => {
    const error = await failure(host.connect({ expectedHostKey: `SHA256:${'A'.repeat(43)}` }));
    expect(error.kind).toBe('hostKey');
  });
});

describe('removing the role', () => {
  test('from a machine that goes anyway only stops the services, and an apply starts them again', async () => {
    const connection = await host.connect();
    await stopRole(connection);
    await connection.close();
    const units = () => host.inside('systemctl is-active nsd ticker || true; systemctl is-enabled nsd ticker || true');
    expect(await units()).toBe('inactive\ninactive\ndisabled\ndisabled');
    await host.apply(next());
    expect(await units()).toBe('active\nactive\nenabled\nenabled');
  });

  test('does nothing while the backup does not fit on the disk', async () => {
    await host.inside(
      'mount -t tmpfs -o size=4k tmpfs /var/lib/mailserver/backup; head -c 4096 /dev/zero >/var/lib/mailserver/backup/fill',
    );
    const connection = await host.connect();
    const error = await failure(removeRole(connection));
    await connection.close();
    await host.inside('umount /var/lib/mailserver/backup');
    expect(error.message).toMatch(/nothing was removed, since it cannot be backed up: .*No space left on device/);
    await expectOldState(version);
  });

  test('stops services, removes managed files after a backup and says what stays', async () => {
    const lines: string[] = [];
    const connection = await host.connect();
    await removeRole(connection, (line) => lines.push(line));
    expect(lines.join('\n')).toMatch(
      /service: stop ticker\.service[\s\S]*file: remove \/etc\/sample\/parts\/10_version[\s\S]*left as they are: packages/,
    );
    expect(await host.inside('systemctl is-active nsd ticker || true; ls /etc/sample')).toBe(
      'inactive\ninactive\nall\nlocal\nparts',
    );
    // The package's own file is back.
    expect(lines.join('\n')).toContain('file: put back /etc/nsd/nsd.conf as it was before');
    expect(
      await host.inside('grep -c identity: /etc/nsd/nsd.conf || true; ls -d /var/lib/mailserver/originals 2>&1 || true'),
    ).toMatch(/^0\nls: cannot access/);
    expect(await host.inside('cat /var/lib/mailserver/backup/removed-*/etc/sample/parts/10_version')).toMatch(/^version = v\d+$/);
    lines.length = 0;
    await removeRole(connection, (line) => lines.push(line));
    expect(lines).toEqual([]);
    await connection.close();
  });
});
