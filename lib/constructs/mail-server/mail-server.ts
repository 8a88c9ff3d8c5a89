import { Fn, type ITerraformDependable, Op, Token } from 'cdktf';
import { Construct } from 'constructs';
import { type DnsRecordSet, heloSpfText, nameProblems, normalizeName, reverseName } from '../../dns';
import { sshCommand } from '../../host/ssh-command';
import { roleAttributes } from '../../provider/role/attributes';
import { type RoleSettings, roleSettings } from '../../role/settings';
import { dkimSelectors } from '../../role/settings/dkim';
import type { IDnsRecord } from '../dns/mail-dns';
import type { IMailHost, ReverseName } from '../host/mail-host';
import { type MailserverDnsAgreement, MailserverRole } from '../resources';
import { readMapFiles } from '../resources/map-files';
import { checkSecrets, checkSettings } from '../synth/check-settings';
import { namesInvalid } from '../synth/errors';
import { given as defined } from '../synth/given';
import { lifecycle } from '../synth/lifecycle';
import { readableOutput } from '../synth/outputs';
import { ownTokens } from '../synth/own-tokens';
import { joined } from '../synth/tokens';
import { asciiNames, asciiRole } from './ascii-role';
import { chainRows } from './dns-chain';
import { domainPolicies } from './domain-policies';
import { type MailAddresses, placeAddresses } from './mail-addresses';
import { acceptedDomains, domainsWithKnownRecipients, domainsWithSubdomains } from './mail-domains';
import type { MailServerProps } from './mail-server-props';
import { mailServerSettings } from './mail-server-settings';
import { claimForServer } from './only-owner';
import { type DomainRecordsContext, type PlacedRecord, placeDomainRecords, recordsOf } from './place-domain-records';
import { placeKeyRecords } from './place-key-records';
import { domainsLookedAt, forwardAgreement, hostAgreement, lookedAt, PublicDns } from './public-dns';
import { sendersElsewhere } from './senders-elsewhere';
import { requireServerLiterals } from './server-literals';
import { smartHostsOf, withoutKeyNames, withSmartHosts } from './smart-hosts';
import { verifyValue } from './verify-output';

/**
 * Makes a host a mail server that others accept mail from. The graph enforces the order of R10: address, A record, PTR, the
 * role with its HELO name, and only then the MX records; on destroy the same backwards. One HELO name drives all of them.
 */
export class MailServer extends Construct {
  /** Normalised: lower case, no final dot. */
  readonly heloName: string;
  /** The A record. */
  readonly addressRecord: IDnsRecord;
  /** The name of the IPv4 address. */
  readonly reverseName: ReverseName;
  /** Ends when the world agrees on name and addresses; absent when nobody asks. */
  readonly agreement?: MailserverDnsAgreement;
  /** What the world sees, looked at in every plan; absent when nobody asks. */
  readonly publicDns?: PublicDns;
  readonly role: MailserverRole;
  /** The MX record of each mail domain. */
  readonly mailExchangers: ReadonlyMap<string, IDnsRecord>;
  /** What is to be set by hand, outside of the graph. Values may be tokens. */
  readonly recordsToSet: readonly DnsRecordSet[];

  constructor(scope: Construct, id: string, props: MailServerProps) {
    super(scope, id);
    requireServerLiterals(this, props);
    const {
      host,
      dns,
      mxDomains,
      mxPreference: preference,
      spf,
      dmarc,
      dkim,
      domainRecords,
      publicDns,
      outboundTargets,
      onDestroy,
      ...given
    } = props;
    const own = { host, dns, mxDomains, mxPreference: preference, publicDns, outboundTargets, onDestroy };
    checkSettings(this, mailServerSettings, defined(own));
    const { mxPreference } = ownTokens(mailServerSettings, own as never) as MailServerProps;
    // What Terraform fills in stands for the value that it will be.
    const role = asciiRole(ownTokens(roleSettings, { ...given, dkim: dkim || undefined } as RoleSettings));
    const settings: RoleSettings = { ...role, serviceUsers: withRecipients(role), ...hostSettings(host, role) };
    checkSecrets(this, roleAttributes, settings);
    checkSettings(this, roleSettings, settings);
    const maps = readMapFiles(this, { ...settings, heloName: normalizeName(role.heloName) });
    const accepted = acceptedDomains(role, maps);
    const wanted = mxDomains ? asciiNames(mxDomains) : accepted;
    const problems = nameProblems({ heloName: role.heloName, mailDomains: wanted, zones: dns.zoneNames });
    if (problems.length > 0) throw namesInvalid(this, problems);
    this.heloName = normalizeName(role.heloName);
    const mailDomains = wanted.map(normalizeName);
    claimForServer(this, { host, heloName: this.heloName, mailDomains });
    const foreign = accepted.map(normalizeName).filter((domain) => !new Set(mailDomains).has(domain));
    const policyOf = domainPolicies(this, { spf, dmarc, domainRecords }, [...mailDomains, ...foreign]);
    const elsewhereToo = sendersElsewhere(role.sendersElsewhere, [...mailDomains, ...foreign], (domain) => policyOf(domain).spf);
    const smartHosts = smartHostsOf(role);
    const selectors = role.dkim ? dkimSelectors(role.dkim) : [];
    const context: Omit<DomainRecordsContext, 'keys'> = {
      dns,
      heloName: this.heloName,
      mxPreference,
      policyOf: (domain) => withSmartHosts(policyOf(domain), domain, smartHosts),
      dkimSelectors: selectors,
    };

    const asked = publicDns === false ? undefined : { ...publicDns };
    // Nothing that costs money is made before the world can see the host's name.
    const delegation = asked ? [...(dns.delegationOf?.(this.heloName) ?? [])] : [];
    if (delegation.length > 0) host.buildAfter?.(delegation);
    if (asked) host.lookUpAddresses?.();
    if (asked) dns.watchDelegations?.(mailDomains.slice(0, domainsLookedAt));
    const hosts = placeAddresses(this, { heloName: this.heloName, dns, host }, (records) =>
      asked ? forwardAgreement(this, asked, records) : undefined,
    );
    this.addressRecord = (hosts.forward[0] as PlacedRecord).placed;
    this.reverseName = (hosts.reverse[0] as MailAddresses['reverse'][number]).name;
    const look = asked && { heloName: this.heloName, addresses: hosts.addresses, ...asked };
    if (look) this.agreement = hostAgreement(this, look, [...hosts.dependables]);
    this.role = this.createRole(props, withoutKeyNames({ ...settings, sendersElsewhere: elsewhereToo }), [
      ...hosts.dependables,
      ...(this.agreement ? [this.agreement] : []),
    ]);
    const keys = placeKeyRecords(this, selectors, { dns, heloName: this.heloName, role: this.role });
    const published = keys.flatMap(({ placed }) => [...placed.dependables]);
    const domains = placeDomainRecords(this, mailDomains, { ...context, keys: published }, [this.role]);
    this.mailExchangers = domains.mailExchangers;
    // What receivers judge bounces by; a mail domain of the same name has said it already.
    if (spf !== false && !this.mailExchangers.has(this.heloName)) {
      const record = { name: this.heloName, type: 'TXT' as const, values: [heloSpfText] };
      // Not after the role: what comes before a record that is made before its former one goes, Terraform replaces in that order,
      // too, and of the machine there can be no second one while the first has address and volume.
      const dependsOn = hosts.forward.flatMap(({ placed }) => [...placed.dependables]);
      domains.placed.push({ record, placed: dns.addRecord(this, 'SPF', { ...record, createBeforeDestroy: true, dependsOn }) });
    }
    domains.placed.unshift(...keys);
    const elsewhere = [...domains.foreign, ...foreign.flatMap((domain) => recordsOf(domain, context))];
    if (look && this.agreement) {
      const records = { ...lookedAt(domains.placed, elsewhere), keepFormerSeconds: dns.ttlSeconds };
      this.publicDns = new PublicDns(this, 'PublicDns', look, records, { role: this.role, agreement: this.agreement });
    }

    this.recordsToSet = recordsToSet(host, hosts, domains.placed, elsewhere);
    this.describe(host, hosts, elsewhere, keys);
    readableOutput(this, 'verify', {
      description: 'What "mailserver verify" looks at',
      value: verifyValue({
        heloName: this.heloName,
        addresses: hosts.addresses,
        domains: [...mailDomains, ...foreign],
        withSubdomains: domainsWithSubdomains(role, maps),
        withKnownRecipients: domainsWithKnownRecipients(role),
        smartHosts,
        dkim: Object.fromEntries(selectors.map((selector) => [selector, this.role.dkimRecord(selector)])),
        withoutDkim: [...mailDomains, ...foreign].filter((domain) => context.policyOf(domain).dkim === false),
        connection: host.connection,
        hostKey: this.role.hostKey,
      }),
    });
  }

  private createRole(
    { host, outboundTargets, onDestroy }: MailServerProps,
    settings: RoleSettings,
    after: readonly ITerraformDependable[],
  ): MailserverRole {
    const dependsOn = [...after, ...host.reachableAfter];
    return new MailserverRole(this, 'Role', {
      ...settings,
      heloName: this.heloName,
      connection: host.connection,
      instanceId: host.instanceId,
      machineType: host.machineType,
      outboundTargets,
      onDestroy: onDestroy ?? (host.goesWithStack ? 'stop' : undefined),
      dependsOn,
      lifecycle: lifecycle({ precondition: this.exactReverseName(host) }),
    });
  }

  /** The host is not given a name that its address does not answer with. */
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

  private describe(
    host: IMailHost,
    { forward, reverse }: MailAddresses,
    elsewhere: readonly DnsRecordSet[],
    keys: readonly PlacedRecord[],
  ): void {
    readableOutput(this, 'dns_chain', {
      description: 'The DNS chain in the order in which it is made: what is expected, what the world sees, and the verdict',
      value: chainRows({
        heloName: this.heloName,
        forward: forward.map(({ type, placed }) => ({ type, record: placed })),
        ipv6Absence: host.publicIpv6 === undefined ? host.ipv6Absence : undefined,
        reverse,
        announced: Fn.try([Fn.trimspace(this.role.file('/etc/postfix/myhostname')), 'not looked at']),
        mailExchangers: this.mailExchangers,
        keys: keys.map(({ record, placed }) => ({ name: record.name, record: placed })),
        foreignMailExchangers: elsewhere.filter(({ type }) => type === 'MX'),
        live: this.publicDns?.live,
      }),
    });
    if (this.recordsToSet.length > 0) {
      readableOutput(this, 'records_to_set', {
        description: 'Records that are yours to set; "mailserver zone" prints them as a zone file or a table',
        value: this.recordsToSet,
      });
    }
    readableOutput(this, 'address', { description: 'The address that the world sees', value: host.publicIpv4 });
    readableOutput(this, 'host_key', {
      description: 'Fingerprint of the host key, as ssh shows it at first contact',
      value: this.role.hostKey,
    });
    if (host.hostKeyCheck !== undefined) {
      readableOutput(this, 'host_key_check', {
        description: 'A command that shows the host key by another way, to compare it after the first contact',
        value: host.hostKeyCheck,
      });
    }
    readableOutput(this, 'ssh', { description: 'How to log in', value: sshCommand(host.connection) });
  }
}

/** The service users, and those that mail is delivered to: a domain must not name a user that nobody makes. */
function withRecipients({ domains, serviceUsers }: RoleSettings): string[] | undefined {
  const ways = Token.isUnresolved(domains) ? [] : Object.values(domains ?? {});
  const recipients = ways.flatMap(({ deliverTo }) => deliverTo ?? []);
  return recipients.length === 0 ? serviceUsers : joined(serviceUsers ?? [], recipients);
}

/** Everything that nothing in the graph writes. */
function recordsToSet(
  host: IMailHost,
  { forward, reverse }: MailAddresses,
  placed: readonly PlacedRecord[],
  elsewhere: readonly DnsRecordSet[],
): readonly DnsRecordSet[] {
  const own = [...forward, ...placed].filter((each) => !each.placed.managed).map(({ record }) => record);
  const pointers = reverse
    .filter(({ name }) => !name.managed)
    .map(({ family, name }): DnsRecordSet => {
      const address = family === 'IPv4' ? host.publicIpv4 : (host.publicIpv6 ?? '');
      return { name: Token.isUnresolved(address) ? address : reverseName(address), type: 'PTR', values: [name.expected] };
    });
  return [...own, ...pointers, ...elsewhere].map(({ name, type, values }) => ({ name, type, values }));
}

/** The settings of the role that follow from the machine. */
function hostSettings(host: IMailHost, own: RoleSettings): Partial<RoleSettings> {
  const { bindIpv4, publicIpv4, publicIpv6, stateVolumeId, metadataRootOnly, adminNetworks = [] } = host;
  return {
    bindIpv4,
    // The address itself: nothing translates IPv6.
    bindIpv6: own.bindIpv6 ?? publicIpv6,
    // Behind 1:1 NAT Postfix cannot see that mail for the public address is mail for itself.
    proxyAddresses: bindIpv4 === undefined || bindIpv4 === publicIpv4 ? undefined : [publicIpv4],
    stateVolume: stateVolumeId === undefined ? undefined : { volumeId: stateVolumeId },
    metadataRootOnly: metadataRootOnly || own.metadataRootOnly,
    neverShutOut: adminNetworks.length === 0 ? own.neverShutOut : joined(own.neverShutOut ?? [], adminNetworks),
  };
}
