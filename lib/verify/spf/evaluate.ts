import { BlockList, isIPv4 } from 'node:net';
import { normalizeName, reverseName, sameName } from '../../dns';
import { isExplanation, isLookUpName } from '../../dns/spf-grammar';
import type { DnsQuestion, QueryType } from '../dns';
import { type Known, keyOf } from '../picture';
import { expandMacros, expandName, type MacroValues } from './macros';
import { isSpf, type Mechanism, parseSpf, type Qualifier } from './parse';

export type SpfResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'permerror' | 'temperror';

export interface SpfVerdict {
  readonly result: SpfResult;
  /** Terms that cost a look-up; more than 10 are an error (RFC 7208 4.6.4). */
  readonly lookups: number;
  /** The term that decided, with the domains it was reached by. */
  readonly decidedBy?: string;
  readonly problem?: string;
  /** What the domain has receivers tell a sender who fails (`exp=`). */
  readonly explanation?: string;
  /** Questions whose answers are still needed to say. */
  readonly needs: readonly DnsQuestion[];
}

/** Look-ups that a receiver makes at most, and those that may lead to nothing. */
const maxLookups = 10;
/** Look-ups that are counted where no receiver would make them: records that refer to one another can ask for any number. */
const maxCounted = 100;
const maxVoids = 2;
/** Names that one `mx` may have. */
const maxExchangers = 10;
/** Names of an address that are looked at; those behind them are left out (RFC 7208 4.6.4). */
const maxReverseNames = 10;

/** Whose mail it is. */
export interface SpfQuestion {
  readonly domain: string;
  /** Address of the sender. Default: `postmaster` of the domain, as for bounces. */
  readonly sender?: string;
  /** Absent: no mechanism but `all` matches, so every look-up that any sender can cause is counted. */
  readonly address?: string;
  readonly heloName: string;
}

const results: Readonly<Record<Qualifier, SpfResult>> = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' };

/** A record can have thousands of mistakes. */
const maxProblems = 5;

function summary(problems: readonly string[]): string {
  const more = problems.length - maxProblems;
  return problems.slice(0, maxProblems).join('; ') + (more > 0 ? `; and ${more} more` : '');
}

/** Ends an evaluation at once. */
class Stop extends Error {
  constructor(
    readonly result: SpfResult,
    problem: string,
  ) {
    super(problem);
  }
}

/**
 * What a receiver makes of mail from an address with a sender in a domain (RFC 7208 4: check_host), from the answers that are known.
 * Pure: what is not known yet is in `needs`.
 */
export function evaluateSpf(question: SpfQuestion, known: Known): SpfVerdict {
  const run = new Evaluation(question, known);
  try {
    const { result, path, exp } = run.checkHost(question.domain, []);
    const explanation = result === 'fail' && exp ? run.explain(exp) : undefined;
    return { result, lookups: run.lookups, decidedBy: path, ...(explanation && { explanation }), needs: run.needs };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { result: error.result, lookups: run.lookups, problem: error.message, needs: run.needs };
  }
}

/** Where an explanation is, and the domain that names it. */
interface Explanation {
  readonly target: string;
  readonly domain: string;
}

interface Decision {
  readonly result: SpfResult;
  readonly path?: string;
  readonly exp?: Explanation;
}

class Evaluation {
  lookups = 0;
  readonly needs: DnsQuestion[] = [];
  private readonly address: string | undefined;
  private readonly heloName: string;
  private readonly sender: string;
  private voids = 0;

  constructor(
    question: SpfQuestion,
    private readonly known: Known,
  ) {
    const sender = question.sender ?? `postmaster@${question.domain}`;
    this.sender = sender.startsWith('@') ? `postmaster${sender}` : sender;
    this.heloName = question.heloName;
    this.address = question.address === undefined ? undefined : withoutMapping(question.address);
  }

  checkHost(domain: string, above: readonly string[]): Decision {
    if (above.some((each) => sameName(each, domain))) throw new Stop('permerror', `${domain} includes itself`);
    if (!isLookUpName(domain)) return { result: 'none' };
    const texts = this.look(domain, 'TXT').filter(isSpf);
    if (texts.length === 0) return { result: 'none' };
    if (texts.length > 1) throw new Stop('permerror', `${domain} has ${texts.length} SPF records`);
    const record = parseSpf(texts[0] ?? '');
    if (record.problems.length > 0) throw new Stop('permerror', `SPF of ${domain}: ${summary(record.problems)}`);
    const here = [...above, normalizeName(domain)];
    for (const mechanism of record.mechanisms) {
      if (this.matches(mechanism, domain, here)) {
        return {
          result: results[mechanism.qualifier],
          path: [...here.slice(1), mechanism.text].join(' → '),
          ...(record.exp !== undefined && { exp: { target: record.exp, domain } }),
        };
      }
    }
    if (record.redirect === undefined || record.mechanisms.some(({ name }) => name === 'all')) return { result: 'neutral' };
    this.count(`redirect=${record.redirect}`);
    const target = this.expand(record.redirect, domain);
    const decision = this.checkHost(target, here);
    if (decision.result === 'none') this.unlessNeeded(new Stop('permerror', `redirect=${target} leads to no SPF record`));
    return decision;
  }

  /** One readable text, or nothing: whatever is wrong with an explanation changes no result (RFC 7208 6.2). */
  explain({ target, domain }: Explanation): string | undefined {
    const name = this.expand(target, domain);
    if (!isLookUpName(name)) return undefined;
    const { outcome, values } = this.known.answer(name, 'TXT');
    if (outcome === 'unasked') this.need(name, 'TXT');
    const [text = ''] = values;
    if (values.length !== 1 || !isExplanation(text)) return undefined;
    return expandMacros(text, this.macros(domain));
  }

  private matches(mechanism: Mechanism, domain: string, above: readonly string[]): boolean {
    const { name, target, text } = mechanism;
    if (name === 'all') return true;
    if (name === 'ip4' || name === 'ip6') return this.isWithin(target ?? '', mechanism);
    this.count(text);
    const at = target === undefined ? domain : this.expand(target, domain);
    if (name === 'include') return this.includes(at, above);
    if (name === 'exists') return this.lookOrVoid(at, 'A').length > 0 && this.address !== undefined;
    if (name === 'mx') return this.exchangers(at).some((host) => this.hasAddress(host, mechanism));
    if (name === 'a') return this.hasAddress(at, mechanism);
    return this.validatedNames().some((each) => isSameOrBelow(each, at));
  }

  private includes(at: string, above: readonly string[]): boolean {
    const { result } = this.checkHost(at, above);
    if (result === 'none') this.unlessNeeded(new Stop('permerror', `include:${at} leads to no SPF record`));
    return result === 'pass';
  }

  private hasAddress(host: string, mechanism: Mechanism): boolean {
    return this.lookOrVoid(host, this.addressType).some((found) => this.isWithin(found, mechanism));
  }

  private get addressType(): 'A' | 'AAAA' {
    return this.address?.includes(':') ? 'AAAA' : 'A';
  }

  private exchangers(at: string): string[] {
    const hosts = this.lookOrVoid(at, 'MX').map((value) => normalizeName(value.split(' ')[1] ?? ''));
    if (hosts.length > maxExchangers)
      throw new Stop('permerror', `mx:${at} has ${hosts.length} names, ${maxExchangers} are allowed`);
    return hosts.filter((host) => host !== '.');
  }

  /** Names of the client that have its address: the reverse zone alone is whatever its owner likes (RFC 7208 5.5). */
  private validatedNames(): readonly string[] {
    const { address } = this;
    if (address === undefined) return [];
    const names = this.lookOrNothing(reverseName(address), 'PTR').slice(0, maxReverseNames).map(normalizeName);
    const exactly = { ipv4Bits: 32, ipv6Bits: 128 };
    return names.filter((name) => this.lookOrNothing(name, this.addressType).some((found) => this.isWithin(found, exactly)));
  }

  private isWithin(network: string, { ipv4Bits, ipv6Bits }: Pick<Mechanism, 'ipv4Bits' | 'ipv6Bits'>): boolean {
    const { address } = this;
    if (address === undefined || isIPv4(address) !== isIPv4(network)) return false;
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    const list = new BlockList();
    list.addSubnet(network, isIPv4(network) ? ipv4Bits : ipv6Bits, family);
    return list.check(address, family);
  }

  private count(term: string): void {
    this.lookups += 1;
    // Without an address the count itself is the result, so it goes on for a while.
    if (this.lookups > (this.address === undefined ? maxCounted : maxLookups)) {
      throw new Stop('permerror', `'${term}' is look-up number ${this.lookups}, ${maxLookups} are allowed`);
    }
  }

  private lookOrVoid(name: string, type: QueryType): readonly string[] {
    const values = isLookUpName(name) ? this.look(name, type) : [];
    if (values.length > 0 || this.address === undefined) return values;
    this.voids += 1;
    if (this.voids > maxVoids)
      this.unlessNeeded(new Stop('permerror', `${this.voids} look-ups lead to nothing, ${maxVoids} may`));
    return values;
  }

  private look(name: string, type: QueryType): readonly string[] {
    const answer = this.known.answer(name, type);
    if (answer.outcome === 'unasked') {
      this.need(name, type);
      return [];
    }
    if (isSaid(answer.outcome)) return answer.values;
    throw new Stop('temperror', `${type} of ${name}: ${answer.outcome}`);
  }

  /** A name of the client that cannot be looked up is one that it does not have. */
  private lookOrNothing(name: string, type: QueryType): readonly string[] {
    const { outcome, values } = this.known.answer(name, type);
    if (outcome === 'unasked') this.need(name, type);
    return isSaid(outcome) ? values : [];
  }

  private need(name: string, type: QueryType): void {
    if (!this.needs.some((each) => keyOf(each) === keyOf({ name, type }))) this.needs.push({ name: normalizeName(name), type });
  }

  /** What is missing may lead to nothing only because it was not asked for yet. */
  private unlessNeeded(stop: Stop): void {
    if (this.needs.length === 0) throw stop;
  }

  private expand(text: string, domain: string): string {
    return normalizeName(expandName(text, this.macros(domain)));
  }

  private macros(domain: string): MacroValues {
    return {
      sender: this.sender,
      domain,
      address: this.address ?? '0.0.0.0',
      heloName: this.heloName,
      // The domain itself goes first, then what is below it (RFC 7208 7.3).
      validatedName: () => {
        const names = this.validatedNames();
        const own = names.find((name) => sameName(name, domain)) ?? names.find((name) => isSameOrBelow(name, domain));
        return own ?? names[0] ?? 'unknown';
      },
    };
  }
}

const isSaid = (outcome: string) => ['answer', 'alias', 'nodata', 'nxdomain', 'malformed'].includes(outcome);

const isSameOrBelow = (name: string, domain: string) =>
  sameName(name, domain) || normalizeName(name).endsWith(`.${normalizeName(domain)}`);

/** IPv4 in IPv6's clothes (RFC 4291 2.5.5.2) is IPv4. */
function withoutMapping(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}
