export { Ec2Host } from './constructs/aws/ec2-host';
export type { Ec2HostProps } from './constructs/aws/ec2-host-props';
export { type DefaultVpcProps, Ec2Network, type Ec2Placement, type IEc2Subnet } from './constructs/aws/ec2-network';
export { ElasticAddress } from './constructs/aws/elastic-address';
export { Firewall } from './constructs/aws/firewall';
export { type HostedZoneId, hostedZones } from './constructs/aws/hosted-zones';
export type { Architecture } from './constructs/aws/instance-architecture';
export { MailVpc, type MailVpcProps } from './constructs/aws/mail-vpc';
export {
  type IHostedZone,
  Route53Dns,
  type Route53DnsProps,
  type ZoneOfAccount,
  type ZoneSource,
} from './constructs/aws/route53-dns';
export { SesIdentity } from './constructs/aws/ses-identity';
export { SesRelay, type SesSmartHost } from './constructs/aws/ses-relay';
export type { SesRelayProps } from './constructs/aws/ses-relay-props';
export { StateVolume } from './constructs/aws/state-volume';
export { ExternalDns, type ExternalDnsProps } from './constructs/dns/external-dns';
export type { DnsRecordProps, IDnsRecord, IMailDns } from './constructs/dns/mail-dns';
export { SplitDns } from './constructs/dns/split-dns';
export type { ConnectionProps, HostConnectionProps, SshServerProps } from './constructs/host/connection-props';
export { ExistingHost, type ExistingHostProps } from './constructs/host/existing-host';
export type { IMailHost, ReverseName } from './constructs/host/mail-host';
export type { MailRoleProps } from './constructs/mail-server/mail-role-props';
export { MailServer } from './constructs/mail-server/mail-server';
export type { MailServerProps } from './constructs/mail-server/mail-server-props';
export { MailServers } from './constructs/mail-server/mail-servers';
export type { MailServersHost, MailServersProps } from './constructs/mail-server/mail-servers-props';
export {
  DataMailserverDns,
  type DataMailserverDnsConfig,
  MailserverAddress,
  type MailserverAddressConfig,
  MailserverDelegation,
  type MailserverDelegationConfig,
  MailserverDnsAgreement,
  type MailserverDnsAgreementConfig,
  MailserverProvider,
  type MailserverProviderConfig,
  MailserverReverseName,
  type MailserverReverseNameConfig,
  MailserverRole,
  type MailserverRoleConfig,
} from './constructs/resources';
export { MailServerInputError } from './constructs/synth/errors';
export { TerraformCheck, type TerraformCheckConfig } from './constructs/synth/terraform-check';
export type { DmarcPolicy, DnsRecordSet, DnsRecordType, DomainPolicy, SpfPolicy } from './dns';
