import type { ChangeSet } from './change-set';
import type { DesiredState } from './desired-state';
import type { HostFacts } from './host-facts';

/** What has to change on a host with these facts. Pure. */
export function diff(_facts: HostFacts, _desired: DesiredState): ChangeSet {
  throw new Error('to come');
}

/** True when there is nothing to do. */
export function isEmpty(_changes: ChangeSet): boolean {
  throw new Error('to come');
}
