import { Token } from 'cdktf';
import type { IConstruct } from 'constructs';
import { asciiName, normalizeName } from '../../dns';
import { MailServerInputError } from '../synth/errors';
import { isInTree } from '../synth/owners';
import { isSameZone, type ZoneFacts } from './zone-facts';

/** A set of records that one construct writes. */
export interface OwnedRecord {
  readonly name: string;
  readonly type: string;
  readonly zone: ZoneFacts;
  /** The construct that it is written by, for people. */
  readonly owner: string;
  /** What is in the tree as long as it is written. */
  readonly scope: IConstruct;
}

/** By name, of each app: a stack may have thousands. */
const ofApp = new WeakMap<IConstruct, Map<string, OwnedRecord[]>>();

/** The records of one name that constructs of this package write or wait for, in all stacks of an app. */
export function ownedRecords(scope: IConstruct, name: string): readonly OwnedRecord[] {
  return (ofApp.get(scope.node.root)?.get(known(name)) ?? []).filter((record) => isInTree(record.scope));
}

/**
 * Notes who writes a set of records.
 *
 * @throws MailServerInputError when another construct of the app writes it, too
 */
export function claimRecord(scope: IConstruct, id: string, record: Pick<OwnedRecord, 'name' | 'type' | 'zone'>): void {
  if (Token.isUnresolved(record.name)) return;
  const owned = { ...record, owner: `${scope.node.path}/${id}`, scope };
  const before = ownedRecords(scope, record.name);
  const other = before.find((each) => isSameRecord(each, owned));
  if (other) throw new MailServerInputError(scope, clash(owned, other));
  const records = ofApp.get(scope.node.root) ?? new Map<string, OwnedRecord[]>();
  ofApp.set(scope.node.root, records.set(known(record.name), [...before, owned]));
}

/** Whether two sets of records cannot both be written: the same name and type in one zone, or an alias and anything else. */
export function isSameRecord(left: Omit<OwnedRecord, 'scope'>, right: Omit<OwnedRecord, 'scope'>): boolean {
  const hasAlias = left.type === 'CNAME' || right.type === 'CNAME';
  return known(left.name) === known(right.name) && (left.type === right.type || hasAlias) && isSameZone(left.zone, right.zone);
}

/** What is wrong with two sets of records, and what to do. */
export function clash(record: Omit<OwnedRecord, 'scope'>, other: Omit<OwnedRecord, 'scope'>): string {
  const name = known(record.name);
  if (record.type !== other.type) {
    return `${record.type} record '${name}' of ${record.owner} and ${other.type} record of ${other.owner} have one name, and an alias (CNAME) stands alone: rename one of the two`;
  }
  return `${record.type} record '${name}' is written twice, by ${other.owner} and by ${record.owner}, and only one of them can have it: ${remedy(record.type, name)}`;
}

const known = (name: string) => normalizeName(asciiName(name));

function remedy(type: string, name: string): string {
  if (type === 'MX') {
    return 'make the hosts of the domain one MailServers, or leave the domain out of one of the two';
  }
  if (type === 'TXT') {
    return `keep one, with all texts in it; those next to SPF belong into domainRecords: { '${name}': { txt: [ … ] } } of the mail server`;
  }
  if (type === 'A' || type === 'AAAA' || type === 'PTR') return 'keep one, or give the other one a name of its own';
  return 'keep one, with all values in it';
}
