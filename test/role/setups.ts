import type { RoleSettings } from '../../lib/role/settings';

export interface Setup {
  readonly settings: RoleSettings;
  readonly cores: number;
  readonly memoryMiB: number;
  /** Only the files that are not the same in that setup are kept, so that a reader sees what makes this one special. */
  readonly comparedWith?: string;
}

/** Typical setups; their rendered files are in golden/. */
export const setups: Readonly<Record<string, Setup>> = {
  /** One application behind a small machine; everything else belongs to the service users. */
  'one-application': {
    cores: 2,
    memoryMiB: 1900,
    settings: {
      heloName: 'mail.example.com',
      domains: { 'example.com': { deliverTo: 'webapp' } },
      serviceUsers: ['webapp'],
    },
  },
  /** postscreen where policyd-weight was, with lists that document their replies and one that does not. */
  postscreen: {
    cores: 2,
    memoryMiB: 1900,
    settings: {
      heloName: 'mail.example.com',
      antispam: 'postscreen',
      dnsblSites: ['zen.spamhaus.org=127.0.0.[2..11]*2', 'bl.spamcop.net', 'list.dnswl.org=127.0.[0..255].[1..3]*-1'],
    },
  },
  /** Behind an Elastic IP, with virus scanner, state volume, maps in the stack, several kinds of domains. */
  'cloud-with-antivirus': {
    cores: 2,
    memoryMiB: 7800,
    settings: {
      heloName: 'mx1.example.org',
      bindIpv4: '10.77.0.25',
      bindIpv6: '2001:db8:77::25',
      proxyAddresses: ['198.51.100.25'],
      antivirus: true,
      domains: {
        'example.org': { deliverTo: 'shop' },
        'example.net': { relayTo: 'smtp:[10.77.0.40]:25' },
        'aliases.example': {},
      },
      serviceUsers: ['shop', 'newsletter'],
      accessClient: { '203.0.113.9': 'REJECT listed here', 'partner.example': 'OK' },
      accessRecipient: { 'closed@example.org': '550 gone' },
      canonical: { 'root@mx1.example.org': 'operations@example.org' },
      canonicalPcre: ['/^(.*)@old[.]example[.]org$/ ${1}@example.org'],
      externalNetworks: ['203.0.113.0/24', '2001:db8:5::/48'],
      localAliases: { root: ['operations@example.org', 'night@example.net'] },
      relayDomains: ['example.edu'],
      transport: { '@example.edu': 'user-newsletter:', 'example.gov': 'smtp:[2001:db8::5]:2525' },
      virtualAliases: { 'info@aliases.example': ['shop@example.org'], '@aliases.example': ['operations@example.org'] },
      mainCf: { smtpd_client_message_rate_limit: '100', delay_warning_time: '4h' },
      greylistDelaySeconds: 30,
      messageSizeLimit: 50 * 1024 * 1024,
      smtpdTlsChainFiles: ['/etc/mailserver/tls/key.pem', '/etc/mailserver/tls/chain.pem'],
      dnsblSites: ['zen.spamhaus.org=127.0.0.[2..11]*2', 'bl.spamcop.net'],
      clamavMirrors: ['https://clamav.example.org/mirror'],
      resolvers: ['10.77.0.2'],
      stateVolume: { volumeId: 'vol-0123456789abcdef0' },
    },
  },
  /** What leaves the host is signed (DKIM). */
  signed: {
    cores: 2,
    memoryMiB: 1900,
    comparedWith: 'one-application',
    settings: {
      heloName: 'mail.example.com',
      domains: { 'example.com': { deliverTo: 'webapp' } },
      relayDomains: ['Example.NET', '.example.org'],
      serviceUsers: ['webapp'],
      stateVolume: { volumeId: 'vol-0123456789abcdef0' },
      dkim: {},
    },
  },
  /** No mail from the world: applications of an office submit, everything leaves by a smart host with a login. */
  'smart-host': {
    cores: 2,
    memoryMiB: 1900,
    comparedWith: 'one-application',
    settings: {
      heloName: 'out.example.com',
      externalNetworks: ['10.20.0.0/16', '203.0.113.7', '2001:db8:20::/48'],
      localAliases: { root: ['operations@example.com'], virusalert: ['operations@example.com'] },
      relay: [
        {
          host: 'email-smtp.eu-central-1.amazonaws.com',
          login: { user: 'AKIAIOSFODNN7EXAMPLE', password: 'never in a rendered file' },
        },
      ],
    },
  },
  /** Several applications, each with domains of its own; one of them also takes a single address out of another's domain. */
  'many-applications': {
    cores: 4,
    memoryMiB: 7800,
    comparedWith: 'one-application',
    settings: {
      heloName: 'mx.example.org',
      serviceUsers: ['shop', 'tickets', 'newsletter'],
      domains: {
        'shop.example': { deliverTo: 'shop' },
        'shop.example.net': { deliverTo: 'shop' },
        'shop.example.org': { deliverTo: 'shop' },
        'help.example': { deliverTo: 'tickets' },
        'support.example.net': { deliverTo: 'tickets' },
        'bounces.example': { deliverTo: 'newsletter' },
        'people.example': {},
      },
      transport: { 'unsubscribe@shop.example': 'user-newsletter:', '@lists.example': 'user-newsletter:lists' },
      relayDomains: ['lists.example'],
      virtualAliases: {
        'anna@people.example': ['anna@example.edu'],
        'team@people.example': ['anna@people.example', 'ben@example.edu'],
        '@people.example': ['@help.example'],
      },
      mainCf: { 'user-shop_destination_recipient_limit': '1' },
    },
  },
  /** Your own IPv6 prefix with reverse names, so that mail leaves over both. */
  'own-ipv6': {
    cores: 2,
    memoryMiB: 3800,
    comparedWith: 'one-application',
    settings: {
      heloName: 'mail.example.net',
      bindIpv4: '203.0.113.25',
      bindIpv6: '2001:db8:f030:1c2::10',
      resolvers: ['::1', '2001:db8:f030:1c2::53'],
      domains: { 'example.net': { deliverTo: 'webapp' } },
      externalNetworks: ['2001:db8:f030::/48', 'fd00:10::/32'],
      accessClient: { '2001:db8:bad': 'REJECT', '2001:db8:bad::7': 'OK' },
      transport: { 'legacy.example.net': 'smtp4:[2001:db8::25]:25' },
    },
  },
  /** A first hop for mail servers behind it: one that is asked for its recipients, one whose recipients are listed. */
  'first-hop': {
    cores: 2,
    memoryMiB: 3800,
    comparedWith: 'one-application',
    settings: {
      heloName: 'mx.example.com',
      antivirus: true,
      domains: { 'example.com': { relayTo: 'smtp:[10.0.0.10]:25' }, 'example.net': { relayTo: 'smtp:[mail.example.edu]:25' } },
      relayDomains: ['listed.example'],
      transport: { 'listed.example': 'lmtp:[10.0.0.11]:24' },
      accessRecipient: {
        'anna@listed.example': 'DUNNO',
        'postmaster@listed.example': 'DUNNO',
        'listed.example': '550 5.1.1 no such user',
      },
    },
  },
  /** A machine of one's own, in no cloud, with a disk for what must outlive it. */
  'existing-host': {
    cores: 8,
    memoryMiB: 31_900,
    comparedWith: 'one-application',
    settings: {
      heloName: 'mail.example.com',
      domains: { 'example.com': { deliverTo: 'webapp' } },
      serviceUsers: ['webapp'],
      stateVolume: { volumeId: '/dev/disk/by-id/ata-DISK_4711', mountPoint: '/srv/mail-state' },
      checks: { intervalMinutes: 1, textfileDirectory: '/var/lib/prometheus/node-exporter' },
    },
  },
  /** Every property has a value of its own. */
  everything: {
    cores: 4,
    memoryMiB: 15_800,
    comparedWith: 'cloud-with-antivirus',
    settings: {
      heloName: 'mail.example.com',
      bindIpv4: '10.0.0.25',
      bindIpv6: '2001:db8:1::25',
      proxyAddresses: ['198.51.100.25', '198.51.100.26'],
      antivirus: true,
      antispam: 'postscreen',
      domains: {
        'example.com': { deliverTo: 'webapp' },
        'example.net': { relayTo: 'relay:[10.0.0.40]:2525' },
        'example.org': {},
      },
      serviceUsers: ['webapp', 'reports'],
      submissionUsers: {
        scanner: {
          password: 'never in a rendered file',
          passwordVersion: 2,
          senders: ['example.com', 'alarm@example.net'],
          limits: { mailsPerDay: 50 },
        },
      },
      loginLimits: { mailsPerDay: 20_000, newRecipientsPerDay: 5000 },
      networkLimits: { recipientsPerMinute: 500 },
      submissionSenders: { reports: ['reports@example.com'], '203.0.113.0/28': ['*'] },
      relay: [
        {
          host: 'smtp.example.edu',
          port: 465,
          login: { user: 'mail@example.edu', password: 'never in a rendered file', passwordVersion: 3 },
          pace: { connections: 5 },
          spf: 'spf.example.edu',
        },
        {
          host: 'smtp2.example.edu',
          port: 465,
          login: { user: 'mail', password: 'never in a rendered file' },
          pace: { connections: 2 },
        },
        {
          host: '203.0.113.77',
          port: 2525,
          tls: 'encrypt',
          senders: ['example.net'],
          recipients: ['slow.example', '.slow.example'],
          pace: { secondsBetweenMails: 2 },
        },
      ],
      outgoingPace: { connections: 10, warmUp: { days: 14 } },
      sendersElsewhere: ['Example.org'],
      dkim: { selectors: ['first', 'second'] },
      postmaster: ['ops@example.com', 'webapp'],
      accessClient: { '203.0.113': 'strict', '198.51.100.9': 'OK' },
      accessHelo: { friend: 'REJECT', '[10.0.0.9]': 'DUNNO' },
      accessRecipient: { 'gone@example.com': '550 5.1.1 gone' },
      accessSender: { 'spam.example': 'REJECT', '<>': 'DUNNO' },
      canonical: { '@old.example.com': '@example.com' },
      canonicalPcre: ['if /@(.*)[.]example[.]com$/', '/^(.*)@.*$/ ${1}@example.com', 'endif'],
      externalNetworks: ['10.0.0.0/16', '2001:db8:1::/48'],
      localAliases: { root: ['ops@example.com'], archive: ['"|/usr/local/bin/archive --fast"', '/var/mail/archive'] },
      relayDomains: ['example.edu', '.partner.example'],
      transport: { '@example.edu': 'user-reports:', '.partner.example': 'smtp:[mx.partner.example]:587', '*': ':' },
      virtualAliases: {
        '@example.org': ['@example.com'],
        'both@example.org': ['a@example.com', 'copy@example.net'],
        'info@example.org': ['webapp'],
      },
      // A map is either here or in a file.
      mapFiles: {},
      mainCf: {
        smtpd_restriction_classes: 'strict',
        strict: 'reject_unknown_client_hostname, reject_unknown_helo_hostname',
        delay_warning_time: '1h',
        'user-webapp_destination_recipient_limit': '1',
      },
      serviceUserParameters: ['always_bcc'],
      greylistDelaySeconds: 300,
      neverGreylisted: ['partner.example', '203.0.113.0/24'],
      neverShutOut: ['203.0.113.64/26', '[2001:db8:7::]/48'],
      messageSizeLimit: 10 * 1024 * 1024,
      smtpdTlsChainFiles: ['/etc/letsencrypt/live/mail/privkey.pem', '/etc/letsencrypt/live/mail/fullchain.pem'],
      dnsblSites: ['zen.spamhaus.org=127.0.0.[2..11]*2', 'list.dnswl.org=127.0.[0..255].[1..3]*-2'],
      encryptedContent: 'refuse',
      clamavMirrors: ['https://mirror.example.com/clamav', 'second.example.com'],
      clamavTestSignatureOnly: true,
      spam: { tagLevel: -10, tag2Level: 5, killLevel: 8, scores: { URIBL_BLACK: 3.5 } },
      quarantine: { maxMib: 200, maxAgeDays: 7 },
      resolvers: ['127.0.0.1'],
      checks: { intervalMinutes: 2, queueWarning: 20, queueCritical: 50, certificateWarningDays: 30 },
      stateVolume: { volumeId: 'vol-0123456789abcdef0', mountPoint: '/srv/state' },
      metadataRootOnly: true,
    },
  },
};
