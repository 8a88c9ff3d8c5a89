import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ensureImages } from '../../lab/images';
import {
  bootMachine,
  execIn,
  haltMachine,
  labKey,
  linkOf,
  listMachines,
  powerCut,
  removeMachine,
  sshIn,
  syncVolumes,
  tearDown,
  waitForSsh,
} from '../../lab/machines';
import type { MachineSpec } from '../../lab/model/contracts';
import { ensureInternet, ensureVpcs, subnetSwitch, vpcResolver } from '../../lab/network';
import { type Lab, run, waitFor } from '../../lab/system';
import { cgroupRoot, signal } from '../../lab/system/cgroups';
import { machinesLab } from './support/lab';

const subnet = '10.77.0.0/24';
const publicIpv4 = '198.51.100.25';
const volume = { id: 'vol-0abc', sizeGiB: 1, device: '/dev/sdf' };
const link = linkOf(volume.id);

let lab: Lab;
let key: string;

const specOf = (name: string, userData: string): MachineSpec => ({
  name,
  image: 'debian-13',
  hostName: 'mx1.example.test',
  network: subnetSwitch('vpc-0a', subnet),
  addresses: ['10.77.0.25/24', '2001:db8:25:1::25/64'],
  gateways: ['10.77.0.1', '2001:db8:25:1::1'],
  nameServers: [vpcResolver],
  publicKeys: [key],
  volumes: [],
  cloudInit: { instanceId: name, userData },
});

const asRoot = async (machine: string, script: string) => (await execIn(lab, machine, ['bash', '-ec', script])).stdout.trim();
const overSsh = async (machine: string, command: string) =>
  (await sshIn(lab, { machine, address: publicIpv4 }, command)).stdout.trim();

/** Everything of the lab that the kernel or the file system still knows. */
async function traces({ name: ownName, stateDir }: Pick<Lab, 'name' | 'stateDir'> = lab): Promise<readonly string[]> {
  const name = `mslab-${ownName}`;
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid);
  const about = await Promise.all(
    pids.map(async (pid) => {
      const texts = ['cgroup', 'cmdline', 'mountinfo'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => ''));
      const [cgroup = '', cmdline = '', mounts = ''] = await Promise.all(texts);
      const mine = cgroup.includes(name) || cmdline.includes(name) || [cmdline, mounts].some((text) => text.includes(stateDir));
      return mine ? [`process ${pid}: ${cmdline.replaceAll('\0', ' ')}`] : [];
    }),
  );
  const listed = async (folder: string) =>
    existsSync(folder) ? (await readdir(folder)).filter((entry) => entry.startsWith(name)) : [];
  const loops = (await run('losetup', ['--list', '--noheadings', '--output', 'BACK-FILE'])).stdout.split('\n');
  return [
    ...about.flat(),
    ...loops.filter((file) => file.includes(stateDir)),
    ...(await Promise.all(['/run/netns', '/run', await cgroupRoot(), '/run/systemd/nspawn/propagate'].map(listed))).flat(),
    ...(await readdir(stateDir).catch(() => [])),
  ];
}

beforeAll(async () => {
  lab = await machinesLab('t');
  await ensureImages(lab.cacheDir, ['debian-13'], () => undefined);
  await ensureInternet(lab);
  await ensureVpcs(lab, [
    {
      vpcId: 'vpc-0a',
      subnets: [{ cidr: subnet, ipv6Cidr: '2001:db8:25:1::/64' }],
      elasticIps: [{ publicIpv4, privateIpv4: '10.77.0.25' }],
    },
  ]);
  key = (await labKey(lab)).publicKey;
});

afterAll(async () => {
  await tearDown(lab);
  await rm(lab.stateDir, { recursive: true });
});

describe('a machine of the lab', () => {
  test('boots as an AWS instance does: user data applied, key and sudo for admin, reached at its Elastic IP', async () => {
    await bootMachine(lab, specOf('i-1', '#cloud-config\nwrite_files:\n- {path: /srv/note, content: from user data}\n'));
    await waitForSsh(lab, publicIpv4);
    expect(await overSsh('i-1', 'cloud-init status --wait')).toMatch(/status: done$/);
    expect(await overSsh('i-1', 'cat /srv/note; echo; id -un; sudo id -un; hostname -f')).toBe(
      'from user data\nadmin\nroot\nmx1.example.test',
    );
    expect(await overSsh('i-1', 'systemctl is-system-running --wait')).toBe('running');
  });

  test('is reached over IPv6 without NAT', async () => {
    const target = { machine: 'i-1', address: '2001:db8:25:1::25' };
    const client = (await sshIn(lab, target, 'echo $SSH_CONNECTION')).stdout;
    expect(client).toMatch(/^2001:db8:51:100::1 \d+ 2001:db8:25:1::25 22$/m);
  });

  test('installs packages from the package folder, and apt has nothing to complain about', async () => {
    const update = await execIn(lab, 'i-1', ['apt-get', 'update']);
    expect(`${update.stdout}${update.stderr}`).not.toMatch(/^[WEN]:/m);
    await asRoot('i-1', 'DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends postgrey </dev/null');
    await waitFor('postgrey', async () => (await asRoot('i-1', 'ss -Hltn sport = 10023')) !== '', { deadline: 10_000 });
  });

  test('cannot set the clock of this host', async () => {
    await expect(asRoot('i-1', 'date -s 2020-01-01')).rejects.toThrow('Operation not permitted');
  });

  test('gets a volume while it runs, keeps it over a reboot, and gives it up only when it is not mounted', async () => {
    const [attached] = await syncVolumes(lab, 'i-1', [volume]);
    expect(attached).toMatchObject({ node: '/dev/nvme1n1', link });
    await asRoot('i-1', `mkfs.ext4 -q ${link}; mkdir /srv/state; mount ${link} /srv/state; echo kept > /srv/state/file`);
    await expect(syncVolumes(lab, 'i-1', [])).rejects.toThrow('it is mounted there on /srv/state; unmount it first');

    const bootId = await asRoot(
      'i-1',
      'cat /run/machine-boot 2>/dev/null || echo first > /run/machine-boot; cat /run/machine-boot',
    );
    expect(bootId).toBe('first');
    await execIn(lab, 'i-1', ['systemctl', 'reboot']);
    await waitFor('the reboot', async () => (await asRoot('i-1', 'ls /run/machine-boot || echo gone')) === 'gone', {
      deadline: 30_000,
    });
    await waitForSsh(lab, publicIpv4);
    expect(await asRoot('i-1', `mount ${link} /srv/state; cat /srv/state/file; umount /srv/state`)).toBe('kept');
  });

  test('keeps its disk when it is halted and booted again', async () => {
    await asRoot('i-1', 'echo here > /root/file');
    await haltMachine(lab, 'i-1');
    expect((await listMachines(lab)).map(({ running }) => running)).toEqual([false]);
    await bootMachine(lab, { ...specOf('i-1', ''), volumes: [volume] });
    expect(await asRoot('i-1', 'cat /root/file')).toBe('here');
  });

  test('leaves its volume to the next machine when it is terminated', async () => {
    await removeMachine(lab, 'i-1');
    await bootMachine(lab, { ...specOf('i-2', '#!/bin/sh\necho script > /srv/note\n'), volumes: [volume] });
    await waitForSsh(lab, publicIpv4);
    expect(await overSsh('i-2', 'cloud-init status --wait >/dev/null; cat /srv/note')).toBe('script');
    expect(await asRoot('i-2', `mount ${link} /mnt; cat /mnt/file`)).toBe('kept');
  });

  test('comes back after a power cut', async () => {
    await powerCut(lab, 'i-2');
    await bootMachine(lab, { ...specOf('i-2', ''), volumes: [volume] });
    expect(await asRoot('i-2', `mount ${link} /mnt; cat /mnt/file`)).toBe('kept');
  });

  test('shows a volume of an instance on Xen by the name of its attachment, and by no serial number', async () => {
    const onXen = { id: 'vol-0def', sizeGiB: 1, device: '/dev/sdg', onXen: true } as const;
    await syncVolumes(lab, 'i-2', [volume, onXen]);
    expect(await asRoot('i-2', 'stat -c %F /dev/xvdg; ls /dev/disk/by-id')).toBe(
      `block special file\n${basename(link)}\n${basename(link)}_1`,
    );
  });
});

test('teardown leaves nothing behind, even with a mounted volume and a killed launcher, and may be repeated', async () => {
  expect((await traces()).length).toBeGreaterThan(5);
  const launcher = (await traces()).find((text) => /^process \d+: bash \S+launcher\.sh /.test(text));
  signal(Number(/\d+/.exec(launcher ?? '')?.[0]), 'SIGKILL');
  await tearDown(lab);
  // The launcher was started here, so its last trace goes when this process has taken note of its end.
  await waitFor('an end without traces', async () => (await traces()).length === 0, { deadline: 2_000 }).catch(() => undefined);
  expect(await traces()).toEqual([]);
  await tearDown(lab);
});

test.each<[string, { app: string; signal?: NodeJS.Signals; code: number }]>([
  ['whose program fails while the machines boot', { app: 'sleep 1; exit 3', code: 1 }],
  ['that is ended by Ctrl-C', { app: 'sleep 60', signal: 'SIGINT', code: 130 }],
])(
  'a lab %s leaves nothing behind',
  async (_, { app, signal: interrupt, code }) => {
    const folder = await mkdtemp(join(tmpdir(), 'mailserver-lab-'));
    const failing = { name: `${lab.name}x`, stateDir: join(folder, 'state') };
    await mkdir(join(folder, 'program'));
    await writeFile(join(folder, 'program/cdktf.json'), JSON.stringify({ app }));
    const flags = ['--name', failing.name, '--state', failing.stateDir, '--app', join(folder, 'program')];
    // A process group of its own, as that of a terminal.
    const up = spawn(process.execPath, ['dist/cli/mailserver.js', 'lab', 'up', ...flags], { detached: true });
    let output = '';
    for (const stream of [up.stdout, up.stderr]) stream.on('data', (piece) => (output += piece));
    const ended = once(up, 'close');
    if (interrupt) {
      await waitFor('the first machine', async () => output.includes('boot machine'), { deadline: 240_000 });
      process.kill(-(up.pid ?? 0), interrupt);
    }
    expect(await ended).toEqual([code, null]);
    expect(output).toContain('cleaning up');
    // The last trace of a killed process goes when its new parent has taken note of its end.
    await waitFor('an end without traces', async () => (await traces(failing)).length === 0, { deadline: 5_000 }).catch(
      () => undefined,
    );
    expect(await traces(failing)).toEqual([]);
    expect(existsSync(failing.stateDir)).toBe(false);
    await rm(folder, { recursive: true });
  },
  300_000,
);
