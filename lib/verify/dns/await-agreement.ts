import { type Agreement, agreementRow, type Expectation, lookAtOwnServers } from './agreement';
import { type Clock, realClock } from './clock';
import { moreTime } from './memory';
import { DnsObserver, type ObserverOptions } from './observer';
import { isKnown } from './reply';

/** Long enough for a name server to hear of a change, and for a person to enter one. Seconds. */
const ownServersSeconds = 600;

/** What resolvers may take beyond the times that they and the zone tell: some are a crowd of machines that forget one by one. Seconds. */
const marginSeconds = 60;

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
  for (let pause = intervalMilliseconds; ; pause = Math.min(pause * 1.5, Math.max(5000, intervalMilliseconds))) {
    const own = await lookAtOwnServers(expectations, observer);
    const isSilent = own.rows.some(isSilentRow);
    const objections = own.rows.filter((row) => !isSilentRow(row)).flatMap((row) => row.objections);
    // Where no own server can be reached from here, resolvers are all there is; a lost packet is not taken for that.
    const isTimeForResolvers = objections.length === 0 && (!isSilent || silentBefore) && !(ownServersOnly && !isSilent);
    silentBefore = isSilent;
    const seen = isTimeForResolvers ? await withResolvers(own, observer) : own;
    const agreed = seen.agreed && (isTimeForResolvers || (ownServersOnly === true && !isSilent));
    const agreement = { ...seen, agreed, waitedMilliseconds: Math.round(clock.now() - begin) };
    if (isTimeForResolvers && !agreed && !memoryIsKnown && deadlineSeconds === undefined) {
      memoryIsKnown = true;
      end = Math.max(end, clock.now() + ((await memorySeconds(agreement, observer)) + marginSeconds) * 1000);
    }
    if (agreed || signal?.aborted || clock.now() + pause > end) return agreement;
    progress.tell(agreement, end);
    await clock.sleep(pause, signal);
    if (signal?.aborted) return agreement;
  }
}

const isSilentRow = ({ observation }: Agreement['rows'][number]) => !observation.views.some(({ outcome }) => isKnown(outcome));

/** The same look with what resolvers say. */
async function withResolvers(own: Agreement, options: ObserverOptions): Promise<Agreement> {
  const observer = new DnsObserver(options);
  const rows = await Promise.all(
    own.rows.map(async ({ expectation, observation }) => {
      const { views } = await observer.resolve(expectation);
      return agreementRow(expectation, { ...observation, views: [...observation.views, ...views] });
    }),
  );
  return { ...own, agreed: rows.every(({ agreed }) => agreed), rows };
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
