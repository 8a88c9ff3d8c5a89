export { DataMailserverDns, type DataMailserverDnsConfig } from './data-mailserver-dns';
export { MailserverAddress, type MailserverAddressConfig } from './mailserver-address';
export { MailserverDelegation, type MailserverDelegationConfig } from './mailserver-delegation';
export { MailserverDnsAgreement, type MailserverDnsAgreementConfig } from './mailserver-dns-agreement';
export { MailserverProvider, type MailserverProviderConfig, providerOf } from './mailserver-provider';
export { MailserverReverseName, type MailserverReverseNameConfig } from './mailserver-reverse-name';
export { MailserverRole, type MailserverRoleConfig } from './mailserver-role';
