/**
 * DNS of the lab's internet: the zones follow from what is deployed (pure), served by nsd and resolved by unbound on one
 * machine of its own.
 */
export type { BlocklistFault, DnsFaults, DnsServerName, RecordFault, ServerFault } from './faults';
export type { Entry } from './registry';
export { DnsServer } from './server';
export { ec2Name } from './world-zones';
export { allZones } from './zones';
