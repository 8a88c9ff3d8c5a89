import { capabilitiesMissing } from '../../../lab/machines/exec';
import { parseLoops } from '../../../lab/machines/loop';
import { placeOf } from '../../../lab/machines/paths';
import { nocloudSeed } from '../../../lab/machines/seed';
import { mountsBelow } from '../../../lab/machines/teardown';
import { freeNode, linkOf, nodeOf, volumeOptions } from '../../../lab/machines/volumes';

const lab = { name: 'one', stateDir: '/s', cacheDir: '/c' };

describe('a machine', () => {
  test('has a name that is unique on the host and short enough for systemd', () => {
    const name = placeOf({ ...lab, name: 'abcdefghijkl' }, 'a'.repeat(40)).fullName;
    expect(name).toMatch(/^mslab-abcdefghijkl-a+$/);
    expect(name.length).toBeLessThanOrEqual(64);
  });

  test.each(['', '../x', 'A', 'a_b', '-a', 'a'.repeat(41)])('is refused with the name "%s"', (name) => {
    expect(() => placeOf(lab, name)).toThrow(`the machine name "${name}" must be`);
  });
});

test('the seed of cloud-init has the instance, its keys and the user data as given', () => {
  const userData = '#!/bin/sh\necho "${HOME}" %{x}\n';
  const seed = nocloudSeed({
    name: 'i-1',
    image: 'debian-13',
    hostName: 'mx1.example.test',
    network: 'internet',
    addresses: [],
    gateways: [],
    nameServers: [],
    publicKeys: ['ssh-ed25519 AAAA me\n'],
    volumes: [],
    cloudInit: { instanceId: 'i-1', userData },
  });
  expect(JSON.parse(seed['meta-data'] ?? '')).toEqual({
    'instance-id': 'i-1',
    'local-hostname': 'mx1.example.test',
    'public-keys': ['ssh-ed25519 AAAA me'],
  });
  expect(seed['user-data']).toBe(userData);
});

describe('a volume', () => {
  test('is found by the name that udev gives it on Nitro', () => {
    expect(linkOf('vol-0abc')).toBe('/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0abc');
  });

  test('gets the lowest free node after the root volume', () => {
    expect(freeNode([])).toBe('/dev/nvme1n1');
    expect(freeNode([{ node: '/dev/nvme1n1' }, { node: '/dev/nvme3n1' }])).toBe('/dev/nvme2n1');
  });

  test('has on Xen the name of its attachment, and on Nitro the lowest free one', () => {
    const volume = { id: 'vol-0abc', sizeGiB: 1, device: '/dev/sdf' };
    expect(nodeOf(volume, [])).toBe('/dev/nvme1n1');
    expect(nodeOf({ ...volume, onXen: true }, [])).toBe('/dev/xvdf');
  });

  test('is there from the first process of the machine on', () => {
    expect(volumeOptions('/s/dev-disk', [{ device: '/dev/loop3', node: '/dev/nvme1n1' }])).toEqual([
      '--bind-ro=/s/dev-disk:/dev/disk',
      '--bind=/dev/loop3:/dev/nvme1n1',
    ]);
  });
});

test('reads loop devices, also of deleted files', () => {
  const json = JSON.stringify({
    loopdevices: [
      { name: '/dev/loop0', 'back-file': '/s/volumes/vol-1.img' },
      { name: '/dev/loop1', 'back-file': '/s/volumes/vol-2.img (deleted)' },
      { name: '/dev/loop2', 'back-file': null },
    ],
  });
  expect(parseLoops(json).map(({ file }) => file)).toEqual(['/s/volumes/vol-1.img', '/s/volumes/vol-2.img', '']);
  expect(parseLoops('')).toEqual([]);
});

test('unmounts only what is below the folder, the last mounted first', () => {
  const line = (point: string) => `1 2 0:1 / ${point} rw - tmpfs tmpfs rw`;
  const text = ['/', '/state', '/state/a', '/state-of-others/b', '/state/a/with\\040space'].map(line).join('\n');
  expect(mountsBelow(text, '/state')).toEqual(['/state/a/with space', '/state/a']);
});

test('finds the capabilities that a machine has not', () => {
  const own = 'CapBnd:\t000001ffffffffff\n';
  expect(capabilitiesMissing(own, 'CapBnd:\t000001fffdffffff\n')).toEqual([25]);
  expect(capabilitiesMissing(own, own)).toEqual([]);
});
