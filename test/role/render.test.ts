import type { DesiredState } from '../../lib/host/desired-state';
import { capacityOf, unknownCapacity } from '../../lib/role/capacity';
import { renderRole } from '../../lib/role/render';
import type { RoleSettings } from '../../lib/role/settings';
import { setups } from './setups';

const base: RoleSettings = { heloName: 'mail.example.com' };

function render(settings: Partial<RoleSettings> = {}, workers = capacityOf(2, 4000, settings.antivirus ?? false)): DesiredState {
  return renderRole({ ...base, ...settings }, workers);
}

function file(state: DesiredState, path: string): string {
  const found = state.files.find((entry) => entry.path === path);
  if (!found) throw new Error(`${path} is not managed`);
  return found.content;
}

/** The options of one service of master.cf. */
function service(state: DesiredState, head: RegExp): string {
  const found = file(state, '/etc/postfix/master.d/10_role.cf')
    .split(/\n(?=\S)/)
    .find((entry) => head.test(entry));
  if (!found) throw new Error(`no service ${head}`);
  return found;
}

const MAPS = [
  'access-client',
  'access-helo',
  'access-recipient',
  'access-sender',
  'canonical',
  'canonical.pcre',
  'external-networks',
  'local-aliases',
  'relay-domains',
  'submission-senders',
  'transport',
  'virtual-aliases',
];

describe('the two owners', () => {
  it('gives all maps to the service users when the stack sets none', () => {
    const seeds = render().seeds.filter((seed) => seed.path.startsWith('/etc/mail/'));
    expect(seeds.map((seed) => seed.path)).toEqual(MAPS.map((map) => `/etc/mail/${map}`));
    for (const seed of seeds) expect(`${seed.owner}:${seed.group} ${seed.mode}`).toBe('root:service 0664');
  });

  it('takes a map over when the stack sets it, even to nothing', () => {
    const state = render({ accessSender: {}, relayDomains: ['example.net'] });
    expect(file(state, '/etc/mail/relay-domains')).toContain('\nexample.net\n');
    expect(file(state, '/etc/mail/access-sender')).toBe('# Written by the stack. sender and an action; access(5)\n');
    expect(state.seeds.map((seed) => seed.path)).not.toContain('/etc/mail/relay-domains');
  });

  it('never names one path as managed and as created once', () => {
    for (const { settings } of Object.values(setups)) {
      const state = render(settings);
      const paths = [...state.files, ...state.seeds].map((entry) => entry.path);
      expect(new Set(paths).size).toBe(paths.length);
    }
  });

  it('leaves 40_local.cf and the whitelists to the service users', () => {
    const seeds = render({ mainCf: { biff: 'yes' } }).seeds.map((seed) => seed.path);
    expect(seeds).toContain('/etc/postfix/main.d/40_local.cf');
    expect(seeds).toContain('/etc/postfix/postgrey_whitelist_clients.local');
    expect(seeds).toContain('/etc/postfix/postgrey_whitelist_recipients.local');
  });
});

describe('every file', () => {
  it.each(Object.keys(setups))('of %s ends in a newline, has an absolute path and an octal mode', (name) => {
    const state = render(setups[name]?.settings);
    for (const entry of [...state.files, ...state.seeds]) {
      expect(entry.path).toMatch(/^\/[^\s]+$/);
      expect(entry.mode).toMatch(/^0[0-7]{3}$/);
      expect(entry.content.endsWith('\n')).toBe(true);
      expect(entry.content.includes('undefined')).toBe(false);
    }
  });

  it('of the gate has its map type filled in', () => {
    expect(file(render(), '/usr/lib/mailserver/postfix-gate')).toContain('\nMAP_TYPE=cdb\n');
  });
});

describe('unknown values', () => {
  const sentinel = 'value-known-after-apply';

  it('flow through as they are', () => {
    const state = render(
      { bindIpv4: sentinel, proxyAddresses: [sentinel], stateVolume: { volumeId: sentinel } },
      unknownCapacity(sentinel),
    );
    expect(service(state, /^smtp +inet/)).toContain(` - n - ${sentinel} smtpd`);
    const main = file(state, '/etc/postfix/main.d/10_role.cf');
    for (const name of ['proxy_interfaces', 'smtp_bind_address']) expect(main).toContain(`\n${name} = ${sentinel}\n`);
    expect(file(state, '/etc/amavis/conf.d/50-user')).toContain(`$max_servers = ${sentinel};`);
    expect(state.volume?.volumeId).toBe(sentinel);
  });

  it('do not change which files there are', () => {
    const paths = (workers: string) => render({}, unknownCapacity(workers)).files.map((entry) => entry.path);
    expect(paths('a')).toEqual(paths('b'));
  });
});

describe('port 25', () => {
  const smtp = service(render(), /^smtp +inet/);

  it('filters before the queue with as many processes as the filter has', () => {
    expect(smtp).toMatch(/^smtp +inet n - n - 16 smtpd\n/);
    expect(smtp).toContain('-o smtpd_proxy_filter=127.0.0.1:10024');
    expect(file(render(), '/etc/amavis/conf.d/50-user')).toContain('$max_servers = 16;');
  });

  it('never offers AUTH', () => {
    expect(smtp.match(/\S*sasl\S*/g)).toEqual(['smtpd_sasl_auth_enable=no']);
    expect(file(render(), '/etc/postfix/main.d/10_role.cf')).toContain('\nsmtpd_sasl_auth_enable = no\n');
  });

  it('refuses unknown recipients before it asks anybody, and survives dead policy services', () => {
    const main = file(render(), '/etc/postfix/main.d/10_role.cf');
    const order = [
      'reject_unlisted_recipient',
      'check_client_access cdb:',
      'check_recipient_access',
      'inet:127.0.0.1:12525, timeout=20s, default_action=DUNNO',
      'inet:127.0.0.1:10023, timeout=20s, default_action=DUNNO',
    ].map((word) => main.indexOf(word));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(0);
  });
});

describe.each([/^submission +inet/, /^submissions +inet/])('submission service %s', (head) => {
  const submission = service(render(), head);

  it('spools always and filters behind the queue', () => {
    expect(submission).toContain('-o content_filter=smtp-amavis:[127.0.0.1]:10026');
    expect(submission).not.toContain('proxy_filter');
    expect(submission).not.toContain('check_policy_service');
  });

  it('wants a password from everybody outside the known networks', () => {
    expect(submission).toContain('-o smtpd_relay_restrictions=$submission_relay_restrictions\n');
    expect(file(render(), '/etc/postfix/main.d/10_role.cf')).toContain(
      '\nsubmission_relay_restrictions =\n    permit_mynetworks,\n    permit_sasl_authenticated,\n    reject\n',
    );
  });

  it('obeys the access maps', () => {
    expect(submission).toContain('-o smtpd_recipient_restrictions=$submission_recipient_restrictions\n');
    const main = file(render(), '/etc/postfix/main.d/10_role.cf');
    const restrictions = main.slice(
      main.indexOf('\nsubmission_recipient_restrictions'),
      main.indexOf('\nsmtpd_data_restrictions'),
    );
    for (const map of ['client', 'helo', 'sender', 'recipient']) expect(restrictions).toContain(`check_${map}_access cdb:`);
    expect(restrictions).not.toContain('check_policy_service');
  });
});

describe('outgoing mail', () => {
  const settings = { bindIpv4: '10.77.0.25' };

  const main = (more: object = {}) => file(render({ ...settings, ...more }), '/etc/postfix/main.d/10_role.cf');

  it('is bound by main.cf, where fragments can say otherwise, and the way to the filter is not', () => {
    const state = render(settings);
    expect(main()).toContain('\nsmtp_bind_address = 10.77.0.25\nsmtp_bind_address6 =\n');
    for (const transport of [/^smtp +unix/, /^relay +unix/, /^smtp4 +unix/])
      expect(service(state, transport)).not.toContain('bind_address');
    expect(service(state, /^smtp-amavis/)).toMatch(/-o smtp_bind_address=\n.*-o smtp_bind_address6=\n/);
  });

  it('waits in the queue rather than leave from another address', () => {
    expect(main()).toContain('\nsmtp_bind_address_enforce = yes\n');
  });

  it('takes IPv6 only where an address for it is given, and smtp4 never does', () => {
    expect(main({ bindIpv6: '2001:db8::25' })).toContain('\nsmtp_bind_address6 = 2001:db8::25\n');
    expect(main()).toContain('\noutgoing_inet_protocols = ${smtp_bind_address6?{$main_inet_protocols}:{ipv4}}\n');
    for (const transport of [/^smtp +unix/, /^relay +unix/])
      expect(service(render(), transport)).toContain('-o inet_protocols=$outgoing_inet_protocols\n');
    expect(service(render(), /^smtp4 +unix/)).toContain('-o inet_protocols=ipv4\n');
  });
});

describe('domains', () => {
  const state = render({
    domains: { 'a.example': { deliverTo: 'webapp' }, 'b.example': { relayTo: 'smtp:[10.0.0.5]' }, 'c.example': {} },
  });

  it('of an application are relayed to its pipe', () => {
    expect(file(state, '/etc/postfix/stack/transport')).toContain('\na.example user-webapp:\n');
    expect(file(state, '/etc/postfix/stack/relay-domains')).toContain('\na.example\n');
  });

  it('of a next hop have their recipients verified there', () => {
    expect(file(state, '/etc/postfix/stack/verify-recipients')).toBe(
      '# Written by the stack (`domains`).\nb.example reject_unverified_recipient\n',
    );
  });

  it('without a way have the recipients of the virtual aliases', () => {
    expect(file(state, '/etc/postfix/stack/virtual-domains')).toBe(
      '# Written by the stack (`domains`, `virtualAliases`).\nc.example\n',
    );
    expect(file(state, '/etc/postfix/stack/relay-domains')).not.toContain('c.example');
  });

  it('that only the virtual aliases name are accepted, those that something else names stay what they are', () => {
    const aliased = render({
      domains: { 'a.example': { deliverTo: 'webapp' }, 'c.example': {} },
      relayDomains: ['d.example'],
      virtualAliases: Object.fromEntries(
        ['info@Only.example', '@only.example', 'x@a.example', 'x@sub.a.example', 'x@c.example', 'x@sub.c.example', 'x@d.example']
          .concat('x@mail.example.com', 'x@localhost', 'postmaster')
          .map((address) => [address, ['webapp']]),
      ),
    });
    expect(file(aliased, '/etc/postfix/stack/virtual-domains')?.split('\n').slice(1)).toEqual([
      'c.example',
      'only.example',
      'sub.a.example',
      'sub.c.example',
      '',
    ]);
  });
});

describe('the virus scanner', () => {
  it('is absent as a whole when it is off', () => {
    const state = render();
    expect(state.absentPackages).toEqual(['clamav', 'clamav-base', 'clamav-daemon', 'clamav-freshclam', 'clamdscan']);
    expect(state.files.filter((entry) => entry.path.includes('clam'))).toEqual([]);
    expect(file(state, '/etc/amavis/conf.d/50-user')).toContain('@bypass_virus_checks_maps = (1);');
  });

  it('fails closed when it is on', () => {
    const amavis = file(render({ antivirus: true }), '/etc/amavis/conf.d/50-user');
    expect(amavis).toContain('$virus_scanners_failure_is_fatal = 1;');
    expect(amavis).toContain('@av_scanners_backup = ();');
    expect(amavis).toContain('@bypass_virus_checks_maps = ();');
  });

  it('waits for official signatures unless the test signature is said to be enough', () => {
    const unit = (only?: boolean) =>
      file(render({ antivirus: true, clamavTestSignatureOnly: only }), '/etc/systemd/system/clamav-daemon.service');
    expect(unit()).toContain('clamd-start official\n');
    expect(unit(true)).toContain('clamd-start test\n');
  });

  it('takes mails as large as Postfix does', () => {
    const state = render({ antivirus: true, messageSizeLimit: 1_000_000 });
    expect(file(state, '/etc/clamav/clamd.conf')).toContain('\nStreamMaxLength 1000000\n');
    expect(file(state, '/etc/postfix/main.d/10_role.cf')).toContain('\nmessage_size_limit = 1000000\n');
  });

  it.each([
    ['the smallest mail', 65_536, 65_536 * 10 + 104_857_600],
    ['the default', undefined, 367_001_600],
    ['the largest mail, whose content clamd can hardly take', 1_073_741_824, 2_146_435_072],
  ])('looks as far into a mail as amavis does: %s', (_name, messageSizeLimit, bytes) => {
    const state = render({ antivirus: true, messageSizeLimit });
    const clamd = file(state, '/etc/clamav/clamd.conf');
    const amavis = file(state, '/etc/amavis/conf.d/50-user');
    const limits = [...clamd.matchAll(/^((?:Max(?!Threads|Recursion|Files|ScanTime)|PCRE)\w+) (\d+)$/gm)];
    expect(limits.map(([, name]) => name)).toContain('MaxScanSize');
    expect(limits.filter(([, , value]) => Number(value) !== bytes)).toEqual([]);
    expect(amavis).toContain(`$MAX_EXPANSION_QUOTA = ${bytes};\n$MIN_EXPANSION_QUOTA = $MAX_EXPANSION_QUOTA;\n`);
    const [, depth] = /^\$MAXLEVELS = (\d+);$/m.exec(amavis) ?? [];
    const [, files] = /^\$MAXFILES = (\d+);$/m.exec(amavis) ?? [];
    expect(clamd).toContain(`\nMaxRecursion ${Number(depth) * 2}\nMaxFiles ${Number(files) * 2}\n`);
  });

  it('gives up before Postfix does', () => {
    const state = render({ antivirus: true });
    const [, seconds] = /^\$child_timeout = (\d+);$/m.exec(file(state, '/etc/amavis/conf.d/50-user')) ?? [];
    const [, waits] = /^smtpd_proxy_timeout = (\d+)s$/m.exec(file(state, '/etc/postfix/main.d/10_role.cf')) ?? [];
    expect(Number(seconds)).toBeLessThan(Number(waits));
  });

  it.each([
    ['pass', undefined, ['2', '3'], false],
    ['refuse', 'refuse' as const, ['1', '2', '3'], true],
  ])('refuses or keeps what it cannot scan, with encrypted content to %s', (_name, encryptedContent, minors, alerts) => {
    const state = render({ antivirus: true, encryptedContent });
    const amavis = file(state, '/etc/amavis/conf.d/50-user');
    for (const setting of ['final_destiny_maps', 'quarantine_method', 'quarantine_to_maps', 'admin_maps']) {
      const [, map = ''] = new RegExp(`^%${setting}_by_ccat = \\((.*?)^\\);`, 'ms').exec(amavis) ?? [];
      expect([...map.matchAll(/^ {2}CC_UNCHECKED\.',(\d)', sub/gm)].map(([, minor]) => minor)).toEqual(minors);
    }
    expect(file(state, '/etc/clamav/clamd.conf').includes('\nAlertEncrypted yes\n')).toBe(alerts);
  });
});

describe('submitted spam', () => {
  it('is kept and told, never bounced', () => {
    const amavis = file(render(), '/etc/amavis/conf.d/50-user');
    const bank = amavis.slice(amavis.indexOf("$policy_bank{'SUBMISSION'}"));
    expect(bank).toContain('final_spam_destiny => D_DISCARD');
    expect(bank).toContain('final_virus_destiny => D_DISCARD');
    expect(bank).toContain('virusalert');
  });
});

describe('service users', () => {
  it('are those named, and those that a domain is delivered to', () => {
    const state = render({
      serviceUsers: ['cron'],
      domains: { 'a.example': { deliverTo: 'shop' }, 'b.example': { deliverTo: 'shop' } },
    });
    expect(state.users.filter((user) => !user.fromPackage).map((user) => `${user.name} ${user.home}`)).toEqual([
      'cron /home/cron',
      'shop /home/shop',
    ]);
  });

  it('may run exactly the documented commands as root', () => {
    expect(file(render(), '/etc/sudoers.d/mailserver')).toBe(
      '# Written by the stack.\n%service ALL=(root) NOPASSWD: /etc/init.d/postfix reload, /etc/init.d/postfix restart, ' +
        '/etc/init.d/postgrey restart, /usr/local/sbin/mailserver-logins, /usr/local/sbin/saslpasswd2, /usr/local/sbin/sasldblistusers2\n',
    );
  });
});
