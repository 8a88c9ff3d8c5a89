import { collectFacts } from '../../../lib/host/collect-facts';
import { factsRequest } from '../../../lib/host/facts-request';
import { failure, type SampleHost } from './sample-host';

/** What an apply does to a machine, from its first boot on. */
export function changes(the: SampleHost): void {
  describe('a new machine', () => {
    test('is brought to the desired state from the first moment of its boot', async () => {
      the.machine = await the.lab.boot('mail', { number: 60, cloudInit: true });
      const { lines } = await the.machine.apply(the.next());
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
      expect(await the.machine.inside('id -nG webapp; id -nG nsd')).toBe('webapp service\nnsd service');
      expect(await the.machine.inside('stat -c "%U:%G %a" /etc/sample /etc/sample/local /etc/sample/parts/10_version')).toBe(
        'root:service 2775\nroot:service 664\nroot:service 640',
      );
      expect(await the.machine.inside('systemctl is-enabled nsd ticker; ls /usr/sbin/policy-rc.d 2>&1 || true')).toMatch(
        /^enabled\nenabled\nls: cannot access/,
      );
    });

    test('has nothing left to do, which takes one exec to know', async () => {
      const connection = await the.machine.connect();
      const exec = jest.spyOn(connection, 'exec');
      const start = performance.now();
      const facts = await collectFacts(connection, factsRequest(the.current()));
      process.stderr.write(`            facts of an unchanged host: ${Math.round(performance.now() - start)} ms\n`);
      await connection.close();
      expect(exec).toHaveBeenCalledTimes(1);
      expect(facts.packages.nsd).toMatch(/^4\./);
      expect((await the.machine.apply(the.current())).lines).toEqual([]);
    });
  });

  describe('a change', () => {
    test('puts drift back and touches nothing else', async () => {
      const ticker = await the.pidOf('ticker.service');
      await the.machine.inside(
        'echo "# edited" >>/etc/nsd/nsd.conf; chmod 700 /etc/sample; gpasswd -d webapp service >/dev/null',
      );
      const { changes } = await the.machine.apply(the.current());
      expect(changes.files).toEqual([{ path: '/etc/nsd/nsd.conf', action: 'replace' }]);
      expect(changes.directories).toEqual(['/etc/sample']);
      expect(changes.users).toEqual([{ name: 'webapp', create: false, addToGroups: ['service'] }]);
      expect(changes.services).toEqual([{ unit: 'nsd.service', action: 'restart', reason: '/etc/nsd/nsd.conf changed' }]);
      expect(await the.pidOf('ticker.service')).toBe(ticker);
    });

    test('reloads what reads a rebuilt state, with the command that was given', async () => {
      const ticker = await the.pidOf('ticker.service');
      const { lines } = await the.machine.apply(the.next());
      expect(lines.join('\n')).toContain('service: reload ticker.service (/etc/sample/all changed)');
      expect(await the.machine.inside('cat /run/ticker-reloaded')).toMatch(/^\d+$/);
      expect(await the.pidOf('ticker.service')).toBe(ticker);
    });

    test('starts what was stopped, disabled or masked by hand', async () => {
      await the.machine.inside(
        'systemctl disable --now --quiet nsd; systemctl stop ticker; rm /etc/systemd/system/multi-user.target.wants/ticker.service',
      );
      await the.machine.apply(the.current());
      expect(await the.machine.inside('systemctl is-active nsd ticker; systemctl is-enabled nsd ticker')).toBe(
        'active\nactive\nenabled\nenabled',
      );
      await the.machine.inside('systemctl mask --now --quiet nsd');
      await the.machine.apply(the.current());
      expect(await the.machine.inside('systemctl is-active nsd')).toBe('active');
    });

    test('never touches what the service users made of their files', async () => {
      await the.machine.inside(
        'echo "webapp was here" >/etc/sample/local; chown webapp:webapp /etc/sample/local; chmod 600 /etc/sample/local',
      );
      await the.machine.apply(the.next());
      expect(await the.machine.inside('cat /etc/sample/local; stat -c "%U:%G %a" /etc/sample/local')).toBe(
        'webapp was here\nwebapp:webapp 600',
      );
    });

    test('removes a file that is no longer wanted, and keeps it in the backup', async () => {
      await the.machine.apply(the.next({ extraFile: '/etc/sample/parts/20_extra' }));
      expect(await the.machine.inside('cat /etc/sample/all')).toBe(`version = v${the.version}\nextra`);
      const { changes } = await the.machine.apply(the.current());
      expect(changes.files).toEqual([{ path: '/etc/sample/parts/20_extra', action: 'remove' }]);
      expect(await the.machine.inside('cat /etc/sample/all; cat /var/lib/mailserver/backup/*/etc/sample/parts/20_extra')).toBe(
        `version = v${the.version}\nextra`,
      );
    });

    test('gives a file that is managed no more to the service users, as it is', async () => {
      const path = '/etc/sample/map';
      const look = () => the.machine.inside(`cat ${path}; stat -c "%U:%G %a" ${path}`);
      await the.machine.apply(the.next({ extraFile: path }));
      const good = the.version;
      await failure(the.machine.apply(the.next({ extraSeed: path, probe: 'exit 1', probeSeconds: 1 })));
      expect(await look()).toBe('extra\nroot:root 644');
      the.version = good;
      const { lines } = await the.machine.apply(the.next({ extraSeed: path }));
      expect(lines.join('\n')).toContain(`file: give ${path} to the service users`);
      expect(await look()).toBe('extra\nroot:service 664');
      await the.machine.inside(`chmod 600 ${path}`);
      await the.machine.apply(the.next({ extraSeed: path }));
      expect(await look()).toBe('extra\nroot:service 600');
      await the.machine.inside(`rm ${path}`);
      await the.machine.apply(the.next());
    });

    test('puts back what a path held before it was managed, file or link', async () => {
      const paths = ['/etc/sample-file', '/etc/sample-link'] as const;
      await the.machine.inside(`echo before >${paths[0]}; chmod 600 ${paths[0]}; ln -s sample-file ${paths[1]}`);
      for (const extraFile of paths) {
        await the.machine.apply(the.next({ extraFile }));
        expect(await the.machine.inside(`test ! -L ${extraFile}; cat ${extraFile}`)).toBe('extra');
        await the.machine.apply(the.next({ extraFile }));
        await the.machine.apply(the.next());
      }
      expect(await the.machine.inside(`cat ${paths[0]}; stat -c %a ${paths[0]}; readlink ${paths[1]}`)).toBe(
        'before\n600\nsample-file',
      );
      expect(await the.machine.inside(`find /var/lib/mailserver/originals/etc -name 'sample*'`)).toBe('');
    });

    test('replaces a symbolic link by the file and leaves its target alone', async () => {
      await the.machine.inside('echo mine >/root/mine; ln -sf /root/mine /etc/nsd/nsd.conf');
      await the.machine.apply(the.current());
      expect(await the.machine.inside('cat /root/mine; test -L /etc/nsd/nsd.conf || echo file')).toBe('mine\nfile');
    });

    test('removes a directory that is no longer wanted, once the change is confirmed', async () => {
      const path = '/etc/sample/more';
      const look = () => the.machine.inside(`stat -c "%U:%G %a" ${path} 2>&1 || true`);
      await the.machine.apply(the.next({ extraDirectory: path }));
      const good = the.version;
      const error = await failure(the.machine.apply(the.next({ probe: 'exit 1', probeSeconds: 1 })));
      expect(error.kind).toBe('rolledBack');
      expect(await look()).toBe('root:service 2750');
      the.version = good;
      await the.machine.apply(the.current());
      expect(await look()).toContain('No such file');
    });

    test('never writes through a link that a service user left where it works', async () => {
      const names = ['parts/.10_version', '.local'].map((name) => `/etc/sample/${name}.mailserver-new`).join(' ');
      await the.machine.inside(
        `echo mine >/root/mine; chmod 600 /root/mine; rm /etc/sample/local; for name in ${names}; do ln -s /root/mine $name; done`,
      );
      await the.machine.apply(the.next());
      expect(await the.machine.inside('cat /root/mine; stat -c "%U:%G %a" /root/mine')).toBe('mine\nroot:root 600');
      expect(await the.machine.inside('test ! -L /etc/sample/parts/10_version && cat /etc/sample/local')).toBe('# yours');
      await the.expectOldState(the.version);
    });

    test('finishes an installation of packages that was interrupted', async () => {
      await the.machine.inside('dpkg --unpack /srv/apt/bzip2_*.deb >/dev/null 2>&1; dpkg --audit | grep -q bzip2');
      await the.machine.apply(the.next());
      expect(await the.machine.inside('dpkg --audit; dpkg-query -W -f "\\${db:Status-Status}" bzip2')).toBe('installed');
    });

    test('purges a package that must be absent', async () => {
      const { lines } = await the.machine.apply(the.next({ absentPackages: ['bzip2'] }));
      expect(lines.join('\n')).toContain('packages: purge bzip2');
      expect(await the.machine.inside('dpkg-query -W -f "\\${db:Status-Status}" bzip2 2>&1 || true')).toMatch(
        /not-installed|no packages found/,
      );
    });
  });
}
