import { type Agreement, agreementRow, type Expectation, lookAtOwnServers } from './agreement';
import { type Clock, realClock } from './clock';
import { Memories } from './memories';
import { moreTime } from './memory';
import { DnsObserver, type ObserverOptions } from './observer';
import { isKnown } from './reply';

/** Long enough for a name server to hear of a change, and for a person to enter one. Seconds. */
const ownServersSeconds = 600;

/** What resolvers may take beyond the times that they and the zone tell. Seconds. */
const marginSeconds = 60;

/**
 * How often each resolver is asked where one answer is not enough. Behind 8.8.8.8 are many, each with a memory of its own, and each
 * question meets another one.
 */
const askedAtOnce = 12;

/** Nothing is remembered for longer (RFC 8767 4 has seven days; resolvers keep to one). Seconds. */
const longestMemorySeconds = 86_400;

/** A line of progress comes again after this time, with the time that is left by then. Milliseconds. */
const repeatAfter = 60_000;

export interface AwaitOptions extends ObserverOptions {
  /**
   * How long to wait, in seconds. Default: 600 for the zones' own servers, then as long as resolvers may remember what was before,
   * by the zone's SOA and the times to live that are left, and a minute more.
   */
  readonly deadlineSeconds?: number;
  /** Time between two looks, in milliseconds. Default: 1000, growing to 5000. */
  readonly intervalMilliseconds?: number;
  readonly signal?: AbortSignal;
  /** One line whenever what is waited for changes, and every minute: for what, and how long at most. */
  readonly onProgress?: (line: string) => void;
  /** Own servers are enough; resolvers are not asked. Default: false. */
  readonly ownServersOnly?: boolean;
  /** The time, for tests. */
  readonly clock?: Clock;
}

/**
 * Looks again and again until everybody agrees, the deadline passes, or `signal` ends the wait; gives the last look. The own servers
 * of the zones are asked first, and resolvers only when those serve what is expected: whoever is asked too early remembers the "no".
 */
export async function awaitAgreement(expectations: readonly Expectation[], options: AwaitOptions = {}): Promise<Agreement> {
  const {
    deadlineSeconds,
    intervalMilliseconds = 1000,
    signal,
    onProgress,
    ownServersOnly,
    clock = realClock,
    ...observer
  } = options;
  const begin = clock.now();
  const progress = new Progress(clock, onProgress);
  let end = begin + (deadlineSeconds ?? ownServersSeconds) * 1000;
  let memoryIsKnown = false;
  let silentBefore = false;
  const memories = new Memories();
  for (let pause = intervalMilliseconds; ; pause = Math.min(pause * 1.5, Math.max(5000, intervalMilliseconds))) {
    const own = await lookAtOwnServers(expectations, observer);
    const isSilent = own.rows.some(isSilentRow);
    const objections = own.rows.filter((row) => !isSilentRow(row)).flatMap((row) => row.objections);
    // Where no own server can be reached from here, resolvers are all there is; a lost packet is not taken for that.
    const isTimeForResolvers = objections.length === 0 && (!isSilent || silentBefore) && !(ownServersOnly && !isSilent);
    silentBefore = isSilent;
    const seen = isTimeForResolvers ? await withResolvers(own, { observer, memories, clock, isThorough: !memoryIsKnown }) : own;
    const agreed = seen.agreed && (isTimeForResolvers || (ownServersOnly === true && !isSilent));
    const agreement = { ...seen, agreed, waitedMilliseconds: Math.round(clock.now() - begin) };
    if (isTimeForResolvers && !agreed && !memoryIsKnown) {
      memoryIsKnown = true;
      const atMost = deadlineSeconds === undefined ? (await memorySeconds(agreement, observer)) + marginSeconds : 0;
      end = Math.max(end, clock.now() + atMost * 1000);
    }
    if (agreed || signal?.aborted || clock.now() + pause > end) return agreement;
    progress.tell(agreement, end);
    await clock.sleep(pause, signal);
    if (signal?.aborted) return agreement;
  }
}

const isSilentRow = ({ observation }: Agreement['rows'][number]) => !observation.views.some(({ outcome }) => isKnown(outcome));

interface ResolverLook {
  readonly observer: ObserverOptions;
  readonly memories: Memories;
  readonly clock: Clock;
  /** Resolvers are asked again also where the first answer is an old one. */
  readonly isThorough: boolean;
}

/** The same look with what resolvers say. One right answer of each is not believed: its next one may be another's. */
async function withResolvers(own: Agreement, { observer, memories, clock, isThorough }: ResolverLook): Promise<Agreement> {
  const resolvers = new DnsObserver(observer);
  const ask = (times: number) =>
    Promise.all(
      own.rows.map(async ({ expectation, observation }) => {
        const { views } = await resolvers.resolve(expectation, times);
        return agreementRow(expectation, { ...observation, views: [...observation.views, ...views] });
      }),
    );
  const areAgreed = (some: Agreement['rows']) => some.every(({ agreed }) => agreed);
  const first = await ask(1);
  const isMoreAsked = isThorough || areAgreed(first);
  const last = isMoreAsked ? await ask(askedAtOnce) : first;
  const rows = last.map((row) => memories.with(row, clock.now(), isMoreAsked ? askedAtOnce : 1));
  return { ...own, agreed: areAgreed(rows), rows };
}

/** The longest time that anybody may go on with what was before: resolvers tell theirs, the zones theirs for resolvers that share a memory. */
async function memorySeconds({ rows }: Agreement, options: ObserverOptions): Promise<number> {
  const observer = new DnsObserver(options);
  const all = await Promise.all(
    rows
      .filter(({ agreed }) => !agreed)
      .map(async ({ expectation, observation }) => [
        (await observer.negativeSeconds(expectation.name)) ?? 0,
        ...observation.views.map(({ remembersSeconds = 0 }) => remembersSeconds),
      ]),
  );
  return Math.min(longestMemorySeconds, Math.max(0, ...all.flat()));
}

/** Tells what is waited for, when it changes and every minute. */
class Progress {
  private shown: string | undefined;
  private shownAt = 0;

  constructor(
    private readonly clock: Clock,
    private readonly onProgress: ((line: string) => void) | undefined,
  ) {}

  tell({ rows }: Agreement, end: number): void {
    const [line, ...others] = rows.flatMap(({ objections, memories }) => [...objections, ...memories]);
    if (line === undefined) return;
    // Without the time that is left, which is another one at each look.
    const what = line.replace(/ for \d+ more .*/, '');
    const now = this.clock.now();
    if (what === this.shown && now - this.shownAt < repeatAfter) return;
    this.shown = what;
    this.shownAt = now;
    const more = others.length === 0 ? '' : `, and ${others.length} more`;
    this.onProgress?.(`waiting for DNS, for ${moreTime((end - now) / 1000)} at most: ${line}${more}`);
  }
}
