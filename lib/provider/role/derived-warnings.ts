import type { HostFacts } from '../../host/host-facts';
import type { Diagnostic } from '../framework/diagnostics';

/**
 * What is current and yet not as somebody wants it, e.g. a map of the service users with a mistake in it, of which the last good
 * state stays in effect, or a smart host that is down: no change of the stack would mend it, so no plan shows one.
 */
export function derivedWarnings({ derived }: Pick<HostFacts, 'derived'>): Diagnostic[] {
  return Object.entries(derived).flatMap(([name, { warning }]) =>
    warning === undefined ? [] : [{ severity: 'warning', summary: `the mail host warns (${name})`, detail: warning }],
  );
}
