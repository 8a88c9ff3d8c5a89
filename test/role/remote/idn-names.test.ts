import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { domainToASCII } from 'node:url';
import { hostPython } from '../../support/python';

const RULES = join(__dirname, '../../../lib/role/remote/postfix-rules');
const names = JSON.parse(readFileSync(join(__dirname, 'idn-names.json'), 'utf8')) as string[];

/** All names in one start of Python. */
const onHost = execFileSync(
  hostPython,
  ['-B', '-c', 'import sys; from idn import ascii_name\nfor name in sys.argv[1:]: print(ascii_name(name) or "")', ...names],
  {
    cwd: RULES,
    encoding: 'utf8',
  },
).split('\n');

test.each(names.map((name, index) => [name, index] as const))('the host writes %s in ASCII as the stack does', (name, index) => {
  expect(onHost[index]).toBe(domainToASCII(name));
});

test('faß.de is its own domain, and not fass.de', () => {
  expect(onHost[names.indexOf('faß.de')]).toBe('xn--fa-hia.de');
});
