import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectFailure, connectError, connectFailure } from './connect-failure';
import type { ConnectionSettings } from './connection-settings';
import type { HostConnection } from './host-connection';
import { HostError } from './host-error';
import { pauses } from './retry';
import { SshHostConnection } from './ssh-client';
import { addressOf, defaultPort, type Login, logIn, openSocket, type SshTarget, sshTarget } from './ssh-login';

export interface ConnectOptions {
  /** The host key this very machine proved earlier (`SHA256:…`). A pin in the settings goes first. */
  readonly expectedHostKey?: string;
  /** The same of the jump host. */
  readonly expectedJumpHostKey?: string;
  /**
   * The machine may be booting although its key is known, e.g. after it was resized: a refused login is then tried again for a
   * while, as with a new machine.
   */
  readonly mayBoot?: boolean;
  /** Overrides the settings' time for connecting and logging in, in seconds. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
  /** One line whenever the reason to wait changes. */
  readonly onProgress?: (line: string) => void;
}

const defaultTimeoutSeconds = 300;

/** A single attempt, from the first packet to the login. Packets to a closed port vanish, so this is how soon we try again. */
const attemptMilliseconds = 15_000;

/** How long a host that answers may refuse the login, in milliseconds: its accounts are set up in the last seconds of the boot. */
const settleMilliseconds = 30_000;

/**
 * Connects and logs in, again and again until the deadline while a machine boots.
 *
 * @throws {HostError} `privateKey`, `unreachable`, `authentication`, `hostKey`, `jumpHostKey` or `aborted`
 */
export async function connectHost(settings: ConnectionSettings, options: ConnectOptions = {}): Promise<HostConnection> {
  const seconds = options.timeoutSeconds ?? settings.timeoutSeconds ?? defaultTimeoutSeconds;
  const start = Date.now();
  const limits = { deadline: start + seconds * 1000, signal: options.signal };
  const attempt = await firstAttempt(settings, options, limits);
  // A machine whose key is known has been set up before: its refusal of a login is final, unless it boots.
  const settle = options.expectedHostKey === undefined || options.mayBoot ? settleMilliseconds : 0;
  const pause = pauses(limits);
  let shown: string | undefined;
  for (let attempts = 1; ; attempts++) {
    const outcome = await attempt.run();
    if (!('failure' in outcome)) return outcome;
    const { failure, target } = outcome;
    const settled = failure.patience === 'settle' && Date.now() >= (attempt.answeredAt ?? start) + settle;
    if (failure.patience === 'final' || settled || !(await pause())) {
      throw connectError(failure, target, { attempts, seconds: (Date.now() - start) / 1000 });
    }
    const line = `waiting for ${addressOf(target)}: ${failure.reason}`;
    if (line !== shown) options.onProgress?.(line);
    shown = line;
  }
}

interface Limits {
  readonly deadline: number;
  readonly signal?: AbortSignal;
}

/** Knocks before keys and libraries are read: meanwhile the server gets ready to answer. */
async function firstAttempt(settings: ConnectionSettings, options: ConnectOptions, limits: Limits): Promise<Attempt> {
  const { bastion } = settings;
  const { host, port = defaultPort } = bastion ?? settings;
  const socket = openSocket({ host, port });
  try {
    const target = await sshTarget(settings, options);
    const jumpHost = { expectedHostKey: options.expectedJumpHostKey, isJumpHost: true };
    return new Attempt(target, bastion && (await sshTarget(bastion, jumpHost)), limits, socket);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

interface Failed {
  readonly failure: ConnectFailure;
  readonly target: SshTarget;
}

class Attempt {
  /** When the mail host first showed its host key. */
  answeredAt: number | undefined;

  constructor(
    private readonly host: SshTarget,
    private readonly bastion: SshTarget | undefined,
    private readonly limits: Limits,
    /** A connection to the first server on the way; for one attempt only. */
    private opened: Socket | undefined,
  ) {}

  async run(): Promise<HostConnection | Failed> {
    let target = this.bastion ?? this.host;
    let jump: Login | undefined;
    try {
      let socket: Duplex | undefined = this.takeOpened();
      if (this.bastion) {
        jump = await logIn(this.bastion, { ...this.loginOptions(), socket });
        target = this.host;
        socket = await jump.session.forwardOut('127.0.0.1', 0, this.host.host, this.host.port);
      }
      const onAnswer = () => {
        this.answeredAt ??= Date.now();
      };
      const login = await logIn(this.host, { ...this.loginOptions(), socket, onAnswer });
      return new SshHostConnection(login.session, {
        hostKey: login.hostKey,
        jumpHostKey: jump?.hostKey,
        address: addressOf(this.host),
        user: this.host.user,
        onClose: () => jump?.session.dispose(),
      });
    } catch (error) {
      jump?.session.dispose();
      if (error instanceof HostError) throw error;
      if (this.limits.signal?.aborted) throw new HostError('aborted', `stopped while connecting to ${addressOf(target)}`);
      return { failure: connectFailure(error, target), target };
    }
  }

  private takeOpened(): Socket | undefined {
    const socket = this.opened;
    this.opened = undefined;
    return socket?.destroyed ? undefined : socket;
  }

  private loginOptions() {
    const left = Math.max(1000, this.limits.deadline - Date.now());
    return { timeoutMilliseconds: Math.min(attemptMilliseconds, left), signal: this.limits.signal };
  }
}
