import { paint } from './terminal';

/** Ends the command with this code; everything has been said. */
export class ExitCode extends Error {
  /** Wrong arguments: sysexits(3), EX_USAGE. */
  static readonly usage = 64;
  /** A machine that the lab cannot run on: EX_UNAVAILABLE. */
  static readonly unsupported = 69;
  /** Ended by Ctrl-C: 128 + SIGINT. */
  static readonly interrupted = 130;

  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** An error for people: what is wrong, without a stack trace unless DEBUG is set. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? (process.env.DEBUG && error.stack) || error.message : String(error);
  return `${paint('red', 'error:', process.stderr)} ${text}`;
}
