export { MailserverProvider, type MailserverProviderConfig, providerOf } from './mailserver-provider';
export { MailserverRole, type MailserverRoleConfig } from './mailserver-role';
