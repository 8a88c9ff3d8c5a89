import type { AgreementRow, DnsView } from '../../verify/dns';
// Not the whole of it: what asks servers is loaded when somebody is asked.
import { isKnown } from '../../verify/dns/reply';
import { sameValues } from '../../verify/dns/values';
import { said, who } from '../../verify/dns/wording';

/** What is to be said of one record, on one line. */
export interface Verdict {
  readonly expected: string;
  /** What the world sees; every differing answer with the server that gives it. */
  readonly live: string;
  /** `agrees`, `missing`, `differs`, `not wanted`, `servers disagree`, `no answer`. */
  readonly verdict: string;
}

/** Pure: what was seen against what is expected. What resolvers have yet to forget is over by itself, and no difference. */
export function verdictOf({ expectation, objections, observation }: AgreementRow): Verdict {
  const agreed = objections.length === 0;
  const known = observation.views.filter(({ outcome }) => isKnown(outcome));
  const answers = new Map<string, DnsView[]>();
  for (const view of withoutMemories(known)) answers.set(answerOf(view), [...(answers.get(answerOf(view)) ?? []), view]);
  const expected = expectation.values.length === 0 ? 'none' : [...expectation.values].sort().join(', ');
  // In the spelling of the expectation where it is the same: an IPv6 address has many.
  if (agreed) return { expected, live: expected, verdict: 'agrees' };
  if (known.length === 0) return { expected, live: failures(observation.views), verdict: 'no answer' };
  if (answers.size > 1) {
    const live = [...answers].map(([answer, views]) => `${answer} (${views.map(who).join(', ')})`).join('; ');
    return { expected, live, verdict: 'servers disagree' };
  }
  const [live = 'none'] = answers.keys();
  if (live === 'none') return { expected, live, verdict: 'missing' };
  return { expected, live, verdict: expectation.values.length === 0 ? 'not wanted' : 'differs' };
}

/** Where the own servers are of one mind, a resolver that has yet to forget what was before does not disagree with them. */
function withoutMemories(known: readonly DnsView[]): readonly DnsView[] {
  const own = new Set(known.filter(({ source }) => source === 'authoritative').map(answerOf));
  return own.size === 1 ? known.filter((view) => own.has(answerOf(view)) || view.remembersSeconds === undefined) : known;
}

function answerOf(view: DnsView): string {
  if (view.outcome === 'answer') return [...view.values].sort().join(', ');
  return view.outcome === 'alias' ? said(view) : 'none';
}

function failures(views: readonly DnsView[]): string {
  return [...new Set(views.map(said))].join('; ') || 'no DNS server could be asked';
}

/** What somebody answers that is not expected. */
export function otherValues({ expectation, observation }: AgreementRow): readonly string[] | undefined {
  return observation.views.find(
    ({ outcome, values }) => outcome === 'answer' && !sameValues(expectation.type, values, expectation.values),
  )?.values;
}

/** What is there, whether expected or not. */
export function presentValues({ observation }: AgreementRow): readonly string[] | undefined {
  return observation.views.find(({ outcome }) => outcome === 'answer')?.values;
}

/** Where the name itself leads as an alias: next to a CNAME there can be no other record (RFC 1034 3.6.2). */
export function aliasOf({ observation }: AgreementRow): string | undefined {
  return observation.views.flatMap(({ aliases = [] }) => aliases)[0];
}
