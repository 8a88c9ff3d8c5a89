// Made by scripts/role-props.mjs from the schema in lib/role/settings.ts; change it there.

import type { IResolvable } from 'cdktf';

/** The settings of the mail role, as far as the machine does not decide them. */
export interface MailRoleProps {
  /** The HELO name: `myhostname` and banner; A record, PTR and MX target are the same name. */
  readonly heloName: string;

  /**
   * `smtp_bind_address6` of the sending services.
   *
   * @default - outgoing mail uses IPv4 only
   */
  readonly bindIpv6?: string;

  /**
   * Scan every mail with ClamAV.
   *
   * @default false, mail is scanned for spam only
   */
  readonly antivirus?: boolean | IResolvable;

  /**
   * Mail with what nobody but its recipient can look into: encrypted archives and documents, OpenPGP, S/MIME. With `antivirus`
   * only. `pass`, or `refuse`: treat it as mail that could not be scanned.
   *
   * @default - pass
   */
  readonly encryptedContent?: 'pass' | 'refuse';

  /**
   * Mail domains that this host accepts mail for, in addition to those of `relayDomains` and `virtualAliases`. One without
   * `deliverTo` and `relayTo` has the recipients of `virtualAliases`.
   *
   * @default - none
   */
  readonly domains?: Readonly<
    Record<
      string,
      | {
          /**
           * Service user whose `bin/deliver` gets every mail of the domain.
           *
           * @default - none
           */
          readonly deliverTo?: string;

          /**
           * Next hop as in transport(5), e.g. `smtp:[10.0.0.5]:25`.
           *
           * @default - none
           */
          readonly relayTo?: string;
        }
      | IResolvable
    >
  >;

  /**
   * Members of the group `service`, created with a home directory when absent. Each gets a pipe transport `user-NAME`.
   *
   * @default - those that a domain is delivered to
   */
  readonly serviceUsers?: readonly string[];

  /**
   * Logins for submission on 587 and 465 by name, in addition to those that service users create with `sudo saslpasswd2`. One
   * that is taken out of the stack is removed from the host.
   *
   * @default - none
   */
  readonly submissionUsers?: Readonly<
    Record<
      string,
      | {
          /**
           * The password, from a variable or another token, never as text in the program: it goes to the host and is stored neither
           * in the plan nor in the state.
           */
          readonly password: string;

          /**
           * Raise it to have a changed password set on the host: what it was cannot be compared.
           *
           * @default 1
           */
          readonly passwordVersion?: number;

          /**
           * Whom the login may write as, in the envelope and in the From field: domains, `.example.com` for all subdomains of one,
           * addresses, or `*` for anybody.
           *
           * @default - the mail domains of the stack and the HELO name
           */
          readonly senders?: readonly string[];

          /**
           * How much the login may send, where that is not what `loginLimits` says.
           *
           * @default - none
           */
          readonly limits?:
            | {
                /**
                 * Mails a minute.
                 *
                 * @default 100, for a client of a known network 1000
                 */
                readonly mailsPerMinute?: number;

                /**
                 * Mails an hour.
                 *
                 * @default 1000, for a client of a known network 10000
                 */
                readonly mailsPerHour?: number;

                /**
                 * Mails a day.
                 *
                 * @default 5000, for a client of a known network 50000
                 */
                readonly mailsPerDay?: number;

                /**
                 * Recipients a minute, all mails together.
                 *
                 * @default 200, for a client of a known network 2000
                 */
                readonly recipientsPerMinute?: number;

                /**
                 * Recipients an hour.
                 *
                 * @default 2000, for a client of a known network 20000
                 */
                readonly recipientsPerHour?: number;

                /**
                 * Recipients a day.
                 *
                 * @default 10000, for a client of a known network 100000
                 */
                readonly recipientsPerDay?: number;

                /**
                 * Recipients a day that were not written to in the last 180 days.
                 *
                 * @default 500, for a client of a known network 5000
                 */
                readonly newRecipientsPerDay?: number;
              }
            | IResolvable;
        }
      | IResolvable
    >
  >;

  /**
   * Smart hosts: servers of somebody else that take mail of this host and deliver it, e.g. because outgoing port 25 is blocked.
   * Of several for the same mail the first is preferred. Mail to domains that this host accepts mail for does not leave by
   * them, unless `recipients` says so; see docs/relay.md.
   *
   * @default - none, mail goes to the servers of its recipients
   */
  readonly relay?: ReadonlyArray<
    | {
        /** Name of the smart host, as its certificate has it; or an address, with another `tls` than verify. */
        readonly host: string;

        /**
         * Its port. 465 has TLS from the start, all others STARTTLS.
         *
         * @default 587
         */
        readonly port?: number;

        /**
         * `verify`: with a certificate for `host` by an authority that Debian trusts. `encrypt`: with any certificate. `may`: in
         * clear text where there is no TLS. `none`: in clear text. A login needs one of the first two.
         *
         * @default - verify
         */
        readonly tls?: 'verify' | 'encrypt' | 'may' | 'none';

        /**
         * How this host logs in.
         *
         * @default - without a login
         */
        readonly login?:
          | {
              /** The name. */
              readonly user: string;

              /**
               * The password, from a variable or another token, never as text in the program: it goes to the host and is stored neither
               * in the plan nor in the state.
               */
              readonly password: string;

              /**
               * Raise it to have a changed password set on the host: what it was cannot be compared.
               *
               * @default 1
               */
              readonly passwordVersion?: number;
            }
          | IResolvable;

        /**
         * Only mail whose envelope sender is in one of these domains; subdomains are domains of their own.
         *
         * @default - mail of all senders
         */
        readonly senders?: readonly string[];

        /**
         * Only mail to these domains; `.example.com` stands for all subdomains.
         *
         * @default - mail to all others
         */
        readonly recipients?: readonly string[];

        /**
         * How fast it gets mail.
         *
         * @default - `outgoingPace`, else 20 connections without a pause
         */
        readonly pace?:
          | {
              /**
               * Mails that are delivered to one destination at the same time, each over a connection of its own.
               *
               * @default 20
               */
              readonly connections?: number;

              /**
               * Mails to one destination leave one by one with this pause between them, in seconds.
               *
               * @default - no pause
               */
              readonly secondsBetweenMails?: number;
            }
          | IResolvable;

        /**
         * Domain whose SPF record names the addresses that the smart host sends from, e.g. spf.provider.example: `MailServer`
         * includes it in the SPF record of the mail domains.
         *
         * @default - none
         */
        readonly spf?: string;

        /**
         * Names of the DKIM records that receivers verify its signatures with, e.g. s1._domainkey.example.com: `mailserver verify`
         * looks them up. The records are yours to set, as its operator says.
         *
         * @default - not known
         */
        readonly dkim?: readonly string[];
      }
    | IResolvable
  >;

  /**
   * How fast mail leaves, for each domain that it is for; what is too much waits in the queue.
   *
   * @default 20 connections without a pause
   */
  readonly outgoingPace?:
    | {
        /**
         * Mails that are delivered to one destination at the same time, each over a connection of its own.
         *
         * @default 20
         */
        readonly connections?: number;

        /**
         * Mails to one destination leave one by one with this pause between them, in seconds.
         *
         * @default - no pause
         */
        readonly secondsBetweenMails?: number;

        /**
         * Slow start of an address that receivers do not know yet: mails to one domain leave one by one, on the first day with 300
         * seconds between them, from day to day with fewer; the plan shows the schedule. Only for mail that leaves for the servers
         * of its recipients, not for smart hosts. Begins with the apply that brings it, and again with another address.
         *
         * @default - none
         */
        readonly warmUp?:
          | {
              /** How long the slow start takes, in days. */
              readonly days: number;
            }
          | IResolvable;
      }
    | IResolvable;

  /**
   * Signs what leaves this host in the name of its mail domains and of the HELO name (DKIM), each as soon as the world sees the
   * record of the key; see docs/authentication.md.
   *
   * @default - nothing is signed
   */
  readonly dkim?:
    | {
        /**
         * Names of the two keys in DNS, `SELECTOR._domainkey.DOMAIN`. Other senders of a domain must not have the same.
         *
         * @default - mta1 and mta2
         */
        readonly selectors?: readonly string[];

        /**
         * After how many days the next key signs, if the world sees its record by then.
         *
         * @default 180
         */
        readonly rotateDays?: number;

        /**
         * Raise it to change the key that signs at once and to revoke it, e.g. because somebody may have read it: the next key
         * signs, where its record is public, and mail under way does not verify any more.
         *
         * @default 1
         */
        readonly rotation?: number;
      }
    | IResolvable;

  /**
   * Mail domains of this stack that other servers send for, too, such as a newsletter service or the server behind `relayTo`.
   * Mail from strangers with an envelope sender in any other of `domains`, `relayDomains` and `virtualAliases`, or in the HELO
   * name, is refused.
   *
   * @default - none; `MailServer` adds those whose SPF record names other senders
   */
  readonly sendersElsewhere?: readonly string[];

  /**
   * Who reads the mail for postmaster, abuse, hostmaster, noc, security, webmaster, virusalert and abusealert of the host
   * itself, and for root: addresses, or names of the host (RFC 2142, R7). `localAliases` and /etc/aliases overrule it for
   * single names.
   *
   * @default - the mailbox of root on the host, of which the plan warns
   */
  readonly postmaster?: readonly string[];

  /**
   * /etc/mail/access-client: client to action, access(5).
   *
   * @default - the file belongs to the service users
   */
  readonly accessClient?: Readonly<Record<string, string>>;

  /**
   * /etc/mail/access-helo: HELO name to action.
   *
   * @default - the file belongs to the service users
   */
  readonly accessHelo?: Readonly<Record<string, string>>;

  /**
   * /etc/mail/access-recipient: recipient to action.
   *
   * @default - the file belongs to the service users
   */
  readonly accessRecipient?: Readonly<Record<string, string>>;

  /**
   * /etc/mail/access-sender: sender to action.
   *
   * @default - the file belongs to the service users
   */
  readonly accessSender?: Readonly<Record<string, string>>;

  /**
   * /etc/mail/canonical: address to address, canonical(5).
   *
   * @default - the file belongs to the service users
   */
  readonly canonical?: Readonly<Record<string, string>>;

  /**
   * /etc/mail/canonical.pcre: lines of pcre_table(5), in order.
   *
   * @default - the file belongs to the service users
   */
  readonly canonicalPcre?: readonly string[];

  /**
   * /etc/mail/external-networks: addresses and CIDR networks that may submit without authentication.
   *
   * @default - the file belongs to the service users
   */
  readonly externalNetworks?: readonly string[];

  /**
   * /etc/mail/local-aliases: name to targets, aliases(5).
   *
   * @default - the file belongs to the service users
   */
  readonly localAliases?: Readonly<Record<string, readonly string[]>>;

  /**
   * /etc/mail/relay-domains: domains accepted for forwarding. A domain does not stand for its subdomains: name each, or all of
   * them as `.example.com`.
   *
   * @default - the file belongs to the service users
   */
  readonly relayDomains?: readonly string[];

  /**
   * How much each login may send through ports 587 and 465. Above a limit mail is put off with a 450 reply.
   *
   * @default 100 mails to 200 recipients a minute, 1000 to 2000 an hour, 5000 to 10000 a day, 500 new recipients a day
   */
  readonly loginLimits?:
    | {
        /**
         * Mails a minute.
         *
         * @default 100, for a client of a known network 1000
         */
        readonly mailsPerMinute?: number;

        /**
         * Mails an hour.
         *
         * @default 1000, for a client of a known network 10000
         */
        readonly mailsPerHour?: number;

        /**
         * Mails a day.
         *
         * @default 5000, for a client of a known network 50000
         */
        readonly mailsPerDay?: number;

        /**
         * Recipients a minute, all mails together.
         *
         * @default 200, for a client of a known network 2000
         */
        readonly recipientsPerMinute?: number;

        /**
         * Recipients an hour.
         *
         * @default 2000, for a client of a known network 20000
         */
        readonly recipientsPerHour?: number;

        /**
         * Recipients a day.
         *
         * @default 10000, for a client of a known network 100000
         */
        readonly recipientsPerDay?: number;

        /**
         * Recipients a day that were not written to in the last 180 days.
         *
         * @default 500, for a client of a known network 5000
         */
        readonly newRecipientsPerDay?: number;
      }
    | IResolvable;

  /**
   * The same for each client of a known network, and for this host, on all ports and by `sendmail`, without a login; of IPv6
   * for each /64.
   *
   * @default - ten times as much
   */
  readonly networkLimits?:
    | {
        /**
         * Mails a minute.
         *
         * @default 100, for a client of a known network 1000
         */
        readonly mailsPerMinute?: number;

        /**
         * Mails an hour.
         *
         * @default 1000, for a client of a known network 10000
         */
        readonly mailsPerHour?: number;

        /**
         * Mails a day.
         *
         * @default 5000, for a client of a known network 50000
         */
        readonly mailsPerDay?: number;

        /**
         * Recipients a minute, all mails together.
         *
         * @default 200, for a client of a known network 2000
         */
        readonly recipientsPerMinute?: number;

        /**
         * Recipients an hour.
         *
         * @default 2000, for a client of a known network 20000
         */
        readonly recipientsPerHour?: number;

        /**
         * Recipients a day.
         *
         * @default 10000, for a client of a known network 100000
         */
        readonly recipientsPerDay?: number;

        /**
         * Recipients a day that were not written to in the last 180 days.
         *
         * @default 500, for a client of a known network 5000
         */
        readonly newRecipientsPerDay?: number;
      }
    | IResolvable;

  /**
   * Addresses and networks that are never shut out of ports 587 and 465 for wrong passwords, next to `adminCidrs` of the host,
   * known networks and the addresses that the stack names.
   *
   * @default - none
   */
  readonly neverShutOut?: readonly string[];

  /**
   * /etc/mail/submission-senders: login or known network to the domains and addresses that it may write as, in the envelope and
   * in the From field; `.example.com` stands for all subdomains, `*` for anybody. A login of `submissionUsers` has its own
   * `senders`.
   *
   * @default - a login writes as the mail domains of the stack and the HELO name, a known network as anybody
   */
  readonly submissionSenders?: Readonly<Record<string, readonly string[]>>;

  /**
   * /etc/mail/transport: address or domain to transport:nexthop, transport(5).
   *
   * @default - the file belongs to the service users
   */
  readonly transport?: Readonly<Record<string, string>>;

  /**
   * /etc/mail/virtual-aliases: address to targets, virtual(5). A domain that only they name is accepted, with these recipients
   * and no others.
   *
   * @default - the file belongs to the service users
   */
  readonly virtualAliases?: Readonly<Record<string, readonly string[]>>;

  /**
   * Maps that come from files on the machine that runs the program: for lists of more than a thousand entries. The lines of a
   * file are what Postfix reads, e.g. `info@example.com app@example.com`; plans show those that change, and only these travel.
   * Entries are judged by the rules of the property of the same name, which is then left out. See docs/maps.md.
   *
   * @default - none
   */
  readonly mapFiles?:
    | {
        /**
         * Path of the file for /etc/mail/access-client, relative to the folder of cdktf.json.
         *
         * @default - none
         */
        readonly accessClient?: string;

        /**
         * Path of the file for /etc/mail/access-helo, relative to the folder of cdktf.json.
         *
         * @default - none
         */
        readonly accessHelo?: string;

        /**
         * Path of the file for /etc/mail/access-recipient, relative to the folder of cdktf.json.
         *
         * @default - none
         */
        readonly accessRecipient?: string;

        /**
         * Path of the file for /etc/mail/access-sender, relative to the folder of cdktf.json.
         *
         * @default - none
         */
        readonly accessSender?: string;

        /**
         * Path of the file for /etc/mail/canonical, relative to the folder of cdktf.json.
         *
         * @default - none
         */
        readonly canonical?: string;

        /**
         * Path of the file for /etc/mail/canonical.pcre, relative to the folder of cdktf.json.
         *
         * @default - none
         */
        readonly canonicalPcre?: string;

        /**
         * Path of the file for /etc/mail/external-networks, relative to the folder of cdktf.json.
         *
         * @default - none
         */
        readonly externalNetworks?: string;

        /**
         * Path of the file for /etc/mail/local-aliases, relative to the folder of cdktf.json.
         *
         * @default - none
         */
        readonly localAliases?: string;

        /**
         * Path of the file for /etc/mail/relay-domains, relative to the folder of cdktf.json.
         *
         * @default - none
         */
        readonly relayDomains?: string;

        /**
         * Path of the file for /etc/mail/transport, relative to the folder of cdktf.json.
         *
         * @default - none
         */
        readonly transport?: string;

        /**
         * Path of the file for /etc/mail/virtual-aliases, relative to the folder of cdktf.json.
         *
         * @default - none
         */
        readonly virtualAliases?: string;
      }
    | IResolvable;

  /**
   * Further main.cf parameters, written to /etc/postfix/main.d/30_stack.cf.
   *
   * @default - none
   */
  readonly mainCf?: Readonly<Record<string, string>>;

  /**
   * Parameters of main.cf that service users may set although they are the stack's, by name, e.g. relayhost; docs/parameters.md
   * has what each costs.
   *
   * @default - none
   */
  readonly serviceUserParameters?: readonly string[];

  /**
   * How long an unknown sender is put off, in seconds.
   *
   * @default 60
   */
  readonly greylistDelaySeconds?: number;

  /**
   * Servers that need not pass greylisting: names, which stand for what is below them, too, addresses or networks. Takes the
   * place of Debian's list and the role's; the lists of service users count besides. `[]`: every external server passes
   * greylisting.
   *
   * @default - Debian's list and 21 large senders, see docs/antispam.md
   */
  readonly neverGreylisted?: readonly string[];

  /**
   * `message_size_limit` in bytes, the same for Postfix, amavis and clamd.
   *
   * @default 26214400 (25 MiB)
   */
  readonly messageSizeLimit?: number;

  /**
   * `smtpd_tls_chain_files`: files on the host with key and certificates, key first.
   *
   * @default - a self-signed certificate for the HELO name
   */
  readonly smtpdTlsChainFiles?: readonly string[];

  /**
   * Who asks the blocklists about a client of port 25: `policyd-weight`, which weighs HELO name and DNS too, or its successor
   * `postscreen`, a part of Postfix that also refuses clients that talk before they are greeted. Debian 13 is the last release
   * with policyd-weight.
   *
   * @default - policyd-weight
   */
  readonly antispam?: 'policyd-weight' | 'postscreen';

  /**
   * Blocklists as in `postscreen_dnsbl_sites`: `zone[=replies][*weight]`; weight 1 adds to what is known of a client, 2 refuses
   * it.
   *
   * @default - bl.spamcop.net and psbl.surriel.com
   */
  readonly dnsblSites?: readonly string[];

  /**
   * SpamAssassin's points: what they lead to, and those of single rules.
   *
   * @default - Debian's
   */
  readonly spam?:
    | {
        /**
         * `$sa_tag_level_deflt`: points from which on a mail has X-Spam headers.
         *
         * @default 2
         */
        readonly tagLevel?: number;

        /**
         * `$sa_tag2_level_deflt`: points from which on these headers say that it is spam.
         *
         * @default 6.31
         */
        readonly tag2Level?: number;

        /**
         * `$sa_kill_level_deflt`: points from which on port 25 refuses a mail, and a submitted one is kept in quarantine.
         *
         * @default 6.31
         */
        readonly killLevel?: number;

        /**
         * Points of single rules by name; 0 switches a rule off.
         *
         * @default - those of the rules
         */
        readonly scores?: Readonly<Record<string, number>>;
      }
    | IResolvable;

  /**
   * How much submitted spam and viruses are kept in /var/lib/amavis/virusmails. The oldest also go while less than a tenth of
   * the disk is free.
   *
   * @default 1024 MiB, 30 days
   */
  readonly quarantine?:
    | {
        /**
         * Size on disk above which the oldest mails go, in MiB.
         *
         * @default 1024
         */
        readonly maxMib?: number;

        /**
         * Age above which a mail goes, in days.
         *
         * @default 30
         */
        readonly maxAgeDays?: number;
      }
    | IResolvable;

  /**
   * `PrivateMirror` of freshclam: URLs or hosts to fetch virus signatures from.
   *
   * @default - database.clamav.net
   */
  readonly clamavMirrors?: readonly string[];

  /**
   * Scan with the EICAR test signature and fetch no others, for tests without network.
   *
   * @default false, mail is put off until the official signatures are there
   */
  readonly clamavTestSignatureOnly?: boolean | IResolvable;

  /**
   * Addresses of the recursive resolvers in use on the host.
   *
   * @default - left as the host has them
   */
  readonly resolvers?: readonly string[];

  /**
   * How often the checks on the host run, and their thresholds.
   *
   * @default - every 5 minutes
   */
  readonly checks?:
    | {
        /**
         * Minutes between two runs of all checks.
         *
         * @default 5
         */
        readonly intervalMinutes?: number;

        /**
         * Folder of Prometheus' node exporter, which must exist: `mailserver.prom` is written there too.
         *
         * @default - only /var/lib/mailserver/checks/metrics.prom
         */
        readonly textfileDirectory?: string;

        /**
         * Mails in the queue that are a WARNING.
         *
         * @default 100
         */
        readonly queueWarning?: number;

        /**
         * Mails in the queue that are CRITICAL.
         *
         * @default 500
         */
        readonly queueCritical?: number;

        /**
         * Age of the oldest mail in the queue, in hours: WARNING.
         *
         * @default 4
         */
        readonly queueAgeWarningHours?: number;

        /**
         * Age of the oldest mail in the queue, in hours: CRITICAL.
         *
         * @default 24
         */
        readonly queueAgeCriticalHours?: number;

        /**
         * Days before the certificate ends: WARNING.
         *
         * @default 21
         */
        readonly certificateWarningDays?: number;

        /**
         * Days before the certificate ends: CRITICAL.
         *
         * @default 7
         */
        readonly certificateCriticalDays?: number;

        /**
         * Age of the virus signatures, in hours: WARNING.
         *
         * @default 26
         */
        readonly signaturesWarningHours?: number;

        /**
         * Age of the virus signatures, in hours: CRITICAL.
         *
         * @default 72
         */
        readonly signaturesCriticalHours?: number;

        /**
         * Age of SpamAssassin's rules, in days: WARNING.
         *
         * @default 30
         */
        readonly rulesWarningDays?: number;

        /**
         * Age of SpamAssassin's rules, in days: CRITICAL.
         *
         * @default 90
         */
        readonly rulesCriticalDays?: number;
      }
    | IResolvable;

  /**
   * Closes the cloud's metadata service (169.254.169.254, fd00:ec2::254) to everybody on the host but root, since it hands out
   * credentials.
   *
   * @default false
   */
  readonly metadataRootOnly?: boolean | IResolvable;
}
