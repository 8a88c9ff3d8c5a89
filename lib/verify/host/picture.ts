import * as z from 'zod/mini';
import { optional } from '../../settings/property';

/** What `/usr/lib/mailserver/check all --json` prints (docs/checks.md). */
export const hostReport = z.object({
  time: z.number(),
  checks: z.array(
    z.object({ name: z.string(), state: z.string(), code: z.int().check(z.minimum(0), z.maximum(3)), message: z.string() }),
  ),
});

/** What `outbound.py` prints. */
export const outboundReport = z.object({
  vendor: z.string(),
  /** Smart hosts that all mail leaves by, where the role knows any. */
  relays: optional(z.array(z.string())),
  /** Smart hosts that mail of some senders or to some recipients leaves by. */
  partialRelays: optional(z.array(z.string())),
  attempts: z.array(
    z.object({
      target: z.string(),
      seconds: z.number(),
      address: optional(z.string()),
      banner: optional(z.string()),
      unresolved: optional(z.string()),
      problem: optional(z.string()),
    }),
  ),
});

export type OutboundReport = z.infer<typeof outboundReport>;

/** What the mail host itself says, over SSH. Plain data. */
export interface HostPicture {
  /** `address:port` of the connection. */
  readonly host: string;
  /** The same login as a command for people. */
  readonly login?: string;
  /** Why nothing could be found out. */
  readonly problem?: string;
  readonly report?: z.infer<typeof hostReport>;
  /** Why the host's own checks gave no report. */
  readonly reportProblem?: string;
  readonly outbound?: OutboundReport;
  readonly outboundProblem?: string;
  /** What a listener elsewhere heard; absent where there was none. */
  readonly heard?: Heard;
}

/** What a server that the mail host sends to sees of it. */
export interface Heard {
  /** Where the listener was, as the mail host reaches it. */
  readonly listener: string;
  /** Argument of EHLO or HELO; absent when nobody came in time. */
  readonly helo?: string;
  /** Where the connection came from. */
  readonly address?: string;
  readonly problem?: string;
}
