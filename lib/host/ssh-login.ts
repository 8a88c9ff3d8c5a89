import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { NodeSSH } from 'node-ssh';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import type { ConnectionSettings } from './connection-settings';
import { fingerprint, hostKeyMismatch, pinnedFingerprint, pinnedKeyTypes } from './host-key';
import { type LoginProof, loginProof } from './private-key';

/** The port of SSH, RFC 4250. */
export const defaultPort = 22;

/** An SSH server as it is logged in to: settings with their defaults, and the proof to show. */
export interface SshTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly isJumpHost: boolean;
  readonly proof: LoginProof;
  /** Fingerprint the server must prove, if one is known. */
  readonly expectedHostKey?: string;
  readonly keyTypes?: readonly string[];
}

/** Reads keys and pins; everything that waiting does not heal fails here. */
export async function sshTarget(
  settings: Omit<ConnectionSettings, 'bastion' | 'timeoutSeconds'>,
  { expectedHostKey, isJumpHost = false }: { readonly expectedHostKey?: string; readonly isJumpHost?: boolean } = {},
): Promise<SshTarget> {
  const { host, port = defaultPort, user = 'admin', privateKeyPath, hostKey } = settings;
  const pin = hostKey === undefined ? undefined : pinnedFingerprint(hostKey);
  return {
    host,
    port,
    user,
    isJumpHost,
    proof: await loginProof({ user, host, privateKeyPath }),
    expectedHostKey: pin ?? (expectedHostKey === undefined ? undefined : pinnedFingerprint(expectedHostKey)),
    keyTypes: pinnedKeyTypes(hostKey ?? expectedHostKey),
  };
}

export const addressOf = ({ host, port }: Pick<SshTarget, 'host' | 'port'>) =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** Connects; errors go to whoever uses the socket. */
export function openSocket({ host, port }: Pick<SshTarget, 'host' | 'port'>): Socket {
  // With Nagle's algorithm each small packet waits for the acknowledgement of the one before: some 40 ms, several times per command.
  const socket = connect({ host, port, noDelay: true });
  socket.on('error', () => undefined);
  return socket;
}

export interface Login {
  readonly session: NodeSSH;
  readonly hostKey: string;
}

export interface LoginOptions {
  /** The way to the server, where there is one already: through a jump host, or opened in advance. */
  readonly socket?: Duplex;
  readonly timeoutMilliseconds: number;
  /** Called as soon as the server has shown its host key: it is up, whatever comes next. */
  readonly onAnswer?: () => void;
  readonly signal?: AbortSignal;
}

/** A single attempt to connect and log in. */
export async function logIn(target: SshTarget, options: LoginOptions): Promise<Login> {
  const { NodeSSH } = await import('./ssh-library.js');
  const session = new NodeSSH();
  const socket = options.socket ?? openSocket(target);
  let hostKey = '';
  let mismatch: Error | undefined;
  // A polite end would wait for the other side, which may never have said a word.
  const stop = () => session.connection?.destroy();
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    const connected = session.connect({
      sock: socket,
      username: target.user,
      ...('agent' in target.proof ? { agent: target.proof.agent } : { privateKey: target.proof.privateKey }),
      // Without a first try that proves nothing, which costs a round trip.
      authHandler: ['agent' in target.proof ? 'agent' : 'publickey'],
      ...(target.keyTypes && { algorithms: { serverHostKey: target.keyTypes as ServerHostKeyAlgorithm[] } }),
      readyTimeout: options.timeoutMilliseconds,
      keepaliveInterval: 10_000,
      keepaliveCountMax: 3,
      hostVerifier: (key: Buffer) => {
        options.onAnswer?.();
        hostKey = fingerprint(key);
        if (target.expectedHostKey !== undefined && hostKey !== target.expectedHostKey) {
          mismatch = hostKeyMismatch({ ...target, address: addressOf(target) }, target.expectedHostKey, key);
        }
        return mismatch === undefined;
      },
    });
    await connected;
    return { session, hostKey };
  } catch (error) {
    stop();
    socket.destroy();
    throw mismatch ?? error;
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
}
