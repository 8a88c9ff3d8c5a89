import { type AgreementRow, agreementRow, ownServersAgree, rememberedViews } from './agreement';
import type { DnsView } from './observer';
import { isKnown } from './reply';

/** Answers in a row that are without a memory, after which nobody has it any more: somebody has flushed the caches. */
const enough = 60;

interface Memory {
  readonly view: DnsView;
  /** When it ends, by what the resolver said. Milliseconds. */
  readonly end: number;
  /** Answers since then that were without it. */
  readonly missed: number;
}

/**
 * What resolvers have said that they remember. Behind one address there may be many, each with a memory of its own: the next answer
 * may come from another one, and does not mean that the first has forgotten.
 */
export class Memories {
  private readonly known = new Map<string, Memory>();

  /**
   * A row as it was just seen, with what its resolvers have not had the time to forget since earlier looks.
   *
   * @param times how often each resolver was asked
   */
  with(row: AgreementRow, now: number, times: number): AgreementRow {
    const { expectation, observation } = row;
    // Where nobody knows better, what a resolver says is all there is.
    if (!ownServersAgree(expectation, observation)) return row;
    const remembered = rememberedViews(expectation, observation);
    const held = resolversIn(observation.views).flatMap((server) => {
      const key = `${expectation.type} ${expectation.name} ${server}`;
      const memory = this.after(this.known.get(key), longest(remembered.filter((view) => view.server === server)), now, times);
      if (memory) this.known.set(key, memory);
      else this.known.delete(key);
      return memory ? [{ ...memory.view, remembersSeconds: Math.ceil((memory.end - now) / 1000) }] : [];
    });
    if (held.length === 0) return row;
    const others = observation.views.filter((view) => !remembered.includes(view));
    return agreementRow(expectation, { ...observation, views: [...others, ...held] });
  }

  /** What is left of a memory, after a look that met `met`, or nothing. */
  private after(earlier: Memory | undefined, met: DnsView | undefined, now: number, times: number): Memory | undefined {
    const newest = met && { view: met, end: now + (met.remembersSeconds ?? 0) * 1000, missed: 0 };
    if (!earlier || earlier.end <= now) return newest;
    if (newest) return newest.end >= earlier.end ? newest : { ...earlier, missed: 0 };
    const missed = earlier.missed + times;
    return missed < enough ? { ...earlier, missed } : undefined;
  }
}

/** Those that have answered. */
const resolversIn = (views: readonly DnsView[]) => [
  ...new Set(views.filter(({ source, outcome }) => source === 'resolver' && isKnown(outcome)).map(({ server }) => server)),
];

function longest(views: readonly DnsView[]): DnsView | undefined {
  const [first] = [...views].sort((one, other) => (other.remembersSeconds ?? 0) - (one.remembersSeconds ?? 0));
  return first;
}
