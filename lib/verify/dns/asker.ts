import { normalizeName } from '../../dns';
import { type Failure, overTcp, overUdp, type Reader } from './exchange';
import { type Content, decodeReply, encodeQuery, type Query } from './message';
import type { DnsQuestion, DnsReply } from './reply';
import { type DnsServer, serverText } from './server';
import { Pace, Turns } from './turns';

export interface AskerOptions {
  /** How long one question to one server may take, in milliseconds. Default: 2500. */
  readonly timeoutMilliseconds?: number;
  /** Questions under way at once. Default: 100. */
  readonly concurrency?: number;
  /** Questions that one server is asked in a second, after as many at once: resolvers drop what comes too fast. Default: 500. */
  readonly questionsPerSecond?: number;
  /** Told after each answer how many questions have one, and how many there are so far. */
  readonly onAnswer?: (answered: number, asked: number) => void;
}

export interface AskOptions {
  /** RD. Default: true; off for authoritative servers. */
  readonly recursion?: boolean;
  /** Number of a question that is put again although its answer is known: many servers may share one address. Default: 1. */
  readonly attempt?: number;
}

/** A server that has answered nothing and missed this many deadlines is not waited for again. */
const deadAfter = 2;
/** The same for one that did answer, and has missed so many in a row since: it died, or has had enough of this client. */
const deadAfterAnswers = 25;

/** What became of the questions to one server. */
interface Health {
  answered: boolean;
  /** Deadlines since the last answer. */
  missed: number;
}

/**
 * Asks DNS servers, each question of each server once: whoever asks again gets the same answer. Never rejects; what goes wrong is
 * an outcome. Make a new one to look again.
 */
export class DnsAsker {
  private readonly asked = new Map<string, Promise<DnsReply>>();
  private readonly health = new Map<string, Health>();
  private readonly paces = new Map<string, Pace>();
  private readonly turns: Turns;
  private answered = 0;

  constructor(private readonly options: AskerOptions = {}) {
    this.turns = new Turns(options.concurrency ?? 100);
  }

  /** How many questions were sent so far, to all servers. */
  get questions(): number {
    return this.asked.size;
  }

  /** Puts one question to one server. */
  ask(server: DnsServer, question: DnsQuestion, { recursion = true, attempt = 1 }: AskOptions = {}): Promise<DnsReply> {
    const key = `${serverText(server)} ${recursion} ${question.type} ${normalizeName(question.name)} ${attempt}`;
    let reply = this.asked.get(key);
    if (!reply) {
      reply = this.inTurn(server, () => this.put(server, question, recursion));
      this.asked.set(key, reply);
    }
    return reply;
  }

  private async inTurn(server: DnsServer, work: () => Promise<DnsReply>): Promise<DnsReply> {
    const name = serverText(server);
    const pace = this.paces.get(name) ?? new Pace(this.options.questionsPerSecond ?? 500);
    this.paces.set(name, pace);
    // Not in the turn: who waits for a slow server does not hold up the questions to others.
    await pace.wait();
    const reply = await this.turns.run(work);
    this.answered += 1;
    this.options.onAnswer?.(this.answered, this.asked.size);
    return reply;
  }

  private async put(server: DnsServer, question: DnsQuestion, recursion: boolean): Promise<DnsReply> {
    const begin = performance.now();
    const left = () => Math.max(1, (this.options.timeoutMilliseconds ?? 2500) - (performance.now() - begin));
    const reply = (content: Content | Failure, more: Partial<DnsReply> = {}): DnsReply => ({
      question,
      server: serverText(server),
      tcp: false,
      ...empty,
      ...('rcode' in content ? withoutWire(content) : content),
      milliseconds: Math.round(performance.now() - begin),
      ...more,
    });
    const problem = unaskable(question.name);
    if (problem) return reply({ outcome: 'malformed', problem });
    if (this.isDead(server)) return reply({ outcome: 'timeout', problem: 'it did not answer earlier questions either' });

    const { content, tcp } = await this.exchange(server, question, { recursion }, left);
    this.note(server, content);
    // A resolver that fails for wrong signatures gives the answer when it is told not to look at them.
    const bogus =
      recursion && content.outcome === 'servfail'
        ? (await this.exchange(server, question, { recursion, checkingDisabled: true }, left)).content
        : undefined;
    return reply(content, { tcp, ...(bogus && 'rcode' in bogus && bogus.rcode !== 'SERVFAIL' && { bogus: true }) });
  }

  /** UDP, then TCP where UDP was cut off; without EDNS for servers that do not know it. */
  private async exchange(
    server: DnsServer,
    question: DnsQuestion,
    flags: { recursion: boolean; checkingDisabled?: boolean },
    left: () => number,
  ): Promise<{ content: Content | Failure; tcp: boolean }> {
    for (const edns of [true, false]) {
      const query = encodeQuery(question, { ...flags, edns });
      const read: Reader = (bytes) => decodeReply(bytes, query, question);
      const content = await overUdp(server, query, read, left());
      if ('rcode' in content && edns && ['FORMERR', 'NOTIMP', 'BADVERS'].includes(content.rcode)) continue;
      if (!('rcode' in content) || !content.truncated) return { content, tcp: false };
      return { content: await this.untruncated(server, query, read, left()), tcp: true };
    }
    throw new Error('unreachable');
  }

  private async untruncated(server: DnsServer, query: Query, read: Reader, milliseconds: number): Promise<Content | Failure> {
    const content = await overTcp(server, query, read, milliseconds);
    if ('rcode' in content) return content;
    const problem = `the answer does not fit into UDP, and over TCP: ${content.problem}`;
    return { outcome: 'truncated', problem };
  }

  private isDead(server: DnsServer): boolean {
    const health = this.health.get(serverText(server));
    return health !== undefined && health.missed >= (health.answered ? deadAfterAnswers : deadAfter);
  }

  private note(server: DnsServer, content: Content | Failure): void {
    const key = serverText(server);
    const health = this.health.get(key) ?? { answered: false, missed: 0 };
    if ('rcode' in content) this.health.set(key, { answered: true, missed: 0 });
    else if (content.outcome === 'timeout') this.health.set(key, { ...health, missed: health.missed + 1 });
  }
}

const empty = {
  values: [],
  aliases: [],
  authoritative: false,
  authenticated: false,
  recursive: false,
  records: [],
  glue: [],
} as const;

function withoutWire({ truncated: _truncated, rcode: _rcode, ...content }: Content): Omit<Content, 'truncated' | 'rcode'> {
  return content;
}

/** What keeps a name from being put into a message (RFC 1035 2.3.4). */
function unaskable(name: string): string | undefined {
  if (name === '.') return undefined;
  const labels = normalizeName(name).split('.');
  if (labels.some((label) => label === '')) return `'${name}' has an empty label`;
  if (labels.some((label) => Buffer.byteLength(label) > 63)) return `'${name}' has a label of more than 63 bytes`;
  return Buffer.byteLength(name) > 253 ? `'${name}' is longer than 253 bytes` : undefined;
}
