/** One SSH server: how to log in and how it is known. */
export interface SshServerProps {
  /** Address or name. */
  readonly host: string;

  /**
   * TCP port.
   *
   * @default 22
   */
  readonly port?: number;

  /**
   * Login name. Anyone but root uses sudo, which must not ask for a password.
   *
   * @default admin
   */
  readonly user?: string;

  /**
   * Path of the private key on the machine where Terraform runs; `~/` is the home directory. The key itself is never read into
   * the stack, the plan or the state.
   *
   * @default - the agent at SSH_AUTH_SOCK
   */
  readonly privateKeyPath?: string;

  /**
   * Pins the host key: `ssh-ed25519 AAAA…` or `SHA256:…`.
   *
   * @default - trusted at first contact, then pinned in the state: the mail host to this instance, a jump host to its address
   */
  readonly hostKey?: string;
}

/** How Terraform logs in to a mail host. */
export interface ConnectionProps extends SshServerProps {
  /**
   * A jump host; the connection to the mail host goes through it.
   *
   * @default - none
   */
  readonly bastion?: SshServerProps;

  /**
   * Send secrets (passwords of `submissionUsers`) also to a host whose key is seen for the first time and not pinned by `hostKey`.
   *
   * @default false, the apply after the first one sends them
   */
  readonly trustFirstContact?: boolean;

  /**
   * How long connecting and logging in are retried while a new machine boots, in seconds.
   *
   * @default 300
   */
  readonly timeoutSeconds?: number;
}

/** The same for a host whose address the graph knows. */
export type HostConnectionProps = Omit<ConnectionProps, 'host'>;
