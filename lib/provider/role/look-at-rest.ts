import type { AwaitOptions } from '../../host/await-transaction';
import type { HostConnection } from '../../host/host-connection';
import type { RoleSettings } from '../../role/settings';
import type { Diagnostic } from '../framework/diagnostics';
import { type LiveHost, lookAt } from './live-state';
import type { RoleResourceParts } from './role-logic';

/** A host whose last apply is over, or what is known of one that is not. */
export interface LookAtRest {
  readonly live: LiveHost;
  /** Of an apply that is still at work after all the waiting: when it started, and what it does. */
  readonly underWay?: string;
}

/**
 * Looks at a host whose last apply is over. What one that is not over has put there may be taken back, so it is waited for; one that
 * was interrupted is left to the next apply and is a difference of its own.
 *
 * @param seconds how long to wait at most
 */
export async function lookAtRest(
  connection: HostConnection,
  settings: RoleSettings,
  parts: RoleResourceParts,
  { seconds, signal, onProgress }: AwaitOptions & { readonly signal: AbortSignal },
): Promise<LookAtRest> {
  const deadline = performance.now() + seconds * 1000;
  let live = await lookAt(connection, settings, parts, signal);
  for (;;) {
    const { transaction } = live.facts;
    if (transaction === undefined || transaction.over) return { live };
    const left = Math.max(0, (deadline - performance.now()) / 1000);
    const { state, detail } = await parts.host.awaitTransaction(connection, { seconds: left, signal, onProgress });
    if (state === 'underWay') return { live, underWay: detail };
    if (state === 'interrupted') return { live };
    const before = live;
    live = await lookAt(connection, settings, parts, signal);
    // It never came to a start: nothing works on it, and it left no word.
    if (live.facts.transaction?.id === before.facts.transaction?.id) return { live };
  }
}

/** What a plan has to say of a host whose last apply is not over. */
export function unfinishedWarning({ live, underWay }: LookAtRest): readonly Diagnostic[] {
  const { transaction } = live.facts;
  if (transaction === undefined || transaction.over) return [];
  if (underWay !== undefined) {
    const detail =
      `An apply is at work on the host (${underWay}). This plan shows the host in the middle of it; an apply waits for its end. ` +
      'To see the outcome first, make a new plan later';
    return [{ severity: 'warning', summary: 'another apply is at work on the mail host', detail }];
  }
  const detail =
    `The apply ${transaction.id} came to no end, and its changes may be half in place. The next apply first puts the old state back. ` +
    'What stopped it: journalctl -u mailserver-apply -u mailserver-rollback on the host';
  return [{ severity: 'warning', summary: 'an earlier apply was interrupted on the mail host', detail }];
}
