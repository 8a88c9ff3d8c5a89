import type { SmartHost } from '../../verify/subject';
import type { ConnectionProps, SshServerProps } from '../host/connection-props';

/** A host that the MX of the stack's domains name. */
export interface MailExchangerOfStack {
  readonly heloName: string;
  readonly preference: number;
}

/** What `mailserver verify` looks at, and how it logs in. */
export interface VerifyFacts {
  readonly heloName: string;
  /** May be tokens. */
  readonly addresses: readonly string[];
  readonly domains: readonly string[];
  /** All hosts of the domains, where there are several. */
  readonly exchangers: readonly MailExchangerOfStack[];
  /** Domains whose subdomains mail is accepted for, too. */
  readonly withSubdomains: readonly string[];
  /** Domains of which every recipient is known. */
  readonly withKnownRecipients: readonly string[];
  /** Servers that deliver its mail. */
  readonly smartHosts: readonly SmartHost[];
  /** DKIM records of the host's keys, by selector; may be tokens. */
  readonly dkim: Readonly<Record<string, string>>;
  /** Domains whose mail is not signed. */
  readonly withoutDkim: readonly string[];
  readonly connection: ConnectionProps;
  /** Fingerprint that the host has proven: whoever looks again need not trust at first contact. */
  readonly hostKey: string;
}

/** The value of the output `verify`, spelled as Terraform spells attributes; see `verifyOutput` of the command. */
export function verifyValue({
  heloName,
  addresses,
  domains,
  exchangers,
  withSubdomains,
  withKnownRecipients,
  smartHosts,
  dkim,
  withoutDkim,
  connection,
  hostKey,
}: VerifyFacts): Record<string, unknown> {
  const { bastion, ...host } = connection;
  return {
    helo_name: heloName,
    addresses,
    domains,
    ...(exchangers.length > 0 && {
      mail_exchangers: exchangers.map((each) => ({ helo_name: each.heloName, preference: each.preference })),
    }),
    ...(withSubdomains.length > 0 && { with_subdomains: withSubdomains }),
    ...(withKnownRecipients.length > 0 && { with_known_recipients: withKnownRecipients }),
    ...(smartHosts.length > 0 && { smart_hosts: smartHosts }),
    ...(Object.keys(dkim).length > 0 && { dkim, ...(withoutDkim.length > 0 && { without_dkim: withoutDkim }) }),
    ssh: { ...endpoint(host), host_key: host.hostKey ?? hostKey, ...(bastion && { bastion: endpoint(bastion) }) },
  };
}

function endpoint({ host, port, user, privateKeyPath, hostKey }: SshServerProps): Record<string, unknown> {
  const all = { host, port, user, private_key_path: privateKeyPath, host_key: hostKey };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
