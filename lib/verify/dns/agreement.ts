import { moreTime } from './memory';
import { DnsObserver, type DnsView, type Observation, type ObserverOptions } from './observer';
import { isKnown, type QueryType } from './reply';
import { sameValues } from './values';
import { said, who } from './wording';

/** Records that the world is to see: exactly these values, in any order. No values: the record is to be gone. */
export interface Expectation {
  readonly name: string;
  readonly type: QueryType;
  /** In presentation format; names compare without case and final dot, IPv6 addresses in any spelling. */
  readonly values: readonly string[];
}

/** What one look at the expected records found. */
export interface Agreement {
  /** Everybody says what is expected; nobody even remembers anything else. */
  readonly agreed: boolean;
  readonly rows: readonly AgreementRow[];
  /** Since the first look. */
  readonly waitedMilliseconds: number;
}

export interface AgreementRow {
  readonly expectation: Expectation;
  /** Neither objections nor memories. */
  readonly agreed: boolean;
  readonly observation: Observation;
  /** What stands against it, one line for each server that says something else; empty when agreed. */
  readonly objections: readonly string[];
  /** The zone's own servers agree, and these resolvers have yet to forget what was true before: one line for each. */
  readonly memories: readonly string[];
}

/**
 * Looks once whether DNS holds the expected records. Records agree when every server that answers returns them, and at least one does:
 * an authoritative one where any of them answers. A server that cannot be reached is not an objection. Resolvers are asked only for
 * what the zone's own servers do have: they would remember that it is missing.
 */
export async function lookForAgreement(expectations: readonly Expectation[], options: ObserverOptions = {}): Promise<Agreement> {
  const observer = new DnsObserver(options);
  return look(expectations, async (expectation) => {
    const own = await observer.observeOwn(expectation);
    if (!isThere(own, expectation)) return own;
    const { views } = await observer.resolve(expectation);
    return { ...own, views: [...own.views, ...views] };
  });
}

/** Looks once at what the zones' own servers say, and asks nobody else: for records that are yet to be made. */
export function lookAtOwnServers(expectations: readonly Expectation[], options: ObserverOptions = {}): Promise<Agreement> {
  const observer = new DnsObserver(options);
  return look(expectations, (expectation) => observer.observeOwn(expectation));
}

/** Compares what `observe` sees with each expectation. */
async function look(
  expectations: readonly Expectation[],
  observe: (expectation: Expectation) => Promise<Observation>,
): Promise<Agreement> {
  const begin = performance.now();
  const rows = await Promise.all(expectations.map(async (each) => agreementRow(each, await observe(each))));
  return { agreed: rows.every(({ agreed }) => agreed), rows, waitedMilliseconds: Math.round(performance.now() - begin) };
}

/** Whether a resolver that is asked could learn nothing but that something is missing which may be about to come. */
function isThere({ views }: Observation, { values }: Expectation): boolean {
  const own = views.filter(({ outcome }) => isKnown(outcome));
  if (own.length === 0 || own.some(({ outcome }) => outcome === 'answer' || outcome === 'alias')) return true;
  return values.length === 0 && own.some(({ outcome }) => outcome === 'nodata');
}

/** Compares what was seen with what is expected. Pure. */
export function agreementRow(expectation: Expectation, observation: Observation): AgreementRow {
  const known = observation.views.filter(({ outcome }) => isKnown(outcome));
  const against = viewsAgainst(expectation, known);
  const remembered = rememberedViews(expectation, observation);
  const objections = against
    .filter((view) => !remembered.includes(view))
    .map((view) => `${subject(expectation)}: ${who(view)} says ${said(view)}, expected ${list(expectation.values)}`);
  // A failure is an objection only where nobody knows: one broken resolver of many must not hold up a deployment.
  const silent =
    known.length === 0 ? observation.views.map((view) => `${subject(expectation)}: ${who(view)}: ${said(view)}`) : [];
  const nobody = observation.views.length === 0 ? [`${subject(expectation)}: no DNS server could be asked`] : [];
  const all = [...objections, ...silent, ...nobody];
  const memories = remembered.map((view) => `${subject(expectation)}: ${memory(view)}`);
  return { expectation, agreed: all.length === 0 && memories.length === 0, observation, objections: all, memories };
}

const viewsAgainst = ({ type, values }: Expectation, known: readonly DnsView[]) =>
  known.filter((view) => !sameValues(type, valuesOf(view), values));

/** Whether the zone's own servers say what is expected. */
export function ownServersAgree(expectation: Expectation, { views }: Observation): boolean {
  const own = views.filter(({ source, outcome }) => source === 'authoritative' && isKnown(outcome));
  return own.length > 0 && viewsAgainst(expectation, own).length === 0;
}

/** What resolvers say out of their memory, where the zone's own servers say what is expected. */
export function rememberedViews(expectation: Expectation, observation: Observation): readonly DnsView[] {
  if (!ownServersAgree(expectation, observation)) return [];
  const known = observation.views.filter(({ outcome }) => isKnown(outcome));
  return viewsAgainst(expectation, known).filter(({ remembersSeconds }) => remembersSeconds !== undefined);
}

function memory(view: DnsView): string {
  const what = view.outcome === 'nxdomain' ? 'the missing name' : view.outcome === 'nodata' ? 'the missing record' : said(view);
  return `${who(view)} may remember ${what} for ${moreTime(Math.max(1, view.remembersSeconds ?? 0))}`;
}

const subject = ({ type, name }: Pick<Expectation, 'type' | 'name'>) => `${type} of ${name}`;
const list = (values: readonly string[]) => (values.length === 0 ? 'no such record' : values.join(', '));
const valuesOf = ({ outcome, values }: DnsView) => (outcome === 'answer' ? values : []);
