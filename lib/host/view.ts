import type { DesiredState } from './desired-state';
import type { HostFacts } from './host-facts';
import type { HostView } from './host-view';

/** The view of a host that is exactly as desired. Pure. */
export function viewOfDesired(_desired: DesiredState): HostView {
  throw new Error('to come');
}

/**
 * The view of the live host: of what is desired, and of what has to go (managed files that are no longer desired, packages
 * that shall be absent). Equal to {@link viewOfDesired} exactly when there is nothing to change. Pure.
 */
export function viewOfFacts(_facts: HostFacts, _desired: DesiredState): HostView {
  throw new Error('to come');
}
