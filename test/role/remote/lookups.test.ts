import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostPython } from '../../support/python';

const RULES = join(__dirname, '../../../lib/role/remote/postfix-rules');
const cases = JSON.parse(readFileSync(join(__dirname, 'lookups.json'), 'utf8')) as [
  name: string,
  value: string,
  found: string[],
][];

/** What a function of lookups.py gives for each pair of arguments. */
function lookups(name: 'tables' | 'files', pairs: readonly (readonly [string, string])[]): string[][] {
  const program = `import json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, ${JSON.stringify(RULES)})
import lookups
json.dump([lookups.${name}(*each) for each in json.load(sys.stdin)], sys.stdout)`;
  const { stdout, stderr } = spawnSync(hostPython, ['-c', program], { encoding: 'utf8', input: JSON.stringify(pairs) });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as string[][];
}

test('finds the tables that are files, or hold text, wherever a value names them', () => {
  const found = lookups(
    'tables',
    cases.map(([name, value]) => [name, value]),
  );
  expect(cases.map(([name, value], index) => [name, value, found[index]])).toEqual(cases);
});

test('finds the files of TLS, and takes no other path for one', () => {
  expect(
    lookups('files', [
      ['smtp_tls_CAfile', '/etc/ssl/a.pem'],
      ['smtp_tls_chain_files', '/etc/a.pem, /etc/b.pem'],
      ['smtpd_tls_chain_files', '/etc/a.pem'],
      ['lmtp_tls_key_file', ''],
      ['queue_directory', '/var/spool/postfix'],
    ]),
  ).toEqual([['/etc/ssl/a.pem'], ['/etc/a.pem', '/etc/b.pem'], [], [], []]);
});
