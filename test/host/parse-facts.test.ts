import type { FactsRequest } from '../../lib/host/host-facts';
import { parseFacts, parseOsRelease, splitAnswer } from '../../lib/host/parse-facts';

const request: FactsRequest = {
  os: { id: 'debian', versionId: '13' },
  paths: [],
  directories: [],
  packages: [],
  users: [],
  groups: ['service', 'mail'],
  units: [],
  derived: [],
};

const sections: Readonly<Record<string, string>> = {
  os: 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nNAME="Debian GNU/Linux"\nVERSION_ID="13"\nID=debian\n',
  machine: 'x86_64\n2\n2014140',
  manifest: '',
  files: 'd 755 root root 4096 /',
  directories: '755 root root /',
  packages: '',
  passwd: '',
  groups: '',
  units: '',
  derived: '',
};

function answer(changed: Readonly<Record<string, string>>, contents = ''): Buffer {
  const framed = Object.entries({ ...sections, ...changed }).map(
    ([name, text]) => `${name} ${Buffer.byteLength(text)}\n${text}\n`,
  );
  return Buffer.from(`${framed.join('')}contents\n${contents}`);
}

const facts = (changed: Readonly<Record<string, string>>, contents = '', asked = request) =>
  parseFacts(splitAnswer(answer(changed, contents)), asked);

describe('the machine', () => {
  test('has a system, cores and memory', () => {
    const { os, cores, memoryMiB } = facts({});
    expect(os).toEqual({ id: 'debian', versionId: '13', prettyName: 'Debian GNU/Linux 13 (trixie)', architecture: 'x86_64' });
    expect([cores, memoryMiB]).toEqual([2, 1966]);
  });

  test('is named by uname when it has no os-release', () => {
    expect(parseOsRelease('FreeBSD 14.1-RELEASE')).toEqual({ id: '', versionId: '', prettyName: 'FreeBSD 14.1-RELEASE' });
  });

  test('is read with single quotes and without quotes', () => {
    expect(parseOsRelease("ID='alpine'\nVERSION_ID=3.20.1\n")).toEqual({
      id: 'alpine',
      versionId: '3.20.1',
      prettyName: "ID='alpine'\nVERSION_ID=3.20.1",
    });
  });
});

describe('the last apply', () => {
  const folder = '/var/lib/mailserver/transaction';
  const line = (name: string, text = '') => `c 600 root root ${text.length} ${folder}/${name}`;
  const look = (once: readonly [string, string][], again: readonly [string, string][] = once) => {
    const listed = [...once, ...again];
    return facts(
      { files: ['d 755 root root 4096 /', ...listed.map(([name, text]) => line(name, text))].join('\n') },
      listed.map(([, text]) => text).join(''),
    );
  };
  const id = ['plan/id', '20261122T184200Z-3f9a\n'] as const;
  const other = ['plan/id', '20261122T184300Z-0000\n'] as const;
  const result = ['result', '::result done \n'] as const;
  const files = (...list: (readonly [string, string])[]) => list.map(([name, text]): [string, string] => [name, text]);

  test.each<[string, [string, string][], [string, string][], boolean]>([
    ['has its result', files(id, result), files(id, result), true],
    ['has no result yet', files(id), files(id), false],
    ['would be rolled back', files(id, result, ['armed', '']), files(id, result, ['armed', '']), false],
    ['is being written down', files(id, result, ['committing', '']), files(id, result, ['committing', '']), false],
    ['came to its end while the host was looked at', files(id, ['armed', '']), files(id, result), false],
    ['began while the host was looked at', files(), files(id), false],
    ['had its result only at first', files(id, result), files(id), false],
  ])('%s', (_, once, again, over) => {
    const { transaction, files: found } = look(once, again);
    expect(transaction).toEqual({ id: '20261122T184200Z-3f9a', over });
    expect(found).toEqual({});
  });

  test('is absent on a host that never had one', () => {
    expect(look([]).transaction).toBeUndefined();
  });

  test('spoils the answer when another one took its place meanwhile', () => {
    expect(() => look(files(id, result), files(other))).toThrow('plan/id changed while it was read');
  });
});

describe('files', () => {
  test('get their contents by their sizes', () => {
    const files = 'c 644 root root 4 /etc/a\nd 755 root root 4096 /\nc 2640 root mail 6 /etc/b c';
    expect(facts({ files }, 'a=1\nb=\0\n2\n').files).toEqual({
      '/etc/a': { owner: 'root', group: 'root', mode: '0644', content: 'a=1\n' },
      '/etc/b c': { owner: 'root', group: 'mail', mode: '2640', content: 'b=\0\n2\n' },
    });
  });

  test('count bytes, not characters', () => {
    expect(facts({ files: 'c 644 root root 5 /a\nc 644 root root 2 /b' }, 'äö\nb\n').files).toMatchObject({
      '/a': { content: 'äö\n' },
      '/b': { content: 'b\n' },
    });
  });

  test('keep what is not UTF-8 visible', () => {
    const spoilt = Buffer.concat([answer({ files: 'c 644 root root 2 /a' }), Buffer.from([0xff, 0x0a])]);
    expect(parseFacts(splitAnswer(spoilt), request).files['/a']?.content).toBe('\uFFFD\n');
  });

  test('that cannot be read have a kind and no content', () => {
    const files =
      'l 777 root root 9 /l\nd 755 root root 4096 /d\np 644 root root 0 /p\nf 644 root root 9000000 /f\nc 644 root root 1 /c';
    const found = facts({ files }, 'x').files;
    expect(Object.values(found).map(({ kind, content }) => [kind, content])).toEqual([
      ['link', ''],
      ['directory', ''],
      ['special', ''],
      ['large', ''],
      [undefined, 'x'],
    ]);
  });

  test('that grow while they are read spoil the answer', () => {
    expect(() => facts({ files: 'c 644 root root 4 /etc/a' }, 'a=1\nb=2\n')).toThrow('a file changed while it was read');
  });

  test('that shrink while they are read spoil the answer', () => {
    expect(() => facts({ files: 'c 644 root root 4 /etc/a' }, 'a')).toThrow('/etc/a changed while it was read');
  });
});

describe('packages', () => {
  test('count only when they are installed as a whole', () => {
    const packages =
      'postfix installed 3.10.13-0+deb13u1\nclamav config-files 1.4.3\npostgrey half-configured 1.37\nnsd not-installed ';
    expect(facts({ packages }).packages).toEqual({ postfix: '3.10.13-0+deb13u1' });
  });
});

describe('accounts', () => {
  const passwd = 'webapp:x:1001:1001:,,,:/home/webapp:/bin/bash';
  const groups = 'root:x:0:\nwebapp:x:1001:\nservice:x:990:api,webapp\nmail:x:8:\nwebapps:x:5:webapp2';

  test('hold a user with its own and its further groups', () => {
    expect(facts({ passwd, groups }).users).toEqual({
      webapp: { home: '/home/webapp', shell: '/bin/bash', groups: ['service', 'webapp'] },
    });
  });

  test('hold the groups that were asked for', () => {
    expect(facts({ groups }).groups).toEqual(['service', 'mail']);
  });
});

describe('units', () => {
  const asked = 'Asked=clamav-daemon.service\nAsked=sshd.service\nAsked=spamd.service\n';

  test('are reportedby their place in the answer, since an alias answers with another name', () => {
    const units = `${asked}Id=clamav-daemon.service\nLoadState=not-found\nActiveState=inactive\nUnitFileState=\n\nId=ssh.service\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled\n\nId=spamd.service\nLoadState=masked\nActiveState=inactive\nUnitFileState=masked`;
    expect(facts({ units }).units).toEqual({
      'clamav-daemon.service': { active: 'inactive', enabled: 'absent' },
      'sshd.service': { active: 'active', enabled: 'enabled' },
      'spamd.service': { active: 'inactive', enabled: 'masked' },
    });
  });

  test('that systemd leaves out spoil the answer', () => {
    const units = `${asked}Id=ssh.service\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled`;
    expect(() => facts({ units })).toThrow('systemd told about 1 of 3 units');
  });
});

describe('derived state', () => {
  test('has a reason when it is stale, even when its check gives none', () => {
    const derived =
      'current a b\t\ncurrent postfix\twarning: not all: x\ncurrent said\tok\nstale maps\ttransport: newer\nstale /etc/aliases.db\t';
    expect(facts({ derived }).derived).toEqual({
      'a b': { current: true, reason: '' },
      postfix: { current: true, reason: '', warning: 'not all: x' },
      said: { current: true, reason: '' },
      maps: { current: false, reason: 'transport: newer' },
      '/etc/aliases.db': { current: false, reason: 'its check says so' },
    });
  });
});

describe('the volume', () => {
  const asked = { ...request, volume: { volumeId: 'vol-0abc', mountPoint: '/srv/mail', directories: ['/var/a', '/var/b'] } };
  const volume = (text: string) => facts({ volume: text }, '', asked).volume;

  test('that is not attached', () => {
    expect(volume('')).toEqual({ device: null, fileSystem: null, mountPoint: null, directories: [] });
  });

  test('that is blank', () => {
    expect(volume('device /dev/nvme1n1\ntype \n')).toEqual({
      device: '/dev/nvme1n1',
      fileSystem: null,
      mountPoint: null,
      directories: [],
    });
  });

  test('that is mounted, with the directories that are on it', () => {
    expect(volume('device /dev/nvme1n1\ntype ext4\nmount / /srv/mail\nmount /var/b /var/b')).toEqual({
      device: '/dev/nvme1n1',
      fileSystem: 'ext4',
      mountPoint: '/srv/mail',
      directories: ['/var/b'],
    });
  });

  test('that is mounted somewhere else', () => {
    expect(volume('device /dev/nvme1n1\ntype ext4\nmount / /mnt')?.mountPoint).toBeNull();
  });
});

describe('an answer that is cut short', () => {
  test('is refused within a section', () => {
    expect(() => splitAnswer(Buffer.from('os 40\nPRETTY_NAME'))).toThrow('section "os" is cut short');
  });

  test('is refused within a heading', () => {
    expect(() => splitAnswer(Buffer.from('os 2\nab\nmach'))).toThrow('cut short at byte 8');
  });

  test('is refused when a section is missing', () => {
    expect(() => parseFacts({ sections: {}, contents: Buffer.alloc(0) }, request)).toThrow('section "machine" is missing');
  });
});
