import { waitFor } from '../../../lab/system';
import { isEmpty } from '../../../lib/host/diff';
import type { TestMachine } from '../support/host-lab';
import { failure, type SampleHost } from './sample-host';

/** The volume that outlives the machine. */
export function stateVolume(the: SampleHost): void {
  describe('a state volume', () => {
    const volume = { id: 'vol-0abc', sizeGiB: 1, device: '/dev/sdf' };
    const onVolume = { volumeId: volume.id, mountPoint: '/srv/mail', directories: ['/var/lib/nsd', '/var/lib/sample'] };
    let first: TestMachine;
    let second: TestMachine;

    test('is formatted once, takes over what the root disk has, and comes back after a reboot', async () => {
      first = await the.lab.boot('first', { number: 61, volumes: [volume] });
      the.machine = first;
      await the.machine.apply(the.next());
      await the.machine.inside(
        'install -d -o nsd -g nsd -m 750 /var/lib/sample; echo keep >/var/lib/sample/queue; chown nsd /var/lib/sample/queue',
      );
      const { lines } = await the.machine.apply(the.current({ volume: onVolume }));
      expect(lines.join('\n')).toContain('volume: format vol-0abc, which is blank');
      expect(
        await the.machine.inside('cat /var/lib/sample/queue; stat -c "%U:%G %a" /var/lib/sample; findmnt -no FSTYPE /srv/mail'),
      ).toBe('keep\nnsd:nsd 750\next4');
      await the.machine.cutPower();
      await the.machine.bootAgain();
      await waitFor('nsd', async () => (await the.machine.inside('systemctl is-active nsd || true')) === 'active', {
        deadline: 20_000,
      });
      expect(await the.machine.inside('cat /srv/mail/var/lib/sample/queue /var/lib/sample/queue')).toBe('keep\nkeep');
      expect(isEmpty((await the.machine.look(the.current({ volume: onVolume }))).changes)).toBe(true);
    });

    test('holds all that a service wrote, wherever a power cut interrupts the move', async () => {
      const [cut, late] = ['/var/lib/cut', '/var/lib/late'] as const;
      const withMore = { ...onVolume, directories: [...onVolume.directories, cut, late] };
      // As after a power cut just before the mount was written down: services went on with the root disk.
      await the.machine.inside(
        `mkdir -p ${cut} ${late} /srv/mail${late}; echo old >${cut}/one; echo old | tee ${late}/one >/srv/mail${late}/one; ` +
          `cp /etc/machine-id /srv/mail/.mailserver/moving-var-lib-late; echo new >${late}/two`,
      );
      let reboot: Promise<void> | undefined;
      const onLine = (line: string) => {
        if (line.includes(`volume: ${cut} lives on it`)) reboot ??= the.machine.cutPower().then(() => the.machine.bootAgain());
      };
      await failure(the.machine.apply(the.current({ volume: withMore }), { onLine }));
      await reboot;
      // As a service would: they wait for the mounts.
      await the.machine.inside(`systemctl is-system-running --wait >/dev/null || true; echo new >${cut}/two`);
      await the.machine.apply(the.next({ volume: withMore }));
      expect(await the.machine.inside(`cat ${cut}/* ${late}/*; cat /srv/mail${cut}/* /srv/mail${late}/* | wc -l`)).toBe(
        'old\nnew\nold\nnew\n4',
      );
      expect(
        await the.machine.inside(
          `ls /srv/mail/.mailserver; mount --bind / /mnt; find /mnt${cut} /mnt${late} -mindepth 1; umount /mnt`,
        ),
      ).toBe('group\nmachine-id\npasswd');
      await the.machine.apply(the.current({ volume: onVolume }));
      await the.machine.inside(
        // Services stop with a mount that they require.
        `systemctl disable -q --now var-lib-cut.mount var-lib-late.mount; rm /etc/systemd/system/var-lib-{cut,late}.mount; ` +
          'systemctl daemon-reload; systemctl start nsd ticker',
      );
    });

    const full = '/var/lib/full';
    const withFull = { ...onVolume, directories: [...onVolume.directories, full] };
    const away = () =>
      the.machine.inside(
        `systemctl disable -q --now var-lib-full.mount 2>/dev/null || true; rm -rf /etc/systemd/system/var-lib-full.mount ${full} /srv/mail${full}`,
      );

    test.each<[what: string, fill: string, wanted: RegExp]>([
      ['bytes', 'fallocate -l 1100M $1/queue', /: \/var\/lib\/full holds 1\d{3} MiB, and vol-0abc has \d+ MiB free: take away/],
      [
        'files',
        'mkdir $1/d; seq 70000 | sed "s|^|$1/d/|" | xargs touch',
        /: \/var\/lib\/full holds 7\d{4} files, and vol-0abc has room for \d+: take away/,
      ],
    ])('does not begin to take over more %s than it has room for', async (_, fill, wanted) => {
      await the.machine.inside(`mkdir ${full}; set -- ${full}; ${fill}`);
      try {
        expect((await failure(the.machine.apply(the.next({ volume: withFull })))).message).toMatch(wanted);
        expect(await the.machine.inside(`ls -d /srv/mail${full}* 2>/dev/null || true; systemctl is-active nsd`)).toBe('active');
      } finally {
        await away();
      }
    });

    test('takes over a file whose length says nothing of its size', async () => {
      await the.machine.inside(`mkdir ${full}; truncate -s 8G ${full}/queue; echo end >>${full}/queue`);
      try {
        await the.machine.apply(the.next({ volume: withFull }));
        const moved = await the.machine.inside(`tail -c 4 /srv/mail${full}/queue; du -k /srv/mail${full}/queue | cut -f 1`);
        expect(moved).toMatch(/^end\n\d{1,3}$/);
        await the.machine.apply(the.current({ volume: onVolume }));
      } finally {
        await away();
      }
    });

    test('without which no service starts', async () => {
      await the.machine.inside('systemctl stop nsd ticker; umount /var/lib/nsd /var/lib/sample /srv/mail');
      await the.machine.inside('sed -i s/vol0abc/vol0gone/ /etc/systemd/system/srv-mail.mount; systemctl daemon-reload');
      expect(await the.machine.inside('systemctl start nsd 2>&1 || true')).toContain('dependency');
      expect(await the.machine.inside('systemctl is-active nsd || true')).toBe('inactive');
      await the.machine.apply(the.current({ volume: onVolume }));
      expect(await the.machine.inside('cat /var/lib/sample/queue; systemctl is-active nsd')).toBe('keep\nactive');
    });

    test('keeps its data and their owners on the next instance', async () => {
      const number = await the.machine.inside('id -u nsd');
      await the.lab.remove(first);
      second = await the.lab.boot('second', { number: 62, volumes: [volume] });
      the.machine = second;
      await the.machine.inside(`useradd --system --uid ${number} somebody-else`);
      const { lines } = await the.machine.apply(the.next({ volume: onVolume }));
      expect(lines.join('\n')).not.toContain('format');
      expect(lines.join('\n')).toContain('comes from another instance');
      expect(
        await the.machine.inside('cat /var/lib/sample/queue; stat -c "%U:%G %a" /var/lib/sample /var/lib/sample/queue'),
      ).toBe('keep\nnsd:nsd 750\nnsd:root 644');
      expect(await the.machine.inside('id -u nsd')).not.toBe(number);
    });

    test.each([
      ['other data', 'head -c 1000000 /dev/urandom >$DEVICE', /is not blank: it is left alone/],
      ['a partition table', 'printf "label: gpt\\n,,L\\n" | sfdisk -q $DEVICE', /holds a partition table, not a file system/],
      ['an encrypted disk', 'printf "LUKS\\272\\276\\0\\1" | dd of=$DEVICE status=none', /holds crypto_LUKS, not a file system/],
    ])('with %s is left alone', async (name, spoil, message) => {
      const id = `vol-${Buffer.from(name).toString('hex').slice(0, 12)}`;
      const machine = await the.lab.boot(`m${id.slice(4)}`, { number: 63, volumes: [{ ...volume, id }] });
      const device = `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${id.replace('-', '')}`;
      const sum = () => machine.inside(`head -c 4000000 ${device} | md5sum`);
      await machine.inside(spoil.replaceAll('$DEVICE', device));
      const before = await sum();
      const error = await failure(machine.apply(the.next({ volume: { ...onVolume, volumeId: id } })));
      expect(error.message).toMatch(message);
      expect(await sum()).toBe(before);
      await the.lab.remove(machine);
    });
  });
}
