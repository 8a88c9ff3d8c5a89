/**
 * What kind of trouble a host made, for those who react to it:
 *
 * - `privateKey`: the key file is missing, unreadable, not a key, or encrypted without an agent that holds it. Never retried.
 * - `unreachable`: nobody answered at the address until the deadline.
 * - `authentication`: the host answered and refused the login.
 * - `hostKey`: the host proved to be another one than expected. Never retried.
 * - `jumpHostKey`: the same of the jump host in front of it.
 * - `sudo`: the login works, `sudo` without a password does not.
 * - `unsupportedOs`: not the operating system that the desired state was written for.
 * - `connectionLost`: the connection broke in the middle of a command.
 * - `timeout`: a command took longer than it may.
 * - `aborted`: the caller's `AbortSignal`.
 * - `busy`: another apply is at work on the host.
 * - `refused`: checked before anything was swapped and found wrong, e.g. by a validator; the host keeps its old state.
 * - `failed`: a step failed; what the message says is what was left.
 * - `rolledBack`: the new state was in place, failed or was not confirmed, and the host put its old state back.
 * - `unwell`: the same, but something that ran before does not run any more, or could not be built anew from the old files.
 */
export type HostErrorKind =
  | 'privateKey'
  | 'unreachable'
  | 'authentication'
  | 'hostKey'
  | 'jumpHostKey'
  | 'sudo'
  | 'unsupportedOs'
  | 'connectionLost'
  | 'timeout'
  | 'aborted'
  | 'busy'
  | 'refused'
  | 'failed'
  | 'rolledBack'
  | 'unwell';

/** The message is ready to be read: what is wrong, where, and the likely fix. */
export class HostError extends Error {
  override readonly name = 'HostError';

  constructor(
    readonly kind: HostErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
