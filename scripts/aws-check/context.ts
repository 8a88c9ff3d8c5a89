import type { Aws, Zone } from './aws';
import { type Clock, until, type Waited } from './clock';
import type { Dns } from './dns';
import type { Journal, Record } from './journal';
import type { Fact, Report } from './report';

/** What every step works with. */
export interface Context {
  /** Names of this run begin with it, and its tag has it as value. */
  readonly run: string;
  readonly zoneName: string;
  readonly aws: Aws;
  readonly dns: Dns;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly report: Report;
  readonly say: (line: string) => void;
  /** Ends a run early; cleaning up goes on without it. */
  readonly signal: AbortSignal;
}

/** The step's own way to tell what it learned. */
export function learner(report: Report, step: string) {
  return (question: string, answer: string, asExpected?: boolean) => {
    const fact: Fact = { step, question, answer, ...(asExpected !== undefined && { asExpected }) };
    report.add(fact);
  };
}

/** Makes a record, in the journal first, and waits until all name servers have it. */
export async function makeRecord(context: Context, zone: Zone, record: Record): Promise<Waited<true>> {
  context.journal.willMake(recordKey(record), { kind: 'record', zoneId: zone.id, record });
  return inSync(context, await context.aws.change(zone.id, 'CREATE', record), context.signal);
}

/** Ends when every name server of Route 53 has a change. */
export async function inSync(
  { aws, clock }: Pick<Context, 'aws' | 'clock'>,
  changeId: string,
  signal?: AbortSignal,
): Promise<Waited<true>> {
  const look = async () => ((await aws.isInSync(changeId)) ? true : undefined);
  return until<true>(look, { clock, everySeconds: 2, atMostSeconds: 600, signal });
}

export const recordKey = ({ name, type }: Record) => `record ${name} ${type}`;
export const ADDRESS_KEY = 'address';
export const STACK_KEY = 'stack';

export const seconds = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;
