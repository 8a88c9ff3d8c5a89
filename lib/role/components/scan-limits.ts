import { messageSizeLimit } from './postfix-main';

const MIB = 1024 * 1024;

/** clamd takes no larger file. */
const MOST_BYTES = 2047 * MIB;

/** How far a mail is looked into; what is beyond cannot be scanned whole, and is refused. One set for Postfix, amavis and clamd. */
export interface ScanLimits {
  /** Bytes of a mail, `message_size_limit`. */
  readonly message: number;
  /** Bytes of all that it holds, unpacked; and so of each file inside. */
  readonly unpacked: number;
  /** Archives or mails inside one another. */
  readonly depth: number;
  /** Files in all archives and mails inside. */
  readonly files: number;
  /** Archives and mails inside. */
  readonly archives: number;
  /** MiB of memory of one unpacker. */
  readonly memoryMib: number;
  /** Seconds of CPU of one unpacker. */
  readonly cpuSeconds: number;
  /** Seconds that clamd takes for one file. */
  readonly scanSeconds: number;
  /** Seconds that the filter takes for one mail; Postfix waits a little longer (`smtpd_proxy_timeout`), and clients for ten minutes. */
  readonly mailSeconds: number;
}

/** Ten times a mail, and 100 MiB for what packs better. */
export function scanLimits(settings: { readonly messageSizeLimit?: number }): ScanLimits {
  const message = messageSizeLimit(settings);
  return {
    message,
    unpacked: Math.min(10 * message + 100 * MIB, MOST_BYTES),
    depth: 17,
    files: 10_000,
    archives: 1000,
    memoryMib: 512,
    cpuSeconds: 30,
    scanSeconds: 60,
    mailSeconds: 150,
  };
}
