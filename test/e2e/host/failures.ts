import { waitFor } from '../../../lab/system';
import { HostError } from '../../../lib/host/host-error';
import { sampleState } from '../support/sample-state';
import { failure, held, type SampleHost } from './sample-host';

/** A change that does not work leaves the old state, and says why. */
export function failures(the: SampleHost): void {
  describe('a change that does not work', () => {
    let good: number;
    beforeEach(() => {
      good = the.version;
    });
    afterEach(() => {
      the.version = good;
    });

    test('is refused by the validator and nothing is changed', async () => {
      const nsd = await the.pidOf('nsd.service');
      const error = await failure(the.machine.apply(the.next({ configuration: '  nonsense: 1\n' })));
      expect(error.kind).toBe('refused');
      expect(error.message).toMatch(/^nothing was changed on 127\.0\.0\.1:\d+: nsd-checkconf refuses the new state: /);
      expect(error.message).toContain('syntax error');
      await the.expectOldState(good);
      expect(await the.pidOf('nsd.service')).toBe(nsd);
    });

    test('is refused when a package does not exist, with the words of apt', async () => {
      const error = await failure(the.machine.apply(the.next({ packages: ['no-such-package'] })));
      expect(error.kind).toBe('failed');
      expect(error.message).toContain('apt-get install: E: Unable to locate package no-such-package');
      await the.expectOldState(good);
      expect(await the.machine.inside('ls /usr/sbin/policy-rc.d 2>&1 || true')).toContain('No such file');
    });

    test('is rolled back when a probe fails', async () => {
      const error = await failure(the.machine.apply(the.next({ probe: 'echo "no answer on port 53"; exit 1', probeSeconds: 1 })));
      expect(error.kind).toBe('rolledBack');
      expect(error.message).toMatch(/^the old state was put back on .*: nsd did not succeed within 1 s: no answer on port 53\n/);
      await the.expectOldState(good);
    });

    test('is rolled back past the links that a service user left where the old files are put', async () => {
      const name = '/etc/sample/parts/.10_version.mailserver-old';
      await the.machine.inside(`echo mine >/root/mine; chmod 600 /root/mine; ln -s /root/mine ${name}`);
      const error = await failure(the.machine.apply(the.next({ probe: 'exit 1', probeSeconds: 1 })));
      expect(error.kind).toBe('rolledBack');
      expect(await the.machine.inside('cat /root/mine; stat -c "%U:%G %a" /root/mine')).toBe('mine\nroot:root 600');
      await the.expectOldState(good);
    });

    test('is rolled back when a daemon dies, with its last words', async () => {
      const error = await failure(the.machine.apply(the.next({ ticker: "/bin/sh -c 'echo out of ink; exit 1'" })));
      expect(error.kind).toBe('rolledBack');
      expect(error.message).toContain('ticker.service is failed');
      expect(error.message).toContain('out of ink');
      await the.expectOldState(good);
    });

    test('is not called undone when something that ran does not run any more', async () => {
      const tick = '/usr/local/bin/tick';
      const working = { ticker: tick };
      await the.machine.inside(`printf '#!/bin/sh\\nexec sleep infinity\\n' >${tick}; chmod 755 ${tick}`);
      await the.machine.apply(the.current(working));
      // What the old state needs is gone by the time it comes back.
      const probe = `mv ${tick} /root; mkdir /etc/sample/.all; exit 1`;
      const error = await failure(the.machine.apply(the.next({ probe, probeSeconds: 1 })));
      expect(error.kind).toBe('unwell');
      expect(error.message).toMatch(
        /^the old files were put back, but not everything runs as before, on 127.*: \/etc\/sample\/all could not be built: .*; ticker\.service does not run any more: .*; what failed before: nsd did not succeed/,
      );
      expect(await the.machine.inside('cat /etc/sample/parts/10_version')).toBe(`version = v${good}`);
      await the.machine.inside(`mv /root/tick ${tick}; rmdir /etc/sample/.all`);
      the.version = good;
      await the.machine.apply(the.current(working));
      await the.machine.apply(the.current());
      await the.expectOldState(good);
    });

    test('is rolled back when nobody confirms that the host can still be reached', async () => {
      const reconnect = () => Promise.reject(new HostError('unreachable', 'the firewall is closed now'));
      const error = await failure(the.machine.apply(the.next(), { reconnect, confirmationSeconds: 2 }));
      expect(error.kind).toBe('rolledBack');
      expect(error.message).toContain('nobody confirmed over a new connection within 2 s');
      expect(error.message).toContain('the firewall is closed now');
      await the.expectOldState(good);
    });

    test('is rolled back when it is called off', async () => {
      const abort = new AbortController();
      const hold = the.atProbe(async () => abort.abort());
      const error = await failure(
        the.machine.apply(the.next({ probe: held, probeSeconds: 60 }), { signal: abort.signal, onLine: hold.onLine }),
      );
      expect(error.kind).toBe('rolledBack');
      expect(error.message).toContain('stopped on request');
      await the.expectOldState(good);
    });

    test('is rolled back by the host when the one who asked for it dies', async () => {
      const desired = the.next({ probe: held, probeSeconds: 60 });
      const gone = () => Promise.reject(new HostError('unreachable', 'killed'));
      const kill = the.atProbe(() =>
        the.machine.inside('for pid in $(pgrep -f "[s]shd-session: admin@notty"); do kill -9 $pid; done'),
      );
      const error = await failure(the.machine.apply(desired, { reconnect: gone, onLine: kill.onLine, confirmationSeconds: 1 }));
      expect(error.kind).toBe('connectionLost');
      expect(error.message).toContain('goes back to its old state by itself');
      await the.release();
      await waitFor('the rollback', async () => (await the.machine.inside('cat /var/lib/mailserver/transaction/result')) !== '', {
        deadline: 20_000,
      });
      expect(await the.machine.inside('cat /var/lib/mailserver/transaction/result')).toContain('rolledBack nobody confirmed');
      await the.expectOldState(good);
    });

    test('is rolled back by systemd when the apply itself is killed', async () => {
      const kill = the.atProbe(() => the.machine.inside('kill -9 $(systemctl show -p MainPID --value mailserver-apply)'));
      const error = await failure(the.machine.apply(the.next({ probe: held, probeSeconds: 60 }), { onLine: kill.onLine }));
      expect(error.kind).toBe('rolledBack');
      expect(error.message).toContain('the apply was killed in the middle of it');
      await the.expectOldState(good);
    });

    test('is refused while another one is at work', async () => {
      let second: Promise<HostError> | undefined;
      const hold = the.atProbe(async () => {
        second = failure(the.machine.apply(sampleState({ version: 'other' })));
        await second;
        await the.release();
      });
      await the.machine.apply(the.next({ probe: held, probeSeconds: 60 }), { onLine: hold.onLine });
      good = the.version;
      await hold.done();
      const error = await second;
      expect(error?.kind).toBe('busy');
      expect(error?.message).toMatch(/another apply is at work on the host \(started .*\): wait for its end and apply again$/);
      await the.expectOldState(the.version);
    });
  });
}
