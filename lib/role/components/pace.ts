import type { Pace } from '../settings/relay';

/** The services of master.cf that deliver to the servers of the recipients themselves. */
export const DIRECT_TRANSPORTS = ['smtp', 'smtp4'] as const;

/** How fast a service of master.cf delivers to one destination, as the queue manager reads it in main.cf. */
export function paceParameters(transport: string, { connections, secondsBetweenMails }: Pace): string[] {
  return [
    ...(connections === undefined ? [] : [`${transport}_destination_concurrency_limit = ${connections}`]),
    ...(secondsBetweenMails === undefined ? [] : [`${transport}_destination_rate_delay = ${secondsBetweenMails}s`]),
  ];
}
