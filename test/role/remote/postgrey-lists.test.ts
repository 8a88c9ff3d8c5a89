import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostPython } from '../../support/python';

const PROGRAM = join(__dirname, '../../../lib/role/remote/postgrey-lists.py');

let host: string;

beforeEach(() => {
  host = mkdtempSync(join(tmpdir(), 'postgrey-lists-'));
  for (const name of ['etc', 'copies']) mkdirSync(join(host, name));
});
afterEach(() => rmSync(host, { recursive: true, force: true }));

const source = (list: string) => join(host, 'etc', `postgrey_whitelist_${list}.local`);
const put = (list: string, text: string) => writeFileSync(source(list), text);
const copied = (list: string) => readFileSync(join(host, 'copies', list), 'utf8');

function run(verb: string, env: NodeJS.ProcessEnv = process.env) {
  const parts = [verb, '--sources', join(host, 'etc'), '--copies', join(host, 'copies')];
  const { status, stderr } = spawnSync(hostPython, [PROGRAM, ...parts], { encoding: 'utf8', timeout: 10_000, env });
  const said = stderr.replaceAll('postgrey-lists: ', '').replaceAll(join(host, 'etc/postgrey_whitelist_'), '');
  return { status, said: said.split('\n').filter(Boolean) };
}

test.each([
  ['clients', '/(/', "'/(/' does not compile: Unmatched ( in regex"],
  ['clients', '/(?{ system "id" })/', 'white space'],
  ['clients', '/(?{die})/', 'does not compile: Eval-group not allowed'],
  ['clients', '/foo', 'begins as a pattern and does not end with a slash'],
  ['clients', '*.example.com', "has a *, which is none of postgrey's"],
  ['clients', '.example.com', "would never match: write 'example.com'"],
  ['clients', 'a.example b.example', 'has white space in it: write one entry a line'],
  ['clients', 'user@example.com', 'it belongs in postgrey_whitelist_recipients.local'],
  ['clients', '10.20', 'is not an address or network'],
  ['clients', '10.0.0.0/33', 'is not an address or network'],
  ['clients', '300.1.2.3', 'is not an address or network'],
  ['clients', '[2001:db8::1]', 'is not an address or network: expected e.g. 203.0.113.9'],
  ['clients', '2001:db8::/129', 'is not an address or network'],
  ['clients', 'exa$mple.com', "'$' is not allowed"],
  ['recipients', '@example.com', "would never match: for every address of a domain write 'example.com'"],
  ['recipients', '*@example.com', 'has a *'],
  ['recipients', '203.0.113.9', 'it belongs in postgrey_whitelist_clients.local'],
  ['recipients', 'a@b.example, c@b.example', 'white space'],
  ['recipients', 'user@exa_mple.com', 'has an underscore'],
  ['recipients', '/[/', 'does not compile: Unmatched ['],
  ['clients', '/a\u001bb/', 'there is a control character (0x1b) in it'],
  ['recipients', '/a\u202eb/', 'there is an invisible character or a blank that is not a space (U+202E) in it'],
])('in the list of %s a mistake is reported with its place: %s', (list, entry, message) => {
  put(list, `# list\n\n${entry}\n`);
  const { status, said } = run('check');
  expect({ status, count: said.length }).toEqual({ status: 1, count: 1 });
  expect(said[0]).toMatch(new RegExp(`^${list}\\.local:3: `));
  expect(said[0]).toContain(message);
});

test('what postgrey understands is taken, as editors of any system write it', () => {
  put(
    'clients',
    '\ufeffmail.example.com # a friend\r\n203.0.113.9\r\n203.0.113.0/24\r\n203.0.113\r\n2001:db8::/32\r\n/^mta[0-9]+\\.example\\.net$/\r\nlocalhost',
  );
  put('recipients', 'user@example.com\nabuse@\nexample.net\n/^list-.*@/\n"odd"@example.com\n');
  expect(run('check')).toEqual({ status: 0, said: [] });
  expect(existsSync(join(host, 'copies/clients'))).toBe(false);
  expect(run('prepare')).toEqual({ status: 0, said: [] });
  expect(copied('clients').split('\n').slice(0, 2)).toEqual(['mail.example.com # a friend', '203.0.113.9']);
  expect(copied('recipients')).toContain('abuse@\n');
});

test('a start with a mistake in one list keeps both lists of before', () => {
  put('clients', 'good.example\n');
  put('recipients', 'good@\n');
  run('prepare');
  put('clients', 'better.example\n');
  put('recipients', '/(/\n');
  const { status, said } = run('prepare');
  expect(status).toBe(0);
  expect(said.at(-1)).toBe('the lists of before stay in effect');
  expect([copied('clients'), copied('recipients')]).toEqual(['good.example\n', 'good@\n']);
});

test('a first start with a mistake has empty lists, and one without any list too', () => {
  expect(run('prepare')).toEqual({ status: 0, said: [] });
  expect(copied('clients')).toBe('');
  rmSync(join(host, 'copies/clients'));
  put('clients', '/(/\n');
  expect(run('prepare').status).toBe(0);
  expect(copied('clients')).toBe('');
});

test('neither a link is followed nor a pipe waited for', () => {
  symlinkSync('/etc/shadow', source('clients'));
  spawnSync('mkfifo', [source('recipients')]);
  expect(run('check')).toEqual({
    status: 1,
    said: ['clients.local is a symbolic link; put the file itself there', 'recipients.local is not a regular file'],
  });
});

test('patterns that end Perl before its time are a mistake, and the copies of before stay', () => {
  put('clients', '/one/\n');
  expect(run('prepare')).toEqual({ status: 0, said: [] });
  put('clients', '/one/\n/two/\n/three/\n');
  mkdirSync(join(host, 'bin'));
  writeFileSync(join(host, 'bin/perl'), '#!/bin/sh\nread -r line; echo; kill -SEGV $$\n', { mode: 0o755 });
  const env = { ...process.env, PATH: `${join(host, 'bin')}:${process.env.PATH}` };
  expect(run('check', env)).toEqual({
    status: 1,
    said: ['clients.local has a pattern that Perl cannot compile: line 2 of the patterns'],
  });
  expect(run('prepare', env).status).toBe(0);
  expect(copied('clients')).toBe('/one/\n');
});
