import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal, type Thing } from '../../scripts/aws-check/journal';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'mailserver-journal-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const address: Thing = { kind: 'address', run: 'r', region: 'eu-central-1' };
const record: Thing = { kind: 'record', zoneId: 'Z1', record: { name: 'a.example', type: 'A', ttl: 60, value: '198.51.100.25' } };
const folder = () => join(parent, 'run');

test('what was made is on the disk before the call goes out, and is known to another process', () => {
  const journal = Journal.begin(folder());
  journal.willMake('address', address);
  expect(readFileSync(join(folder(), 'journal.jsonl'), 'utf8')).toContain('eu-central-1');
  expect(Journal.resume(folder()).left).toEqual([['address', address]]);
  expect(Journal.unfinished(parent)).toEqual([folder()]);
});

test('what is left is reportedthe youngest first, without what is gone', () => {
  const journal = Journal.begin(folder());
  journal.willMake('address', address);
  journal.willMake('record', record);
  expect(journal.left.map(([key]) => key)).toEqual(['record', 'address']);
  journal.isGone('record');
  expect(Journal.resume(folder()).left).toEqual([['address', address]]);
});

test.each(['{"make":{"kind":"addr', '{"gone":"addre', 'x'])('a line that a crash cut short counts as not written: %s', (line) => {
  const journal = Journal.begin(folder());
  journal.willMake('address', address);
  appendFileSync(join(folder(), 'journal.jsonl'), line);
  const resumed = Journal.resume(folder());
  expect(resumed.left).toEqual([['address', address]]);
  resumed.isGone('address');
  expect(Journal.resume(folder()).left).toEqual([]);
});

test('a run is finished only when nothing is left', () => {
  const journal = Journal.begin(folder());
  journal.willMake('address', address);
  expect(() => journal.finish()).toThrow('1 things are left');
  journal.isGone('address');
  journal.finish();
  expect(Journal.unfinished(parent)).toEqual([]);
});

test('a second run never writes into the folder of a first', () => {
  Journal.begin(folder());
  expect(() => Journal.begin(folder())).toThrow(/EEXIST/);
});
