import type { Lab, Result, RunOptions } from '../system';

/** Whom to log in to, over SSH from the operator's namespace. */
export interface SshTarget {
  /** Name of the machine: its host key is checked, whatever the address. */
  readonly machine: string;
  /** Address to connect to, e.g. the Elastic IP. */
  readonly address: string;
  /** Default: the login of the machine's image. */
  readonly user?: string;
  /** Path of the private key. Default: the lab's own key. */
  readonly identity?: string;
}

/** The lab's own key pair in the state folder (made at the first call): path of the private key and the public key's line. */
export async function labKey(_lab: Lab): Promise<{ readonly path: string; readonly publicKey: string }> {
  throw new Error('not built yet');
}

/** The ssh command line (without a remote command), which runs in the operator's namespace: `[file, ...args]` for spawn. */
export async function sshCommand(_lab: Lab, _target: SshTarget): Promise<[string, ...string[]]> {
  throw new Error('not built yet');
}

/** Runs a shell command over SSH; connections are kept and shared, so only the first call has a handshake. */
export async function sshIn(_lab: Lab, _target: SshTarget, _command: string, _options?: RunOptions): Promise<Result> {
  throw new Error('not built yet');
}

/** An SSH session on this process's terminal; gives its exit code. */
export async function openSsh(_lab: Lab, _target: SshTarget, _command?: readonly string[]): Promise<number> {
  throw new Error('not built yet');
}

/** Waits for an SSH banner at the address, asked from the operator's namespace; gives the milliseconds waited. Default deadline: 60 s. */
export async function waitForSsh(_lab: Lab, _address: string, _deadline?: number): Promise<number> {
  throw new Error('not built yet');
}
