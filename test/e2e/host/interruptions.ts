import { waitFor } from '../../../lab/system';
import { isEmpty } from '../../../lib/host/diff';
import { failure, held, type SampleHost, versionLines } from './sample-host';

/** Lost connections, power cuts and full disks in the middle of an apply, and what is made of what they leave. */
export function interruptions(the: SampleHost): void {
  describe('an apply that is interrupted', () => {
    test('goes on when the connection breaks, and is found again', async () => {
      const cut = the.atProbe(async () => {
        await the.machine.inside('for pid in $(pgrep -f "[s]shd-session: admin@notty"); do kill -9 $pid; done');
        await the.release();
      });
      const { lines } = await the.machine.apply(the.next({ probe: held, probeSeconds: 60 }), { onLine: cut.onLine });
      expect(lines.join('\n')).toMatch(/lost the connection to .*; connecting again/);
      expect(await the.liveVersion()).toBe(versionLines(the.version));
    });

    test('by a power cut is undone before any service starts', async () => {
      const good = the.version;
      const cut = the.atProbe(async () => {
        await the.machine.cutPower();
        await the.machine.bootAgain();
      });
      const error = await failure(the.machine.apply(the.next({ probe: held, probeSeconds: 60 }), { onLine: cut.onLine }));
      await cut.done();
      expect(error.kind).toBe('rolledBack');
      expect(error.message).toContain('the host went down in the middle of it');
      await the.expectOldState(good);
      expect(await the.machine.inside('systemctl --failed --no-legend; systemctl is-system-running --wait')).toBe('running');
      the.version = good;
      expect((await the.machine.apply(the.current())).lines).toEqual([]);
    });

    test('while the host still starts is undone with its services', async () => {
      const good = the.version;
      const slow = '[Service]\nType=oneshot\nExecStart=/bin/sh -c "until [ -e /run/release-boot ]; do sleep 0.1; done"\n';
      // For cloud-init an apply waits.
      await the.machine.inside(
        `touch /etc/cloud/cloud-init.disabled; printf '${slow}[Install]\nWantedBy=multi-user.target\n' >/etc/systemd/system/slow.service; systemctl -q enable slow`,
      );
      await the.machine.cutPower();
      await the.machine.bootAgain();
      const kill = the.atProbe(async () => {
        expect(await the.machine.inside('systemctl is-system-running || true')).toBe('starting');
        await the.machine.inside('kill -9 $(systemctl show -p MainPID --value mailserver-apply)');
      });
      const error = await failure(
        the.machine.apply(the.next({ ticker: '/bin/sleep 1000000', probe: held, probeSeconds: 60 }), { onLine: kill.onLine }),
      );
      await kill.done();
      expect(error.kind).toBe('rolledBack');
      expect(error.message).toContain('the apply was killed in the middle of it');
      await the.expectOldState(good);
      expect(await the.machine.inside('ps -o args= -p $(systemctl show -p MainPID --value ticker)')).toBe('/bin/sleep infinity');
      await the.machine.inside('systemctl -q disable slow; rm /etc/cloud/cloud-init.disabled; touch /run/release-boot');
      expect(await the.machine.inside('systemctl is-system-running --wait')).toBe('running');
      the.version = good;
    });

    test('by a reboot is undone on the way down', async () => {
      const good = the.version;
      const reboot = the.atProbe(() => the.machine.inside('systemctl --no-block reboot'));
      const error = await failure(the.machine.apply(the.next({ probe: held, probeSeconds: 60 }), { onLine: reboot.onLine }));
      expect(error.kind).toBe('rolledBack');
      await waitFor('the boot', async () => (await the.machine.inside('systemctl is-system-running --wait')) === 'running', {
        deadline: 30_000,
      });
      await the.expectOldState(good);
      the.version = good;
      await the.machine.apply(the.next());
    });
  });

  describe('a full disk', () => {
    const state = '/var/lib/mailserver';
    const fill = `dd if=/dev/zero of=${state}/fill bs=4096 status=none 2>/dev/null || true`;

    beforeAll(async () => {
      await the.machine.inside(
        `cp -a ${state} /run/saved; mount -t tmpfs -o size=6m,mode=711 tmpfs ${state}; cp -a /run/saved/. ${state}`,
      );
    });
    afterAll(async () => {
      await the.machine.inside(`umount ${state}; rm -rf /run/saved`);
    });

    test('that a change does not fit on is found before anything is changed, and said', async () => {
      const before = the.version;
      await the.machine.inside(fill);
      const error = await failure(the.machine.apply(the.next()));
      expect(error.message).toMatch(/No space left on device/i);
      the.version = before;
      await the.expectOldState(before);
      await the.machine.inside(`rm ${state}/fill`);
    });

    test('in the middle of a change makes the host go back, and is said', async () => {
      const before = the.version;
      const { onLine, done } = the.atProbe(async () => {
        await the.machine.inside(fill);
        await the.release();
      });
      const error = await failure(the.machine.apply(the.next({ probe: held }), { onLine }));
      await done();
      await the.machine.inside(`rm -f ${state}/fill`);
      expect(error.kind).toBe('rolledBack');
      expect(error.message).toMatch(/the new state cannot be written down: .*No space left on device/);
      the.version = before;
      await the.expectOldState(before);
      expect(isEmpty((await the.machine.look(the.current())).changes)).toBe(true);
    });
  });

  describe('what an interrupted apply left behind', () => {
    const transaction = '/var/lib/mailserver/transaction';

    test('is undone by the next apply, which then goes on from what it finds', async () => {
      const before = the.version;
      await the.machine.apply(the.next());
      // As if the last apply had been cut off just after its swap, on a host whose boot did not undo it.
      await the.machine.inside(`touch ${transaction}/armed`);
      const { lines } = await the.machine.apply(the.next());
      expect(lines.join('\n')).toContain('an apply before this one was interrupted');
      expect(lines.join('\n')).toContain('roll back: build /etc/sample/all');
      expect(await the.liveVersion()).toBe(versionLines(before + 2));
    });

    test('is not called undone while a file cannot be put back', async () => {
      const good = the.version;
      const path = '/etc/sample/parts/10_version';
      // Something that not even root can rename over.
      const probe = `mountpoint -q ${path} || mount --bind ${path} ${path}; exit 1`;
      const error = await failure(the.machine.apply(the.next({ probe, probeSeconds: 1 })));
      expect(error.kind).toBe('failed');
      expect(error.message).toContain(`not restored: ${path}; their old versions are in /var/lib/mailserver/backup/`);
      const again = await failure(the.machine.apply(the.next()));
      expect(again.kind).toBe('failed');
      expect(again.message).toContain(`not restored: ${path};`);
      await the.machine.inside(`test -e ${transaction}/armed; umount ${path}; systemctl restart mailserver-rollback`);
      expect(await the.machine.inside(`cat ${transaction}/result; ls ${transaction}/armed 2>&1 || true`)).toMatch(
        /^::result rolledBack .*\n.*No such file/,
      );
      await the.expectOldState(good);
      the.version = good;
    });

    test('is brought to its end when it had been confirmed', async () => {
      await the.machine.inside(
        `mv ${transaction}/../manifest /root; touch ${transaction}/committing; systemctl restart mailserver-rollback`,
      );
      expect(
        await the.machine.inside(`ls ${transaction}/committing 2>&1 || true; cmp /root/manifest ${transaction}/../manifest`),
      ).toMatch(/No such file/);
      expect(isEmpty((await the.machine.look(the.current())).changes)).toBe(true);
    });
  });
}
