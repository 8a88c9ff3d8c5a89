/**
 * What is true of a mail server from outside and from inside. Looking (`collect…`, `probe…`: DNS, SMTP, SSH) gives plain data and
 * judging them (`judge…`) is pure; `verify` does both.
 */
export { judgeDns } from './checks';
export { type Blocklists, type CollectOptions, collectDns, defaultBlocklists } from './collect';
export * from './dns';
export * from './finding';
export type { DnsPicture, Listing, ZonePicture, ZoneServer } from './picture';
export type { VerifySubject } from './subject';
