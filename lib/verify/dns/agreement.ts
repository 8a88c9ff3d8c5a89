import { setTimeout as sleep } from 'node:timers/promises';
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
  readonly agreed: boolean;
  readonly rows: readonly AgreementRow[];
  /** Since the first look. */
  readonly waitedMilliseconds: number;
}

export interface AgreementRow {
  readonly expectation: Expectation;
  readonly agreed: boolean;
  readonly observation: Observation;
  /** What stands against it, one line for each server that says something else; empty when agreed. */
  readonly objections: readonly string[];
}

export interface AwaitOptions extends ObserverOptions {
  /** How long to wait, in seconds. Default: 300. */
  readonly deadlineSeconds?: number;
  /** Time between two looks, in milliseconds. Default: 1000, growing to 5000. */
  readonly intervalMilliseconds?: number;
  readonly signal?: AbortSignal;
  /** One line whenever the first objection changes. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Looks once whether DNS holds the expected records. Agreed is what every server says that says anything, and at least one does:
 * an authoritative one where any of them answers. A server that cannot be reached is no objection.
 */
export async function lookForAgreement(expectations: readonly Expectation[], options: ObserverOptions = {}): Promise<Agreement> {
  const begin = performance.now();
  const observer = new DnsObserver(options);
  const rows = await Promise.all(
    expectations.map(async (expectation) => agreementRow(expectation, await observer.observe(expectation))),
  );
  return { agreed: rows.every(({ agreed }) => agreed), rows, waitedMilliseconds: Math.round(performance.now() - begin) };
}

/** Looks again and again until everybody agrees, the deadline passes, or `signal` ends the wait; gives the last look. */
export async function awaitAgreement(expectations: readonly Expectation[], options: AwaitOptions = {}): Promise<Agreement> {
  const { deadlineSeconds = 300, intervalMilliseconds = 1000, signal, onProgress, ...observer } = options;
  const begin = performance.now();
  const end = begin + deadlineSeconds * 1000;
  let shown: string | undefined;
  for (let pause = intervalMilliseconds; ; pause = Math.min(pause * 1.5, Math.max(5000, intervalMilliseconds))) {
    const look = await lookForAgreement(expectations, observer);
    const agreement = { ...look, waitedMilliseconds: Math.round(performance.now() - begin) };
    if (agreement.agreed || signal?.aborted || performance.now() + pause > end) return agreement;
    const line = agreement.rows.flatMap(({ objections }) => objections)[0];
    if (line !== undefined && line !== shown) onProgress?.(`waiting for DNS: ${line}`);
    shown = line;
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted) return agreement;
  }
}

/** Compares what was seen with what is expected. Pure. */
export function agreementRow(expectation: Expectation, observation: Observation): AgreementRow {
  const known = observation.views.filter(({ outcome }) => isKnown(outcome));
  const against = known.filter((view) => !sameValues(expectation.type, valuesOf(view), expectation.values));
  const objections = against.map(
    (view) => `${subject(expectation)}: ${who(view)} says ${said(view)}, expected ${list(expectation.values)}`,
  );
  // A failure is an objection only where nobody knows: one broken resolver of many must not hold up a deployment.
  const silent =
    known.length === 0 ? observation.views.map((view) => `${subject(expectation)}: ${who(view)}: ${said(view)}`) : [];
  const nobody = observation.views.length === 0 ? [`${subject(expectation)}: no DNS server could be asked`] : [];
  const all = [...objections, ...silent, ...nobody];
  return { expectation, agreed: all.length === 0, observation, objections: all };
}

const subject = ({ type, name }: Pick<Expectation, 'type' | 'name'>) => `${type} of ${name}`;
const list = (values: readonly string[]) => (values.length === 0 ? 'no such record' : values.join(', '));
const valuesOf = ({ outcome, values }: DnsView) => (outcome === 'answer' ? values : []);
