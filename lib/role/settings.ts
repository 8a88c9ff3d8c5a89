import { z } from 'zod';

/**
 * The settings of the mail role. One schema gives the TypeScript type, the check at synth (tokens are skipped), the check at
 * plan on real values and the attributes of `mailserver_role`. Optional means: Debian's or the role's default applies, and for
 * a map: the file belongs to the service users.
 */
export const roleSettings = z.strictObject({
  heloName: z
    .string()
    .describe('The HELO name: `myhostname` and banner; A record, PTR and MX target are the same name (R28, R31).'),
  bindIpv4: z
    .string()
    .optional()
    .describe(
      '`smtp_bind_address` of the sending services: the private address behind 1:1 NAT (R33). Default: the system chooses.',
    ),
  bindIpv6: z
    .string()
    .optional()
    .describe('`smtp_bind_address6` of the sending services (R33). Default: outgoing mail uses IPv4 only.'),
  proxyAddresses: z
    .array(z.string())
    .optional()
    .describe('`proxy_interfaces`: public addresses that arrive here through NAT, e.g. the Elastic IP. Default: none.'),
  antivirus: z
    .boolean()
    .optional()
    .describe('Scan every mail with ClamAV (R40). Default: false, mail is scanned for spam only (R41).'),
  domains: z
    .record(
      z.string(),
      z.strictObject({
        deliverTo: z.string().optional().describe('Service user whose `bin/deliver` gets every mail of the domain (R20).'),
        relayTo: z.string().optional().describe('Next hop as in transport(5), e.g. `smtp:[10.0.0.5]:25`.'),
      }),
    )
    .optional()
    .describe(
      'Mail domains that this host accepts mail for, beside those of `relayDomains` and `virtualAliases`. Default: none.',
    ),
  serviceUsers: z
    .array(z.string())
    .optional()
    .describe(
      'Members of the group `service`, created with a home directory when absent. Each gets a pipe transport `user-NAME` (R20). Default: none.',
    ),
  accessClient: z
    .record(z.string(), z.string())
    .optional()
    .describe('/etc/mail/access-client: client to action, access(5) (R8a).'),
  accessHelo: z.record(z.string(), z.string()).optional().describe('/etc/mail/access-helo: HELO name to action (R8b).'),
  accessRecipient: z.record(z.string(), z.string()).optional().describe('/etc/mail/access-recipient: recipient to action (R8c).'),
  accessSender: z.record(z.string(), z.string()).optional().describe('/etc/mail/access-sender: sender to action (R8d).'),
  canonical: z.record(z.string(), z.string()).optional().describe('/etc/mail/canonical: address to address, canonical(5) (R8e).'),
  canonicalPcre: z.array(z.string()).optional().describe('/etc/mail/canonical.pcre: lines of pcre_table(5), in order (R8f).'),
  externalNetworks: z
    .array(z.string())
    .optional()
    .describe('/etc/mail/external-networks: addresses and CIDR networks that may submit without authentication (R19).'),
  localAliases: z
    .record(z.string(), z.array(z.string()))
    .optional()
    .describe('/etc/mail/local-aliases: name to targets, aliases(5) (R7).'),
  relayDomains: z.array(z.string()).optional().describe('/etc/mail/relay-domains: domains accepted for forwarding (R8i).'),
  transport: z
    .record(z.string(), z.string())
    .optional()
    .describe('/etc/mail/transport: address or domain to transport:nexthop, transport(5) (R8j, R22).'),
  virtualAliases: z
    .record(z.string(), z.array(z.string()))
    .optional()
    .describe('/etc/mail/virtual-aliases: address to targets, virtual(5) (R8k).'),
  mainCf: z
    .record(z.string(), z.string())
    .optional()
    .describe('Further main.cf parameters, written to /etc/postfix/main.d/30_stack.cf (R11).'),
  greylistDelaySeconds: z
    .int()
    .min(1)
    .max(3600)
    .optional()
    .describe('How long an unknown sender is put off, in seconds (R34). Default: 60.'),
  messageSizeLimit: z
    .int()
    .min(1)
    .optional()
    .describe('`message_size_limit` in bytes, the same for Postfix, amavis and clamd. Default: 26214400 (25 MiB).'),
  smtpdTlsChainFiles: z
    .array(z.string())
    .optional()
    .describe(
      '`smtpd_tls_chain_files`: files on the host with key and certificates, key first. Default: a self-signed certificate for the HELO name.',
    ),
  dnsblSites: z
    .array(z.string())
    .optional()
    .describe(
      'Blocklists as in `postscreen_dnsbl_sites`: `zone[=replies][*weight]`; weight 1 adds to what is known of a client, 2 refuses it. Default: bl.spamcop.net and psbl.surriel.com.',
    ),
  clamavMirrors: z
    .array(z.string())
    .optional()
    .describe('`PrivateMirror` of freshclam: URLs or hosts to fetch virus signatures from. Default: database.clamav.net.'),
  clamavTestSignatureOnly: z
    .boolean()
    .optional()
    .describe(
      'Scan with the EICAR test signature and fetch no others, for tests without network. Default: false, mail is put off until the official signatures are there.',
    ),
  resolvers: z
    .array(z.string())
    .optional()
    .describe('Addresses of the recursive resolvers in use on the host. Default: left as the host has them.'),
  stateVolume: z
    .strictObject({ volumeId: z.string(), mountPoint: z.string().optional().describe('Default: /srv/mail.') })
    .optional()
    .describe(
      'Block device for what must outlive the instance: queue, greylist, SASL and virus databases. Default: the root disk.',
    ),
});

export type RoleSettings = z.infer<typeof roleSettings>;
