import type { HostConnection } from '../../host/host-connection';
import { shellQuote } from '../../host/shell';
import outbound from '../remote/outbound.py';
import { type OutboundReport, outboundReport } from './picture';
import { type Answer, readJson } from './read';

/** Mail servers of the biggest receivers: if none of them can be reached, port 25 is blocked. */
export const defaultTargets = [
  'gmail-smtp-in.l.google.com',
  'outlook-com.olc.protection.outlook.com',
  'mx00.gmx.net',
  'mta5.am0.yahoodns.net',
] as const;

/**
 * Tries port 25 of others from the host, all at once; each attempt ends after six seconds. Never rejects.
 *
 * @param targets hosts, each maybe with a port behind a space
 * @param timeoutSeconds for everything, a resolver that does not answer included
 */
export function tryOutbound(
  connection: HostConnection,
  targets: readonly string[],
  { timeoutSeconds, signal }: { readonly timeoutSeconds: number; readonly signal?: AbortSignal },
): Promise<Answer<OutboundReport>> {
  const command = `exec python3 - ${targets.map(shellQuote).join(' ')}`;
  return readJson(connection, command, outboundReport, { input: outbound, timeoutSeconds, signal });
}
