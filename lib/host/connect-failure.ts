import { HostError, type HostErrorKind } from './host-error';
import { addressOf, type SshTarget } from './ssh-login';

/** Why an attempt failed, in words, and how long it makes sense to try again. */
export interface ConnectFailure {
  readonly kind: HostErrorKind;
  readonly reason: string;
  readonly fix: string;
  /**
   * `boot`: typical for a machine that boots; tried until the deadline. `settle`: may pass within seconds (accounts are set up
   * just after sshd starts, a new name spreads); after that it is an error that waiting does not heal, as is every error that is
   * not known. `final`: no wait heals it.
   */
  readonly patience: 'boot' | 'settle' | 'final';
}

interface SshError extends Error {
  readonly level?: string;
  readonly code?: string;
}

const firewall = 'check the address, and that the security group or firewall lets this machine in on the port';

const byCode: Readonly<Record<string, readonly [reason: string, fix: string]>> = {
  ECONNREFUSED: ['connection refused', 'the machine is up, but no SSH server listens there: check the port and that sshd runs'],
  ECONNRESET: ['connection reset', 'check that sshd runs and is not overloaded'],
  ETIMEDOUT: ['no answer', firewall],
  EHOSTUNREACH: ['no route to the host', firewall],
  ENETUNREACH: ['network unreachable', 'check the address and the network of this machine'],
  EPIPE: ['connection reset', 'check that sshd runs and is not overloaded'],
};

/** Sorts out what the SSH library threw. */
export function connectFailure(error: unknown, target: SshTarget): ConnectFailure {
  const { level, code = '', message } = error as SshError;
  if (/too many authentication failures/i.test(message)) {
    return {
      kind: 'authentication',
      reason: `the server refused ${target.proof.name} after too many keys`,
      fix: 'name the one key to offer in privateKeyPath (of a key that an agent holds, its .pub file is enough)',
      patience: 'final',
    };
  }
  if (level === 'client-authentication' || level === 'agent') {
    return {
      kind: 'authentication',
      reason: `login as ${target.user} with ${target.proof.name} was refused`,
      fix: `check that user ${target.user} exists (admin on Debian cloud images) and that its authorized_keys holds the public key`,
      patience: 'settle',
    };
  }
  if (['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME'].includes(code)) {
    return {
      kind: 'unreachable',
      reason: `the name ${target.host} does not resolve`,
      fix: 'check connection.host and the resolver of this machine',
      patience: 'settle',
    };
  }
  if (level === 'handshake' && /no matching/i.test(message)) {
    return { kind: 'hostKey', reason: message, fix: 'check the type of the pinned host key', patience: 'settle' };
  }
  const throughBastion = /open failure: (.*)/i.exec(message)?.[1];
  if (throughBastion !== undefined) {
    const reason = `the jump host cannot reach it: ${throughBastion.toLowerCase()}`;
    return { kind: 'unreachable', reason, fix: 'check the address and what the jump host may connect to', patience: 'boot' };
  }
  const timedOut = level === 'client-timeout';
  const closed = /No response from server|before handshake|Connection lost|ended/i.test(message);
  const known = byCode[timedOut ? 'ETIMEDOUT' : closed ? 'ECONNRESET' : code];
  const [reason, fix] = known ?? [message, firewall];
  return { kind: 'unreachable', reason, fix, patience: known ? 'boot' : 'settle' };
}

/** The error that ends all attempts. */
export function connectError(
  failure: ConnectFailure,
  target: SshTarget,
  tried: { attempts: number; seconds: number },
): HostError {
  const times = tried.attempts === 1 ? 'once' : `${tried.attempts} times within ${Math.max(1, Math.round(tried.seconds))} s`;
  const doing = failure.kind === 'unreachable' ? 'cannot reach' : 'cannot log in to';
  return new HostError(failure.kind, `${doing} ${addressOf(target)}: ${failure.reason} (tried ${times}); ${failure.fix}`);
}
