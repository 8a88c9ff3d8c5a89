import { removeRole, stopRole } from '../../../lib/host/remove';
import { failure, type SampleHost } from './sample-host';

/** Machines that are refused, and the end of the role on one. */
export function limits(the: SampleHost): void {
  describe('a machine that is refused', () => {
    test('runs Debian 12', async () => {
      const old = await the.lab.boot('old', { number: 64, image: 'debian-12' });
      const error = await failure(old.apply(the.next()));
      expect(error.kind).toBe('unsupportedOs');
      expect(error.message).toMatch(
        /runs Debian GNU\/Linux 12 \(bookworm\), this role is made for Debian 13: .*; nothing was changed$/,
      );
      expect(await old.inside('ls -d /var/lib/mailserver /etc/sample 2>&1 || true')).toMatch(/^(ls: cannot access .*\n?){2}$/);
      await the.lab.remove(old);
    });

    test('is another one than it was', async () => {
      const error = await failure(the.machine.connect({ expectedHostKey: `SHA256:${'A'.repeat(43)}` }));
      expect(error.kind).toBe('hostKey');
    });
  });

  describe('removing the role', () => {
    test('from a machine that goes anyway only stops the services, and an apply starts them again', async () => {
      const connection = await the.machine.connect();
      await stopRole(connection);
      await connection.close();
      const units = () => the.machine.inside('systemctl is-active nsd ticker || true; systemctl is-enabled nsd ticker || true');
      expect(await units()).toBe('inactive\ninactive\ndisabled\ndisabled');
      await the.machine.apply(the.next());
      expect(await units()).toBe('active\nactive\nenabled\nenabled');
    });

    test('does nothing while the backup does not fit on the disk', async () => {
      await the.machine.inside(
        'mount -t tmpfs -o size=4k tmpfs /var/lib/mailserver/backup; head -c 4096 /dev/zero >/var/lib/mailserver/backup/fill',
      );
      const connection = await the.machine.connect();
      const error = await failure(removeRole(connection));
      await connection.close();
      await the.machine.inside('umount /var/lib/mailserver/backup');
      expect(error.message).toMatch(/nothing was removed, since it cannot be backed up: .*No space left on device/);
      await the.expectOldState(the.version);
    });

    test('stops services, removes managed files after a backup and says what stays', async () => {
      const lines: string[] = [];
      const connection = await the.machine.connect();
      await removeRole(connection, (line) => lines.push(line));
      expect(lines.join('\n')).toMatch(
        /service: stop ticker\.service[\s\S]*file: remove \/etc\/sample\/parts\/10_version[\s\S]*left as they are: packages/,
      );
      expect(await the.machine.inside('systemctl is-active nsd ticker || true; ls /etc/sample')).toBe(
        'inactive\ninactive\nall\nlocal\nparts',
      );
      // The package's own file is back.
      expect(lines.join('\n')).toContain('file: put back /etc/nsd/nsd.conf as it was before');
      expect(
        await the.machine.inside('grep -c identity: /etc/nsd/nsd.conf || true; ls -d /var/lib/mailserver/originals 2>&1 || true'),
      ).toMatch(/^0\nls: cannot access/);
      expect(await the.machine.inside('cat /var/lib/mailserver/backup/removed-*/etc/sample/parts/10_version')).toMatch(
        /^version = v\d+$/,
      );
      lines.length = 0;
      await removeRole(connection, (line) => lines.push(line));
      expect(lines).toEqual([]);
      await connection.close();
    });
  });
}
