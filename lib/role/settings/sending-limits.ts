import type * as z from 'zod/mini';
import { group } from '../../settings/group';
import { optional } from '../../settings/property';
import { whole } from '../../settings/whole';

/** What a busy application stays below, and somebody with a stolen password does not. */
export const LOGIN_LIMITS = {
  mailsPerMinute: 100,
  mailsPerHour: 1000,
  mailsPerDay: 5000,
  recipientsPerMinute: 200,
  recipientsPerHour: 2000,
  recipientsPerDay: 10_000,
  newRecipientsPerDay: 500,
} as const;

type Limit = keyof typeof LOGIN_LIMITS;

/** For each client of a known network: often a server that passes on the mail of many. */
export const NETWORK_LIMITS = Object.fromEntries(
  Object.entries(LOGIN_LIMITS).map(([name, limit]) => [name, 10 * limit]),
) as Record<Limit, number>;

const limit = (about: string, name: Limit) =>
  optional(
    whole({ unit: name.replace(/^new|Per.*$/g, '').toLowerCase(), min: 1, max: 100_000_000 }),
    `${about} Default: ${LOGIN_LIMITS[name]}, for a client of a known network ${NETWORK_LIMITS[name]}.`,
  );

/** How much may be sent; a whole limit at once, and then evenly. */
export const sendingLimits = group({
  mailsPerMinute: limit('Mails a minute.', 'mailsPerMinute'),
  mailsPerHour: limit('Mails an hour.', 'mailsPerHour'),
  mailsPerDay: limit('Mails a day.', 'mailsPerDay'),
  recipientsPerMinute: limit('Recipients a minute, all mails together.', 'recipientsPerMinute'),
  recipientsPerHour: limit('Recipients an hour.', 'recipientsPerHour'),
  recipientsPerDay: limit('Recipients a day.', 'recipientsPerDay'),
  newRecipientsPerDay: limit('Recipients a day that were not written to in the last 180 days.', 'newRecipientsPerDay'),
});

export type SendingLimits = z.infer<typeof sendingLimits>;
