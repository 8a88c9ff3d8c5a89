export { Ec2Host } from './aws/ec2-host';
export type { Ec2HostProps } from './aws/ec2-host-props';
export { type DefaultVpcProps, Ec2Network, type Ec2Placement, type IEc2Subnet } from './aws/ec2-network';
export { ElasticAddress } from './aws/elastic-address';
export { Firewall } from './aws/firewall';
export { type HostedZoneId, hostedZones } from './aws/hosted-zones';
export type { Architecture } from './aws/instance-architecture';
export { MailVpc, type MailVpcProps } from './aws/mail-vpc';
export { type IHostedZone, Route53Dns, type Route53DnsProps, type ZoneOfAccount, type ZoneSource } from './aws/route53-dns';
export { StateVolume } from './aws/state-volume';
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
} from './binding';
export type { ConnectionProps, HostConnectionProps, SshServerProps } from './connection-props';
export type { DmarcPolicy, DnsRecordSet, DnsRecordType, DomainPolicy, SpfPolicy } from './dns';
export { MailServerInputError } from './errors';
export { ExistingHost, type ExistingHostProps } from './existing-host';
export { ExternalDns, type ExternalDnsProps } from './external-dns';
export type { DnsRecordProps, IDnsRecord, IMailDns } from './mail-dns';
export type { IMailHost, ReverseName } from './mail-host';
export type { MailRoleProps } from './mail-role-props';
export { MailServer } from './mail-server';
export type { MailServerProps } from './mail-server-props';
export { SplitDns } from './split-dns';
export { TerraformCheck, type TerraformCheckConfig } from './terraform-check';
