import { Fn, type ITerraformDependable, Op } from 'cdktf';
import { Construct } from 'constructs';
import { MailserverRole } from './binding';
import { addressRecord, type DnsRecordSet, heloSpfText, nameProblems, normalizeName } from './dns';
import { literalRequired, namesInvalid } from './errors';
import type { IDnsRecord } from './mail-dns';
import type { IMailHost, ReverseName } from './mail-host';
import type { MailRoleProps } from './mail-role-props';
import type { MailServerProps } from './mail-server-props';
import { asciiNames, asciiRole } from './private/ascii-role';
import { checkSettings } from './private/check-settings';
import { sshCommand } from './private/connection';
import { chainRows } from './private/dns-chain';
import { domainPolicies } from './private/domain-policies';
import { lifecycle } from './private/lifecycle';
import { acceptedDomains } from './private/mail-domains';
import { readableOutput } from './private/outputs';
import { type DomainRecordsContext, type PlacedDomains, placeDomainRecords, recordsOf } from './private/place-domain-records';
import { hasToken } from './private/tokens';
import { type RoleSettings, roleSettings } from './role/settings';

/**
 * Makes a host a mail server that others accept mail from. The graph enforces the order of R10: address, A record, PTR, the
 * role with its HELO name, and only then the MX records; on destroy the same backwards. One HELO name drives all of them.
 */
export class MailServer extends Construct {
  /** Normalised: lower case, no final dot. */
  readonly heloName: string;
  readonly addressRecord: IDnsRecord;
  readonly reverseName: ReverseName;
  readonly role: MailserverRole;
  /** The MX record of each mail domain. */
  readonly mailExchangers: ReadonlyMap<string, IDnsRecord>;
  private readonly domainRecords: PlacedDomains;

  constructor(scope: Construct, id: string, props: MailServerProps) {
    super(scope, id);
    const { host, dns, mxDomains, mxPreference, spf, dmarc, domainRecords: ownRecords, onDestroy, ...given } = props;
    if (hasToken(props.heloName))
      throw literalRequired(this, 'heloName', 'every record is named after it, so write the name itself');
    if (hasToken(mxDomains))
      throw literalRequired(this, 'mxDomains', 'every record is named after its domain, so write the names');
    const role = asciiRole(given);
    const settings: RoleSettings = { ...role, serviceUsers: withRecipients(role), ...hostSettings(host) };
    checkSettings(this, roleSettings, settings);
    const accepted = acceptedDomains(role);
    const wanted = mxDomains ? asciiNames(mxDomains) : accepted;
    const problems = nameProblems({ heloName: role.heloName, mailDomains: wanted, zones: dns.zoneNames });
    if (problems.length > 0) throw namesInvalid(this, problems);
    this.heloName = normalizeName(role.heloName);
    const mailDomains = wanted.map(normalizeName);
    const foreign = accepted.map(normalizeName).filter((domain) => !new Set(mailDomains).has(domain));
    const policyOf = domainPolicies(this, { spf, dmarc, domainRecords: ownRecords }, [...mailDomains, ...foreign]);
    const context: DomainRecordsContext = { dns, heloName: this.heloName, mxPreference, policyOf };

    this.addressRecord = dns.addRecord(this, 'A', {
      ...addressRecord(this.heloName, host.publicIpv4),
      createBeforeDestroy: true,
    });
    this.reverseName = host.setReverseName(this.heloName, this.addressRecord.dependables);
    this.role = this.createRole(props, settings);
    this.domainRecords = placeDomainRecords(this, mailDomains, context, [this.role]);
    this.mailExchangers = this.domainRecords.mailExchangers;
    // What bounces are judged by; a mail domain of the same name has said it already.
    if (spf !== false && !this.mailExchangers.has(this.heloName)) {
      dns.addRecord(this, 'SPF', { name: this.heloName, type: 'TXT', values: [heloSpfText], dependsOn: [this.role] });
    }

    this.describe(
      host,
      foreign.flatMap((domain) => recordsOf(domain, context)),
    );
  }

  private createRole({ host, onDestroy }: MailServerProps, settings: RoleSettings): MailserverRole {
    const dependsOn: ITerraformDependable[] = [
      ...this.addressRecord.dependables,
      ...this.reverseName.dependables,
      ...host.reachableAfter,
    ];
    return new MailserverRole(this, 'Role', {
      ...settings,
      heloName: this.heloName,
      connection: host.connection,
      instanceId: host.instanceId,
      machineType: host.machineType,
      onDestroy,
      dependsOn,
      lifecycle: lifecycle({ precondition: this.exactReverseName(host) }),
    });
  }

  /** The host is not given a name that its address does not answer with (R31). */
  private exactReverseName(host: IMailHost): { condition: string; errorMessage: string }[] | undefined {
    const { actual, remedy } = this.reverseName;
    if (actual === undefined) return undefined;
    const answer = Fn.try([Fn.lower(actual), '']);
    return [
      {
        condition: Op.eq(answer, `${this.heloName}.`).toString(),
        errorMessage:
          `the reverse name (PTR) of ${host.publicIpv4} is '${answer}', the HELO name is '${this.heloName}.': ` +
          `they must be exactly the same. Somebody changed it outside of this stack; ${remedy}`,
      },
    ];
  }

  private describe(host: IMailHost, foreign: readonly DnsRecordSet[]): void {
    readableOutput(this, 'dns_chain', {
      description: 'The DNS chain in the order in which it is made: what is named, and its value',
      value: chainRows({
        heloName: this.heloName,
        address: this.addressRecord,
        reverseName: this.reverseName,
        mailExchangers: this.mailExchangers,
        foreignMailExchangers: new Map(
          foreign.flatMap(({ name, type, values }) => (type === 'MX' ? [[name, values.join(', ')]] : [])),
        ),
      }),
    });
    readableOutput(this, 'address', { description: 'The address that the world sees', value: host.publicIpv4 });
    readableOutput(this, 'host_key', {
      description: 'Fingerprint of the host key, as ssh shows it at first contact',
      value: this.role.hostKey,
    });
    readableOutput(this, 'ssh', { description: 'How to log in', value: sshCommand(host.connection) });
  }
}

/** The service users, and those that mail is delivered to: a domain must not name a user that nobody makes. */
function withRecipients({ domains, serviceUsers }: MailRoleProps): string[] | undefined {
  if (hasToken(domains) || hasToken(serviceUsers)) return serviceUsers;
  const recipients = Object.values(domains ?? {}).flatMap(({ deliverTo }) => deliverTo ?? []);
  if (recipients.length === 0) return serviceUsers;
  return [...(serviceUsers ?? []), ...new Set(recipients.filter((user) => !serviceUsers?.includes(user)))];
}

/** The settings of the role that follow from the machine. */
function hostSettings({ bindIpv4, publicIpv4, stateVolumeId }: IMailHost): Partial<RoleSettings> {
  return {
    bindIpv4,
    // Behind 1:1 NAT Postfix cannot see that mail for the public address is mail for itself.
    proxyAddresses: bindIpv4 === undefined || bindIpv4 === publicIpv4 ? undefined : [publicIpv4],
    stateVolume: stateVolumeId === undefined ? undefined : { volumeId: stateVolumeId },
  };
}
