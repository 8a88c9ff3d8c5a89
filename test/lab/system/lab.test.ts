import { defaultCacheDir, describeLab } from '../../../lab/system';
import { rootIn } from '../../../lab/system/cgroups';
import { waitFor } from '../../../lab/system/wait';

describe('a lab', () => {
  test('keeps its images in the cache folder of the user unless told otherwise', () => {
    expect(defaultCacheDir({ XDG_CACHE_HOME: '/var/cache/me' })).toBe('/var/cache/me/cdktf-mailserver-lab');
    expect(describeLab({ name: 'a1', stateDir: '/s', cacheDir: '/c' })).toEqual({ name: 'a1', stateDir: '/s', cacheDir: '/c' });
  });

  test.each(['', 'A', '1a', 'a-b', 'abcdefghijklm'])('refuses the name "%s"', (name) => {
    expect(() => describeLab({ name, stateDir: '/s' })).toThrow(`the lab name "${name}" must be 1 to 12`);
  });

  test('refuses a folder that mount options cannot hold, and a relative one', () => {
    expect(() => describeLab({ name: 'a', stateDir: '/a:b', cacheDir: '/c' })).toThrow(
      'the state folder "/a:b" of lab a has a character',
    );
    expect(() => describeLab({ name: 'a', stateDir: '/a', cacheDir: 'c' })).toThrow(
      'the cache folder "c" of lab a must be an absolute path',
    );
  });
});

test('finds cgroup2 at its usual place and next to version 1', () => {
  const mount = (path: string) =>
    `24 1 0:21 / /proc rw - proc proc rw\n31 25 0:27 / ${path} rw,nosuid shared:4 - cgroup2 cgroup2 rw\n`;
  expect(rootIn(mount('/sys/fs/cgroup'))).toBe('/sys/fs/cgroup');
  expect(rootIn(mount('/sys/fs/cgroup/unified'))).toBe('/sys/fs/cgroup/unified');
});

describe('waiting', () => {
  test('ends with what was looked for', async () => {
    let looks = 0;
    await expect(waitFor('three', async () => ++looks === 3 && 'there', { deadline: 1000, interval: 1 })).resolves.toBe('there');
  });

  test('gives up at the deadline, with the reason of the last look', async () => {
    const look = async () => {
      throw new Error('connection refused');
    };
    await expect(waitFor('a banner', look, { deadline: 20, interval: 5 })).rejects.toThrow(
      'a banner: not within 0.02 s: connection refused',
    );
  });
});
