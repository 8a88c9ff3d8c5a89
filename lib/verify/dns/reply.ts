/** Types of records that are asked for; also what the checks know how to read. */
export type QueryType = 'A' | 'AAAA' | 'CAA' | 'CNAME' | 'DNSKEY' | 'DS' | 'MX' | 'NS' | 'PTR' | 'SOA' | 'SRV' | 'TLSA' | 'TXT';

/** A question to DNS. `name` without final dot; `.` is the root. */
export interface DnsQuestion {
  readonly name: string;
  readonly type: QueryType;
}

/**
 * What came of a question:
 * - `answer`: records of the type asked for, maybe behind aliases
 * - `alias`: a CNAME only, whose end is known to others (servers that do not recurse)
 * - `referral`: ask the servers of a zone below
 * - `nodata`: the name exists, without records of this type
 * - `nxdomain`, `servfail`, `refused`, `failed` (any other RCODE): what the server said (RFC 1035 4.1.1)
 * - `timeout`: no answer in time; `unreachable`: the network or the machine says so; `noroute`: this machine has no way there, e.g. no
 *   IPv6
 * - `truncated`: too long for UDP, and TCP did not work; `malformed`: no DNS, or a name that cannot be asked for
 */
export type DnsOutcome =
  | 'answer'
  | 'alias'
  | 'referral'
  | 'nodata'
  | 'nxdomain'
  | 'servfail'
  | 'refused'
  | 'failed'
  | 'timeout'
  | 'unreachable'
  | 'noroute'
  | 'truncated'
  | 'malformed';

/** Outcomes that tell what DNS holds; all others tell that a server could or would not say. */
export function isKnown(outcome: DnsOutcome): boolean {
  return outcome === 'answer' || outcome === 'alias' || outcome === 'nodata' || outcome === 'nxdomain';
}

export interface DnsRecord {
  /** Owner without final dot, as the server spells it. */
  readonly name: string;
  readonly type: string;
  /** Seconds. */
  readonly ttl: number;
  /** Presentation format; names in it with their final dot, text without quotes and joined. */
  readonly data: string;
}

/** An answer of one server. */
export interface DnsReply {
  readonly question: DnsQuestion;
  /** `198.51.100.2`, with a port where it is not 53. */
  readonly server: string;
  readonly outcome: DnsOutcome;
  /** Data of the records of the type asked for, sorted; behind aliases those of their end. */
  readonly values: readonly string[];
  /** Targets of the CNAMEs on the way, in order, with final dot. */
  readonly aliases: readonly string[];
  /** AA: the server is one of the zone's own. */
  readonly authoritative: boolean;
  /** AD: the resolver has checked the signatures (DNSSEC). */
  readonly authenticated: boolean;
  /** RA: the server asks others on behalf of the client. */
  readonly recursive: boolean;
  /** It needed TCP. */
  readonly tcp: boolean;
  /** The resolver answers when it is told not to check signatures: they are wrong (DNSSEC). */
  readonly bogus?: boolean;
  /** Everything of the answer and authority sections. */
  readonly records: readonly DnsRecord[];
  /** Addresses that came along with a referral. */
  readonly glue: readonly DnsRecord[];
  readonly milliseconds: number;
  /** What happened, for people, when there is no answer. */
  readonly problem?: string;
}
