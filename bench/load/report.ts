import { median } from '../statistics';
import type { Usage } from './meter';
import { LANES, type Trial } from './trial';

/** All trials of one host under the same terms. */
export interface Outcome {
  readonly full: readonly Trial[];
  /** At a rate of mails that leaves both hosts time. */
  readonly paced?: Trial;
}

export interface Comparison {
  /** How DNS answered. */
  readonly dns: string;
  readonly stock: Outcome;
  readonly ours: Outcome;
}

/** From here on something is called used up, as a share of all there is. */
const USED_UP = 0.9;

const rate = (trial: Trial) => trial.mails / trial.seconds;
const rateOf = ({ full }: Outcome) => median(full.map(rate));
const usageOf = ({ full }: Outcome, value: (usage: Usage) => number) => median(full.map(({ usage }) => value(usage)));

/** Seconds within which this share of the mails arrived. */
export function percentile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) throw new Error('no values to take a percentile of');
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] as number;
}

/** What kept a host from doing more, by what was measured; `cores` are this machine's. */
export function limitOf(outcome: Outcome, cores: number): string {
  const workers = usageOf(outcome, (usage) => usage.workers);
  const busyCores = usageOf(outcome, ({ busyCores: value }) => value);
  const busy = usageOf(outcome, ({ busyWorkers }) => busyWorkers);
  const waiting = usageOf(outcome, ({ waitingWorkers }) => waitingWorkers);
  if (busyCores >= USED_UP * cores) return 'CPU';
  if (busy >= USED_UP * workers) return `workers, ${percent(waiting / busy)} of their time waiting`;
  return `connections, ${percent(1 - busy / LANES)} of their time outside the filter`;
}

const percent = (share: number) => `${Math.round(100 * share)} %`;

/** Cores that others kept busy next to the worst of all loads. */
export function disturbance(comparisons: readonly Comparison[]): number {
  const outcomes = comparisons.flatMap(({ stock, ours }) => [stock, ours]);
  return Math.max(...outcomes.flatMap(({ full }) => full.map(({ usage }) => usage.disturbedCores)));
}

/** A row for each host and the ratio of the two, for each way that DNS answers. */
export function loadTable(comparisons: readonly Comparison[], cores: number): string {
  const head = ['DNS', '', 'mails/s', 'CPU a mail', 'of it filter', 'cores busy', 'workers busy', 'p50', 'p95', 'limit'];
  const rows = comparisons.flatMap(({ dns, stock, ours }) => [
    [dns, 'stock', ...cells(stock, cores)],
    ['', 'this role', ...cells(ours, cores)],
    ['', 'ratio', `**${(rateOf(ours) / rateOf(stock)).toFixed(2)}**`, ...Array.from({ length: 7 }, () => '')],
  ]);
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function cells(outcome: Outcome, cores: number): string[] {
  const perMail = (value: (usage: Usage) => number) =>
    `${Math.round(1000 * median(outcome.full.map(({ usage, mails }) => value(usage) / mails)))} ms`;
  const latency = (share: number) => (outcome.paced ? `${percentile(outcome.paced.latencies, share).toFixed(1)} s` : '');
  return [
    `${rateOf(outcome).toFixed(2)} (${outcome.full.map((trial) => rate(trial).toFixed(2)).join(', ')})`,
    perMail(({ cpu }) => cpu),
    perMail(({ filterCpu }) => filterCpu),
    `${usageOf(outcome, ({ busyCores }) => busyCores).toFixed(1)} of ${cores}`,
    `${usageOf(outcome, ({ busyWorkers }) => busyWorkers).toFixed(1)} of ${usageOf(outcome, ({ workers }) => workers)}`,
    latency(0.5),
    latency(0.95),
    limitOf(outcome, cores),
  ];
}
