/**
 * What is true of a mail server from outside and from inside. Looking (`collectDns`, `probeSmtp`, `lookAtHost`) gives plain data and
 * judging them (`judgeDns`, `checkSmtp`, `checkHost`) is pure; `verify` does all of it.
 */
export { judgeDns } from './checks';
export { isPrivateAddress } from './checks/common';
export { checkHost } from './checks/host';
export { checkPorts } from './checks/ports';
export { checkSmtp } from './checks/smtp';
export { type Blocklists, type CollectOptions, collectDns, defaultBlocklists } from './collect';
export * from './dns';
export * from './finding';
export { type LookOptions, lookAtHost } from './host/look';
export { defaultTargets } from './host/outbound';
export type { Heard, HostPicture } from './host/picture';
export type { DnsPicture, Listing, ZonePicture, ZoneServer } from './picture';
export { type ProbeOptions, probeSmtp, type SmtpPicture, smtpPorts } from './smtp/probe';
export type { VerifySubject } from './subject';
export { report, type VerifyOptions, type VerifyReport, verify } from './verify';
