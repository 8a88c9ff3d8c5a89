import { randomInt } from 'node:crypto';
import * as packet from 'dns-packet';
import { normalizeName } from '../../dns';
import type { DnsOutcome, DnsQuestion, DnsRecord, DnsReply } from './reply';

/** EDNS payload that passes every path unfragmented (DNS flag day 2020). */
const udpPayloadSize = 1232;

export interface QueryFlags {
  /** RD: the server is to find the answer. Off for authoritative servers. */
  readonly recursion: boolean;
  /** CD: the resolver is not to check signatures. */
  readonly checkingDisabled?: boolean;
  /** Old servers answer FORMERR to EDNS. */
  readonly edns: boolean;
}

export interface Query {
  readonly id: number;
  readonly bytes: Buffer;
}

/** A query with an id that nobody can guess. AD in a query asks for AD in the answer (RFC 6840 5.7). */
export function encodeQuery({ name, type }: DnsQuestion, flags: QueryFlags): Query {
  const id = randomInt(0x10000);
  const bytes = packet.encode({
    type: 'query',
    id,
    flags:
      packet.AUTHENTIC_DATA |
      (flags.recursion ? packet.RECURSION_DESIRED : 0) |
      (flags.checkingDisabled ? packet.CHECKING_DISABLED : 0),
    questions: [{ name, type, class: 'IN' }],
    additionals: flags.edns
      ? [{ type: 'OPT', name: '.', udpPayloadSize, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }]
      : [],
  });
  return { id, bytes };
}

/** What an answer says, without who said it and how long it took. */
export type Content = Pick<
  DnsReply,
  'outcome' | 'values' | 'aliases' | 'authoritative' | 'authenticated' | 'recursive' | 'records' | 'glue' | 'problem'
> & { readonly truncated: boolean; readonly rcode: string };

const outcomes: Readonly<Record<string, DnsOutcome>> = { NXDOMAIN: 'nxdomain', SERVFAIL: 'servfail', REFUSED: 'refused' };

/**
 * @returns undefined when the message belongs to another query: a late or a forged one
 * @throws Error when it is not a DNS message
 */
export function decodeReply(bytes: Buffer, { id }: Query, question: DnsQuestion): Content | undefined {
  const message = packet.decode(bytes);
  const asked = message.questions?.[0];
  if (message.id !== id || !message.flag_qr) return undefined;
  // Servers that cannot read a query leave the question out.
  if (asked && (normalizeName(asked.name) !== normalizeName(question.name) || asked.type !== question.type)) return undefined;

  const answers = (message.answers ?? []).map(record);
  const authority = (message.authorities ?? []).map(record);
  // Who asks for an alias wants itself and not its end.
  const { aliases, end } = followAliases(question.name, question.type === 'CNAME' ? [] : answers);
  const values = answers.filter((each) => each.type === question.type && normalizeName(each.name) === end);
  const rcode = (message as unknown as { rcode: string }).rcode;
  const answered = values.length > 0 ? 'answer' : aliases.length > 0 ? 'alias' : undefined;
  const referred =
    !message.flag_aa && authority.some(({ type }) => type === 'NS') && !authority.some(({ type }) => type === 'SOA');
  const outcome = rcode === 'NOERROR' ? (answered ?? (referred ? 'referral' : 'nodata')) : (outcomes[rcode] ?? 'failed');
  return {
    outcome,
    values: [...new Set(values.map(({ data }) => data))].sort(),
    aliases,
    authoritative: message.flag_aa,
    authenticated: message.flag_ad,
    recursive: message.flag_ra,
    records: [...answers, ...authority],
    glue: (message.additionals ?? []).filter(({ type }) => type === 'A' || type === 'AAAA').map(record),
    truncated: message.flag_tc,
    rcode,
    problem: outcome === 'failed' ? `the server said ${rcode}` : undefined,
  };
}

/** The CNAMEs from `name` on, and the name at their end. A loop ends where it begins. */
function followAliases(name: string, records: readonly DnsRecord[]): { aliases: string[]; end: string } {
  const targets = new Map<string, string>();
  for (const each of records) {
    const from = normalizeName(each.name);
    if (each.type === 'CNAME' && !targets.has(from)) targets.set(from, each.data);
  }
  const aliases = new Set<string>();
  let end = normalizeName(name);
  for (;;) {
    const next = targets.get(end);
    if (next === undefined || aliases.has(next)) return { aliases: [...aliases], end };
    aliases.add(next);
    end = normalizeName(next);
  }
}

function record(answer: packet.Answer): DnsRecord {
  const ttl = 'ttl' in answer ? (answer.ttl ?? 0) : 0;
  return { name: answer.name, type: answer.type, ttl, data: presentation(answer) };
}

const absolute = (name: string) => (name.endsWith('.') ? name : `${name}.`);

function presentation(answer: packet.Answer): string {
  switch (answer.type) {
    case 'A':
    case 'AAAA':
      return answer.data;
    case 'CNAME':
    case 'DNAME':
    case 'NS':
    case 'PTR':
      return absolute(answer.data);
    case 'MX':
      return `${answer.data.preference ?? 0} ${absolute(answer.data.exchange)}`;
    case 'TXT':
      // The strings of one record are one text, joined without a space (RFC 7208 3.3).
      return [answer.data].flat().map(String).join('');
    case 'SOA':
      return `${absolute(answer.data.mname)} ${absolute(answer.data.rname)} ${answer.data.serial ?? 0} ${answer.data.refresh ?? 0} ${answer.data.retry ?? 0} ${answer.data.expire ?? 0} ${answer.data.minimum ?? 0}`;
    case 'SRV':
      return `${answer.data.priority ?? 0} ${answer.data.weight ?? 0} ${answer.data.port} ${absolute(answer.data.target)}`;
    case 'CAA':
      return `${answer.data.flags ?? 0} ${answer.data.tag} ${answer.data.value}`;
    case 'DS':
      return `${answer.data.keyTag} ${answer.data.algorithm} ${answer.data.digestType} ${answer.data.digest.toString('hex')}`;
    case 'DNSKEY':
      return `${answer.data.flags} 3 ${answer.data.algorithm} ${answer.data.key.toString('base64')}`;
    case 'TLSA':
      return `${answer.data.usage} ${answer.data.selector} ${answer.data.matchingType} ${answer.data.certificate.toString('hex')}`;
    default:
      return '';
  }
}
