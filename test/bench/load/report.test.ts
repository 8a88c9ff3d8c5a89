import type { Usage } from '../../../bench/load/meter';
import { disturbance, limitOf, loadTable, type Outcome, percentile } from '../../../bench/load/report';

const usage: Usage = {
  seconds: 10,
  cpu: 16,
  filterCpu: 14,
  busyCores: 1.9,
  disturbedCores: 0.1,
  busyWorkers: 2,
  waitingWorkers: 0.5,
  workers: 2,
};

function outcome(changes: Partial<Usage> = {}, seconds: readonly number[] = [10]): Outcome {
  return {
    full: seconds.map((taken) => ({ mails: 50, seconds: taken, latencies: [1, 2, 3], usage: { ...usage, ...changes } })),
  };
}

test('the limit of a host is what was used up', () => {
  expect(limitOf(outcome(), 2)).toBe('CPU');
  expect(limitOf(outcome({ busyCores: 0.4, waitingWorkers: 1.8 }), 2)).toBe('workers, 90 % of their time waiting');
  expect(limitOf(outcome({ busyCores: 0.4, busyWorkers: 4, workers: 16 }), 2)).toBe(
    'connections, 75 % of their time outside the filter',
  );
});

test('the ratio is that of the medians, in one run under the same terms', () => {
  const table = loadTable([{ dns: 'at once', stock: outcome({}, [10, 50, 20]), ours: outcome({}, [8, 10, 5]) }], 2);
  expect(table).toContain('| at once | stock | 2.50 (5.00, 1.00, 2.50) | 320 ms | 280 ms | 1.9 of 2 | 2.0 of 2 |  |  | CPU |');
  expect(table).toContain('| ratio | **2.50** |');
});

test('a run next to the work of others is known by its worst moment', () => {
  const quiet = { dns: '', stock: outcome(), ours: outcome() };
  expect(disturbance([quiet, { ...quiet, ours: outcome({ disturbedCores: 0.8 }) }])).toBe(0.8);
});

test('a percentile is a value that was measured', () => {
  const values = Array.from({ length: 20 }, (_, index) => index + 1);
  expect(percentile(values, 0.5)).toBe(10);
  expect(percentile(values, 0.95)).toBe(19);
  expect(percentile([7], 0.95)).toBe(7);
  expect(() => percentile([], 0.5)).toThrow('no values');
});
