import { normalizeName, sameName } from '../dns';

/** A server of somebody else that delivers mail of the one that is looked at. */
export interface SmartHost {
  /** Domain whose SPF record names its addresses. Default: not known. */
  readonly spf?: string;
  /** Domains that it sends for. Default: all. */
  readonly senders?: readonly string[];
  /** Names of the DKIM records of its signatures. Default: not known. */
  readonly dkim?: readonly string[];
}

/** A host that the MX of the domains is to name. */
export interface WantedExchanger {
  readonly heloName: string;
  readonly preference: number;
}

/** The mail server that is looked at. Names without final dot. */
export interface VerifySubject {
  readonly heloName: string;
  /** Addresses that mail is sent from. None: those that the HELO name has. */
  readonly addresses: readonly string[];
  /** Domains that it receives mail for. */
  readonly domains: readonly string[];
  /** All hosts that the MX of these domains name, by HELO name, and their preferences. Default: this one only. */
  readonly exchangers?: readonly WantedExchanger[];
  /** Domains whose subdomains it receives mail for, too. Default: none. */
  readonly withSubdomains?: readonly string[];
  /** Domains of which the stack names every recipient. Default: none. */
  readonly withKnownRecipients?: readonly string[];
  /** Servers that deliver its mail. Default: none, it leaves from its own addresses. */
  readonly smartHosts?: readonly SmartHost[];
  /** Records of the keys that it signs with, by selector. Default: it signs nothing. */
  readonly dkim?: Readonly<Record<string, string>>;
  /** Domains whose mail it does not sign. Default: none. */
  readonly withoutDkim?: readonly string[];
}

/** Names in which mail of the host is signed. */
export function signedNames({ heloName, domains, dkim = {}, withoutDkim = [] }: VerifySubject): readonly string[] {
  if (Object.keys(dkim).length === 0) return [];
  return [...new Set([heloName, ...domains].map(normalizeName))].filter(
    (name) => !withoutDkim.some((domain) => sameName(domain, name)),
  );
}

/** Names of the records by which receivers verify what smart hosts sign. */
export function relayKeyNames({ smartHosts = [] }: VerifySubject): readonly string[] {
  return [...new Set(smartHosts.flatMap(({ dkim }) => dkim ?? []).map(normalizeName))];
}
