import { loginTable } from '../../../bench/logins/report';

const figures = { mails: 2500, processor: 1.2, idle: 0.4, memory: 31, watched: 52, unwatched: 50 };

test('figures within the targets are met', () => {
  const table = loginTable(figures);
  expect(table).toContain('| CPU for a submitted mail (2,500 mails) | 1.20 ms | 2 ms: met |');
  expect(table).toContain('52.0 ms; 50.0 ms, ratio 1.04 | as quick: met');
  expect(table).not.toContain('missed');
});

test.each([
  ['CPU', { processor: 2.1 }],
  ['memory', { memory: 41 }],
  ['a slower dialogue', { watched: 56 }],
])('%s above its target is missed', (_, changes) => {
  expect(loginTable({ ...figures, ...changes }).match(/missed/g)).toHaveLength(1);
});
