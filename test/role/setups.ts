import type { RoleSettings } from '../../lib/role/settings';

/** Typical setups; their rendered files are in golden/. */
export const setups: Readonly<Record<string, { settings: RoleSettings; cores: number; memoryMiB: number }>> = {
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
};
