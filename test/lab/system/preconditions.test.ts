import { type MachineTraits, unsupportedBecause } from '../../../lab/system/preconditions';

const debian: MachineTraits = {
  platform: 'linux',
  uid: 0,
  hasApt: true,
  filesystems: 'nodev\tproc\nnodev\toverlay\n\text4\n',
  status: 'Name:\tnode\nCapEff:\t000001fffeffffff\n',
  mounts: '31 25 0:27 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n',
};

test('a Debian machine with root can run the lab', () => {
  expect(unsupportedBecause(debian)).toBeUndefined();
});

test.each<[string, Partial<MachineTraits>, RegExp]>([
  ['macOS', { platform: 'darwin' }, /which macOS has not: run it on Debian 12 or newer in a virtual machine$/],
  ['Windows', { platform: 'win32' }, /which Windows has not: run it on Debian 12 or newer in WSL 2/],
  ['a user other than root', { uid: 1000 }, /which only root may: run the same command with sudo/],
  ['an unprivileged container', { status: 'CapEff:\t00000000a80425fb\n' }, /root lacks CAP_NET_ADMIN, CAP_SYS_ADMIN here/],
  ['a kernel without overlayfs', { filesystems: '\text4\nnodev\tproc\n' }, /no overlayfs/],
  ['a machine without cgroup2', { mounts: '31 25 0:27 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n' }, /no cgroup2 file system/],
  ['a Linux without apt', { hasApt: false }, /there is no apt here: use a Debian machine/],
])('%s gets one sentence that says what to use instead', (_, traits, sentence) => {
  const problem = unsupportedBecause({ ...debian, ...traits });
  expect(problem).toMatch(sentence);
  expect(problem).not.toContain('\n');
});
