export { DataMailserverDns, type DataMailserverDnsConfig } from './data-mailserver-dns';
export { MailserverDnsAgreement, type MailserverDnsAgreementConfig } from './mailserver-dns-agreement';
export { MailserverProvider, type MailserverProviderConfig, providerOf } from './mailserver-provider';
export { MailserverRole, type MailserverRoleConfig } from './mailserver-role';
