import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostPython } from '../../support/python';

const PROGRAM = join(__dirname, '../../../lib/role/remote/warm-up.py');
const DAY = 86_400;

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'warm-up-'));
  settings();
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const at = (name: string) => join(place, name);
const settings = (changes: object = {}) =>
  writeFileSync(
    at('settings'),
    JSON.stringify({
      addresses: ['198.51.100.25'],
      transports: ['smtp', 'smtp4'],
      secondsBetweenMails: 0,
      schedule: { 'day 1': 300, 'day 2': 45, 'day 3': 7 },
      ...changes,
    }),
  );
const began = (days: Readonly<Record<string, number>>) =>
  writeFileSync(
    at('began'),
    JSON.stringify(Object.fromEntries(Object.entries(days).map(([address, ago]) => [address, Date.now() / 1000 - ago * DAY]))),
  );
function run(verb: string) {
  const env = { WARM_UP_SETTINGS: at('settings'), WARM_UP_BEGAN: at('began'), WARM_UP_FRAGMENT: at('fragment') };
  const { status, stdout, stderr } = spawnSync(hostPython, [PROGRAM, verb], { env, encoding: 'utf8' });
  return { status, said: (stdout + stderr).trim() };
}
const pauses = () =>
  [...readFileSync(at('fragment'), 'utf8').matchAll(/^(\S+)_destination_rate_delay = (\d+)s$/gm)].map(
    ([, name, s]) => `${name} ${s}`,
  );

test('an address that was never used begins with the first day', () => {
  expect(run('check')).toEqual({ status: 1, said: 'the slow start of 198.51.100.25 has not begun' });
  expect(run('apply')).toEqual({ status: 0, said: '' });
  expect(pauses()).toEqual(['smtp 300', 'smtp4 300']);
  expect(readFileSync(at('fragment'), 'utf8')).toContain('(day 1 of 3 of outgoingPace.warmUp)');
  expect(statSync(at('fragment')).mode & 0o777).toBe(0o644);
  expect(run('check')).toEqual({ status: 0, said: '' });
});

test.each([
  ['the second day', 1.5, 45],
  ['the last day', 2.9, 7],
  ['after the last day', 3.1, 0],
  ['a clock that was set back', -2, 300],
])('the pause is that of the day: %s', (_, ago, seconds) => {
  began({ '198.51.100.25': ago });
  run('apply');
  expect(pauses()).toEqual([`smtp ${seconds}`, `smtp4 ${seconds}`]);
  expect(run('check').status).toBe(0);
});

test('a pause of the stack holds besides, and after the last day', () => {
  settings({ secondsBetweenMails: 20 });
  for (const [ago, seconds] of [
    [0.5, 300],
    [2.5, 20],
    [9, 20],
  ] as const) {
    began({ '198.51.100.25': ago });
    run('apply');
    expect(pauses()[0]).toBe(`smtp ${seconds}`);
  }
});

test('another address begins anew, and one that comes back goes on', () => {
  began({ '198.51.100.25': 2.5 });
  settings({ addresses: ['198.51.100.25', '198.51.100.26'] });
  expect(run('check').said).toBe('the slow start of 198.51.100.26 has not begun');
  run('apply');
  expect(pauses()[0]).toBe('smtp 300');
  settings();
  run('apply');
  expect(pauses()[0]).toBe('smtp 7');
});

test('a day that the timer has missed is reported, and one that has just begun is not', () => {
  began({ '198.51.100.25': 0.5 });
  run('apply');
  began({ '198.51.100.25': 1.02 });
  expect(run('check')).toEqual({ status: 0, said: '' });
  began({ '198.51.100.25': 1.5 });
  expect(run('check')).toEqual({ status: 1, said: 'the pace of outgoing mail is not that of the day' });
});

test('a fragment that somebody else has put there is replaced', () => {
  writeFileSync(at('fragment'), 'smtp_destination_rate_delay = 0s\n');
  began({ '198.51.100.25': 0.5 });
  expect(run('check').status).toBe(1);
  run('apply');
  expect(pauses()[0]).toBe('smtp 300');
});

test('a state that cannot be read is an error in one line, and changes nothing', () => {
  writeFileSync(at('began'), '{');
  expect(run('apply')).toEqual({ status: 1, said: expect.stringMatching(/^warm-up: .*$/) });
  expect(existsSync(at('fragment'))).toBe(false);
});
