export interface ExecOptions {
  /** What the script reads on its standard input. Secrets go here, never into the script's text. */
  readonly input?: Buffer;
  /** A command that takes longer fails with {@link HostError} `timeout`. Default: 60. */
  readonly timeoutSeconds?: number;
  /** A command that says more on standard output is broken off, and fails with {@link HostError} `failed`. Default: 128 MiB. */
  readonly mostBytes?: number;
  readonly signal?: AbortSignal;
  /** Gets every whole line of standard output as it arrives. */
  readonly onLine?: (line: string) => void;
}

export interface ExecResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** An open way to a host, with root's rights. Tests replace it by a local shell. */
export interface HostConnection {
  /** Fingerprint of the host key as OpenSSH prints it: `SHA256:…`. */
  readonly hostKey: string;
  /** The same of the jump host, where there is one. */
  readonly jumpHostKey?: string;
  /** `address:port`, for messages. */
  readonly address: string;
  /**
   * Runs a POSIX `sh` script as root, whatever the login shell is. A non-zero exit is a result and not an error.
   *
   * What a login prints before the script starts is in none of its output.
   *
   * @throws {HostError} `connectionLost`, `timeout`, `aborted`, `sudo`, or `authentication` when the login runs no commands
   */
  exec(script: string, options?: ExecOptions): Promise<ExecResult>;
  close(): Promise<void>;
}
