import { BlockList, isIPv4 } from 'node:net';
import { normalizeName, reverseName, sameName } from '../../dns';
import type { DnsQuestion, QueryType } from '../dns';
import { type Known, keyOf } from '../picture';
import { expandMacros, type MacroValues } from './macros';
import { isSpf, type Mechanism, parseSpf, type Qualifier } from './parse';

export type SpfResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'permerror' | 'temperror';

export interface SpfVerdict {
  readonly result: SpfResult;
  /** Terms that cost a look-up; more than 10 are an error (RFC 7208 4.6.4). */
  readonly lookups: number;
  /** The term that decided, with the domains it was reached by. */
  readonly decidedBy?: string;
  readonly problem?: string;
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
 * What a receiver makes of mail from `address` with a sender in `domain` (RFC 7208 4: check_host), from the answers that are
 * known. Pure: what is not known yet is in `needs`.
 *
 * @param address Absent: no mechanism but `all` matches, so every look-up that any sender can cause is counted.
 */
export function evaluateSpf(domain: string, address: string | undefined, heloName: string, known: Known): SpfVerdict {
  const run = new Evaluation(address, heloName, domain, known);
  try {
    const { result, path } = run.checkHost(domain, []);
    return { result, lookups: run.lookups, decidedBy: path, needs: run.needs };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { result: error.result, lookups: run.lookups, problem: error.message, needs: run.needs };
  }
}

interface Decision {
  readonly result: SpfResult;
  readonly path?: string;
}

class Evaluation {
  lookups = 0;
  readonly needs: DnsQuestion[] = [];
  private voids = 0;

  constructor(
    private readonly address: string | undefined,
    private readonly heloName: string,
    private readonly sender: string,
    private readonly known: Known,
  ) {}

  checkHost(domain: string, above: readonly string[]): Decision {
    if (above.some((each) => sameName(each, domain))) throw new Stop('permerror', `${domain} includes itself`);
    const texts = this.look(domain, 'TXT').filter(isSpf);
    if (texts.length === 0) return { result: 'none' };
    if (texts.length > 1) throw new Stop('permerror', `${domain} has ${texts.length} SPF records`);
    const record = parseSpf(texts[0] ?? '');
    if (record.problems.length > 0) throw new Stop('permerror', `SPF of ${domain}: ${summary(record.problems)}`);
    const here = [...above, normalizeName(domain)];
    for (const mechanism of record.mechanisms) {
      if (this.matches(mechanism, domain, here)) {
        return { result: results[mechanism.qualifier], path: [...here.slice(1), mechanism.text].join(' → ') };
      }
    }
    if (record.redirect === undefined || record.mechanisms.some(({ name }) => name === 'all')) return { result: 'neutral' };
    this.count(`redirect=${record.redirect}`);
    const target = this.expand(record.redirect, domain);
    const decision = this.checkHost(target, here);
    if (decision.result === 'none') this.unlessNeeded(new Stop('permerror', `redirect=${target} leads to no SPF record`));
    return decision;
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
    return this.hasReverseName(at);
  }

  private includes(at: string, above: readonly string[]): boolean {
    const { result } = this.checkHost(at, above);
    if (result === 'none') this.unlessNeeded(new Stop('permerror', `include:${at} leads to no SPF record`));
    return result === 'pass';
  }

  private hasAddress(host: string, mechanism: Mechanism): boolean {
    const type = this.address?.includes(':') ? 'AAAA' : 'A';
    return this.lookOrVoid(host, type).some((found) => this.isWithin(found, mechanism));
  }

  private exchangers(at: string): string[] {
    const hosts = this.lookOrVoid(at, 'MX').map((value) => normalizeName(value.split(' ')[1] ?? ''));
    if (hosts.length > maxExchangers)
      throw new Stop('permerror', `mx:${at} has ${hosts.length} names, ${maxExchangers} are allowed`);
    return hosts.filter((host) => host !== '.');
  }

  private hasReverseName(at: string): boolean {
    if (this.address === undefined) return false;
    const names = this.look(reverseName(this.address), 'PTR').map(normalizeName);
    return names.some((name) => name === normalizeName(at) || name.endsWith(`.${normalizeName(at)}`));
  }

  private isWithin(network: string, { ipv4Bits, ipv6Bits }: Mechanism): boolean {
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
    const values = this.look(name, type);
    if (values.length > 0 || this.address === undefined) return values;
    this.voids += 1;
    if (this.voids > maxVoids)
      this.unlessNeeded(new Stop('permerror', `${this.voids} look-ups lead to nothing, ${maxVoids} may`));
    return values;
  }

  private look(name: string, type: QueryType): readonly string[] {
    const answer = this.known.answer(name, type);
    if (answer.outcome === 'unasked') {
      if (!this.needs.some((each) => keyOf(each) === keyOf({ name, type }))) this.needs.push({ name: normalizeName(name), type });
      return [];
    }
    if (['answer', 'alias', 'nodata', 'nxdomain', 'malformed'].includes(answer.outcome)) return answer.values;
    throw new Stop('temperror', `${type} of ${name}: ${answer.outcome}`);
  }

  /** What is missing may lead to nothing only because it was not asked for yet. */
  private unlessNeeded(stop: Stop): void {
    if (this.needs.length === 0) throw stop;
  }

  private expand(text: string, domain: string): string {
    const values: MacroValues = {
      sender: `postmaster@${this.sender}`,
      domain,
      address: this.address ?? '0.0.0.0',
      heloName: this.heloName,
    };
    return normalizeName(expandMacros(text, values));
  }
}
