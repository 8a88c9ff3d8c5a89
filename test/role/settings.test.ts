import { roleSettings } from '../../lib/role/settings';
import { badInputs } from './bad-inputs';
import { setups } from './setups';

const base = { heloName: 'mail.example.com' };

describe('the settings of the role', () => {
  it.each(badInputs.map(([path, value, message]) => [path, JSON.stringify(value), message, value] as const))(
    'refuse %s in %s: %s',
    (path, _text, message, value) => {
      const property = path.split('.')[0] ?? '';
      const result = roleSettings.safeParse({ ...base, [property]: value });
      const issues = result.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
      expect(issues).toEqual([`${path}: ${message}`]);
    },
  );

  it.each(Object.entries(setups))('take the setup %s', (_name, { settings }) => {
    expect(roleSettings.safeParse(settings).error?.issues).toBeUndefined();
  });

  it.each([
    ['heloName', 'MAIL.Example.COM'],
    ['heloName', 'xn--mller-kva.example'],
    ['bindIpv6', '2001:db8::ffff:198.51.100.25'],
    ['externalNetworks', ['203.0.113.7', '203.0.113.0/25', '[2001:db8::]/48', '2001:db8::1', '::ffff:203.0.113.0/120']],
    ['accessSender', { '<>': 'DUNNO', 'user@': '450 later', 'example.com': 'reject_unverified_sender', '.sub.example': 'ok' }],
    ['accessClient', { '203.0.113': 'REJECT', '2001:db8::1': 'OK', unknown: 'DEFER' }],
    [
      'transport',
      { '*': 'smtp:', '@example.net': 'user-webapp:', '.example.org': 'relay:[mx.example.org]:587', 'a@b.example': ':' },
    ],
    ['virtualAliases', { '@example.net': ['root'], 'a@example.net': ['"a b"@example.org', 'webapp+tag@example.org'] }],
    ['localAliases', { root: ['|/usr/bin/logger', '/var/mail/archive', ':include:/etc/mail/list', 'a@b.example'] }],
    ['canonicalPcre', ['# comment', 'if /@old/', '/^(.*)@old$/i ${1}@new', 'endif', '!/x/ y']],
    ['domains', { 'example.com': { relayTo: 'smtp:[10.0.0.5]:25' }, 'example.net': {} }],
    ['mainCf', { smtpd_restriction_classes: 'strict', strict: 'reject_unknown_client_hostname', mynetworks: '10.0.0.0/8' }],
    ['dnsblSites', ['zen.spamhaus.org=127.0.0.[2..11]*3', 'list.example*-2', 'a.example=127.0.[0;2].1']],
  ])('take %s %j', (property, value) => {
    expect(roleSettings.safeParse({ ...base, [property]: value }).error?.issues).toBeUndefined();
  });

  it('refuse properties that do not exist', () => {
    const result = roleSettings.safeParse({ ...base, hostname: 'x' });
    expect(result.error?.issues[0]?.message).toContain('hostname');
  });

  it('have more than sixty ways to go wrong', () => {
    expect(badInputs.length).toBeGreaterThan(60);
  });
});
