import { capacityOf } from '../../../lib/role/capacity';
import { renderRole } from '../../../lib/role/render';
import { roleSettings } from '../../../lib/role/settings';
import { checkLimits } from '../../../lib/role/settings/checks';

const base = { heloName: 'mail.example.com' };

function render(checks?: object, more: object = {}) {
  return renderRole(roleSettings.parse({ ...base, ...more, checks }), capacityOf(2, 4000, false));
}

function file(path: string, ...of: Parameters<typeof render>): string {
  return render(...of).files.find((entry) => entry.path === path)?.content ?? '';
}

function configuration(...of: Parameters<typeof render>) {
  return JSON.parse(file('/usr/lib/mailserver/checks.json', ...of));
}

describe('the settings of the checks', () => {
  it.each([
    [{ queueWarning: 600 }, 'queueWarning is 600 and queueCritical is 500: queueWarning must be the smaller one'],
    [{ queueWarning: 9, queueCritical: 9 }, 'queueWarning is 9 and queueCritical is 9: queueWarning must be the smaller one'],
    [
      { certificateWarningDays: 5 },
      'certificateCriticalDays is 7 and certificateWarningDays is 5: certificateCriticalDays must be the smaller one',
    ],
    [
      { signaturesCriticalHours: 26 },
      'signaturesWarningHours is 26 and signaturesCriticalHours is 26: signaturesWarningHours must be the smaller one',
    ],
    [{ textfileDirectory: 'metrics' }, "'metrics' is not a path on the mail host: it must begin with /"],
    [{ intervalMinutes: 0 }, "'0' is out of range: expected 1 to 60 minutes"],
    [{ intervall: 5 }, expect.stringMatching(/intervall/)],
  ])('%j is refused', (checks, message) => {
    const { error } = roleSettings.safeParse({ ...base, checks });
    expect(error?.issues.map((issue) => issue.message)).toEqual([message]);
  });

  it('become thresholds, the others keep theirs', () => {
    expect(checkLimits({ queueWarning: 7 })).toMatchObject({ queueWarning: 7, queueCritical: 500, signaturesWarningHours: 26 });
    expect(configuration({ queueWarning: 7 }).queue).toMatchObject({ warning: 7, critical: 500 });
  });

  it('say how often the timer runs, and when its last run is too old', () => {
    expect(file('/etc/systemd/system/mailserver-checks.timer', { intervalMinutes: 10 })).toContain('OnUnitInactiveSec=10min\n');
    expect(configuration({ intervalMinutes: 10 }).staleSeconds).toBeGreaterThan(30 * 60);
  });

  it('let the service write where the node exporter reads', () => {
    const checks = { textfileDirectory: '/var/lib/prometheus/node-exporter' };
    expect(file('/etc/systemd/system/mailserver-checks.service', checks)).toContain(
      '\nReadWritePaths=/var/lib/mailserver/checks -/var/lib/prometheus/node-exporter\n',
    );
    expect(configuration(checks).textfileDirectory).toBe('/var/lib/prometheus/node-exporter');
  });
});

describe('the way of the samples', () => {
  const way = file('/etc/postfix/master.d/20_checks.cf');

  it('leads from this machine to the filter of port 25, past everything else', () => {
    expect(way).toMatch(/^127\.0\.0\.1:10027 inet /m);
    expect(way).toContain('-o smtpd_proxy_filter=127.0.0.1:10024\n');
    expect(way).toContain('-o mynetworks=\n');
    expect(way).not.toContain('check_policy_service');
  });

  it('takes one recipient, whose mail nobody keeps', () => {
    const recipients = 'check_recipient_access inline:{{mailserver-check@$myhostname = OK}}, reject';
    expect(way).toContain(`-o { smtpd_recipient_restrictions = ${recipients} }\n`);
    expect(file('/etc/postfix/stack/aliases')).toContain('\nmailserver-check: /dev/null\n');
  });
});

describe('what is checked', () => {
  const names = (antivirus: boolean) =>
    configuration(undefined, { antivirus }).services.map((service: { name: string }) => service.name);

  it('has a virus scanner only where the role has one', () => {
    expect(names(false)).toEqual(['amavis, incoming', 'amavis, submission', 'policyd-weight', 'postgrey']);
    expect(names(true)).toContain('clamd');
  });

  it.each([
    ['behind NAT', { bindIpv4: '10.0.0.5', proxyAddresses: ['203.0.113.25'] }, ['203.0.113.25']],
    ['with addresses of its own', { bindIpv4: '203.0.113.9', bindIpv6: '2001:db8::9' }, ['203.0.113.9', '2001:db8::9']],
    ['that knows none', {}, []],
  ])('has the addresses of a host %s', (_name, settings, addresses) => {
    expect(configuration(undefined, settings).addresses).toEqual(addresses);
  });

  it('has the blocklists in use with the replies that count', () => {
    expect(configuration(undefined, { dnsblSites: ['zen.example.org=127.0.0.[2..4]*2'] }).blocklists.sites).toEqual([
      { zone: 'zen.example.org', replies: '^127[.]0[.]0[.](?:2|3|4)$' },
    ]);
  });
});
