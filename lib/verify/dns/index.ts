export * from './agreement';
export { type AskerOptions, type AskOptions, DnsAsker } from './asker';
export type { NameServer, ZoneCut } from './delegation';
export { DnsObserver, type DnsView, type Observation, type ObserverOptions } from './observer';
export * from './reply';
export * from './server';
export * from './values';
export * from './wording';
