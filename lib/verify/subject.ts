/** A server of somebody else that delivers mail of the one that is looked at. */
export interface SmartHost {
  /** Domain whose SPF record names its addresses. Default: not known. */
  readonly spf?: string;
  /** Domains that it sends for. Default: all. */
  readonly senders?: readonly string[];
}

/** The mail server that is looked at. Names without final dot. */
export interface VerifySubject {
  readonly heloName: string;
  /** Addresses that mail is sent from. None: those that the HELO name has. */
  readonly addresses: readonly string[];
  /** Domains that it receives mail for. */
  readonly domains: readonly string[];
  /** Domains whose subdomains it receives mail for, too. Default: none. */
  readonly withSubdomains?: readonly string[];
  /** Domains of which the stack names every recipient. Default: none. */
  readonly withKnownRecipients?: readonly string[];
  /** Servers that deliver its mail. Default: none, it leaves from its own addresses. */
  readonly smartHosts?: readonly SmartHost[];
}
