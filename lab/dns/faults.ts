import type { CloudZone } from '../model/contracts';
import { absoluteName, isWithin } from './names';

/** What can be wrong with DNS, as tests ask for it: everything else stays as the cloud says. */
export interface DnsFaults {
  /** Served in place of all records of that name and type; an alias in place of everything at its name. */
  readonly records?: readonly RecordFault[];
  /** Server faults; the first that fits a query counts. */
  readonly servers?: readonly ServerFault[];
  /** By name, e.g. `zen.spamhaus.org`. */
  readonly blocklists?: Readonly<Record<string, BlocklistFault>>;
  /** How long resolvers keep answers at most, in seconds of the lab; what they kept is forgotten when this, or any other fault, changes. Default: as the lab's conditions say. */
  readonly resolverCacheSeconds?: number;
}

export interface RecordFault {
  readonly name: string;
  readonly type: string;
  /** As in a zone file, names absolute; upper case is served as written. Empty: there is no such record. */
  readonly values: readonly string[];
  /** The zone that is wrong, e.g. the parent that delegates. Default: the zone that answers for the name. */
  readonly zone?: string;
}

export interface ServerFault {
  /** Queries for this name and everything below; `.` for all. */
  readonly zone: string;
  /**
   * `servfail`: the server says that it failed. `lame`: it says that this zone is none of its own (REFUSED). `silent`: no answer.
   * `truncated`: the answer by UDP says to come again by TCP; `truncated without TCP`: and TCP is blocked on the way.
   */
  readonly fault: 'servfail' | 'lame' | 'silent' | 'truncated' | 'truncated without TCP';
  /** Which server does it. Default: both authoritative ones. */
  readonly server?: DnsServerName;
  /** Queries for this type only, e.g. `PTR`. Default: all. */
  readonly type?: string;
}

/** The two authoritative servers have the same zones: half of the cloud's name server names lead to either. */
export type DnsServerName = 'first' | 'second' | 'resolver';

/** Error codes: what Spamhaus answers to those that it does not serve (127.255.255.254 is "query via a public resolver"). */
export type BlocklistFault = 'lists everything' | 'lists nothing' | 'answers with error codes';

/**
 * The zones with everything that is a matter of records.
 * @throws when a fault names a zone, or a name in no zone, of which the lab knows nothing.
 */
export function withRecordFaults(zones: readonly CloudZone[], faults: DnsFaults): CloudZone[] {
  const wrong = Object.entries(faults.blocklists ?? {}).reduce(
    (some, [name, fault]) => withBlocklist(some, absoluteName(name), fault),
    [...zones],
  );
  return (faults.records ?? []).reduce(withRecord, wrong);
}

function withRecord(zones: readonly CloudZone[], { name, type, values, zone }: RecordFault): CloudZone[] {
  const owner = absoluteName(name);
  const where = zone === undefined ? answersFor(zones, owner) : known(zones, absoluteName(zone));
  return zones.map((one) => {
    if (one !== where) return one;
    // An alias stands alone (RFC 1034, 3.6.2): a name server refuses a zone where it does not.
    const replaced = (of: string) => of === type || (type === 'CNAME' && values.length > 0);
    const others = one.records.filter((record) => record.name !== owner || !replaced(record.type));
    return { ...one, records: values.length === 0 ? others : [...others, { name: owner, type, ttl: 300, values }] };
  });
}

function withBlocklist(zones: readonly CloudZone[], name: string, fault: BlocklistFault): CloudZone[] {
  const where = known(zones, name);
  const apex = where.records.filter((record) => record.name === name);
  const entry = (address: string) => ({ name: `*.${name}`, type: 'A', ttl: 300, values: [address] });
  const entries = {
    'lists everything': [entry('127.0.0.2')],
    'lists nothing': [],
    'answers with error codes': [entry('127.255.255.254')],
  };
  return zones.map((zone) => (zone === where ? { ...zone, records: [...apex, ...entries[fault]] } : zone));
}

/** The zone with the longest name that the name is in. */
function answersFor(zones: readonly CloudZone[], name: string): CloudZone {
  const found = zones
    .filter((zone) => isWithin(name, zone.name))
    .reduce<CloudZone | undefined>((best, zone) => (best && best.name.length >= zone.name.length ? best : zone), undefined);
  if (!found || found.name === '.') throw new Error(`no zone of the lab answers for "${name}"`);
  return found;
}

function known(zones: readonly CloudZone[], name: string): CloudZone {
  const found = zones.find((zone) => zone.name === name);
  if (!found) throw new Error(`the lab has no zone "${name}"`);
  return found;
}
