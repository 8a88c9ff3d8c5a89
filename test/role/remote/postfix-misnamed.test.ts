import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostPython } from '../../support/python';

const PROGRAM = join(__dirname, '../../../lib/role/remote/postfix-misnamed.py');
const MAPS = ['access-client', 'canonical.pcre', 'transport', 'virtual-aliases'];

let host: string;
beforeEach(() => {
  host = mkdtempSync(join(tmpdir(), 'postfix-misnamed-'));
  for (const name of ['main.d', 'mail']) mkdirSync(join(host, name));
});
afterEach(() => rmSync(host, { recursive: true, force: true }));

function warnings(names: readonly string[]): string[] {
  for (const name of names) writeFileSync(join(host, name), '');
  const maps = MAPS.map((name) => join(host, 'mail', name));
  const { status, stderr } = spawnSync(hostPython, [PROGRAM, join(host, 'main.d'), ...maps], { encoding: 'utf8' });
  expect(status).toBe(0);
  return stderr.replaceAll(`postfix-gate: warning: ${host}/`, '').split('\n').filter(Boolean);
}

test('tells of files that were meant to be fragments, with a name under which they would be', () => {
  const names = [
    '60-limits.cf',
    '7_x.conf',
    'local.cf',
    '100_last.cf',
    '40_local.cf',
    '40_local.cf~',
    '.40_local.cf.swp',
    'notes',
  ];
  const warning = (name: string, proper: string) => `main.d/${name} is not read: a fragment is named NN_NAME.cf, e.g. ${proper}`;
  expect(warnings(names.map((name) => `main.d/${name}`))).toEqual([
    warning('100_last.cf', '50_last.cf'),
    warning('60-limits.cf', '60_limits.cf'),
    warning('7_x.conf', '07_x.cf'),
    warning('local.cf', '50_local.cf'),
  ]);
});

test('tells of files whose name is nearly that of a map', () => {
  const names = ['access_client', 'virtual-alias', 'canonical_pcre', 'transport', 'transport~', 'transport.db', 'spamassassin'];
  expect(warnings(names.map((name) => `mail/${name}`))).toEqual(
    [
      ['access_client', 'access-client'],
      ['canonical_pcre', 'canonical.pcre'],
      ['virtual-alias', 'virtual-aliases'],
    ].map(([name, meant]) => `mail/${name} is not read; did you mean ${host}/mail/${meant}?`.replace(`${host}/mail/`, '')),
  );
});

test('tells of very many files only the first', () => {
  expect(warnings(Array.from({ length: 3000 }, (_, number) => `main.d/x${number}.cf`))).toHaveLength(20);
});
