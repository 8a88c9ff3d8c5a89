import type { SpfPolicy } from '../../dns';
import { hasToken, joined } from '../synth/tokens';

/**
 * The domains whose SPF record, as the stack writes it, lets other servers send: named ones, or whoever, where it ends in less than
 * `-all` or is left to others. Added to those that are named already.
 */
export function sendersElsewhere(
  named: string[] | undefined,
  domains: readonly string[],
  spfOf: (domain: string) => SpfPolicy | false | undefined,
): string[] | undefined {
  const added = domains.filter((domain) => letsOthersSend(spfOf(domain)));
  return added.length > 0 ? joined(named ?? [], added) : named;
}

function letsOthersSend(spf: SpfPolicy | false | undefined): boolean {
  if (spf === undefined) return false;
  if (spf === false || hasToken(spf)) return true;
  const { include = [], addresses = [], others = 'fail' } = spf;
  return include.length > 0 || addresses.length > 0 || others !== 'fail';
}
