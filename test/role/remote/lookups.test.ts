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
function lookups(name: 'tables' | 'files', pairs: readonly (readonly [string, string])[]): string[][];
function lookups(name: 'problem_of', pairs: readonly (readonly [string, string])[]): string[];
function lookups(name: string, pairs: readonly (readonly [string, string])[]): unknown {
  const program = `import json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, ${JSON.stringify(RULES)})
import lookups
json.dump([lookups.${name}(*each) for each in json.load(sys.stdin)], sys.stdout)`;
  const { stdout, stderr } = spawnSync(hostPython, ['-c', program], { encoding: 'utf8', input: JSON.stringify(pairs) });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
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

test('says what is wrong with a table, and quotes nothing of it', () => {
  const quoted = 'root:$6$canary:20000:0:99999:7:::';
  const answers = lookups('problem_of', [
    ['cidr:/etc/shadow', `postmap: warning: cidr map /etc/shadow, line 1: bad address pattern: "${quoted}": skipping this rule`],
    ['pcre:/etc/shadow', `postmap: warning: pcre map /etc/shadow, line 12: no closing regexp delimiter "${quoted}": ignoring`],
    ['regexp:/etc/shadow', `postmap: fatal: ${quoted}`],
    ['texthash:/etc/shadow', `postmap: warning: /etc/shadow, line 3: expected format: key whitespace value -- ${quoted}`],
    ['pcre:/nowhere', 'postmap: fatal: open /nowhere: No such file or directory'],
    ['cidr:/root/x', 'postmap: fatal: open /root/x: Permission denied'],
    ['hash:/etc/a', 'postmap: fatal: unsupported dictionary type: hash'],
    ['ldap:/etc/a.cf', 'no answer within 20 s'],
    ['cdb:/etc/nowhere', 'postmap: fatal: open database /etc/nowhere.cdb: No such file or directory'],
  ]);
  expect(answers).toEqual([
    "line 1 is wrong; 'postmap -q x cidr:/etc/shadow' says why to whoever may read it",
    "line 12 is wrong; 'postmap -q x pcre:/etc/shadow' says why to whoever may read it",
    "postmap cannot read it; 'postmap -q x regexp:/etc/shadow' says why to whoever may read it",
    "line 3 is wrong; 'postmap -q x texthash:/etc/shadow' says why to whoever may read it",
    '/nowhere: No such file or directory',
    '/root/x: Permission denied',
    'this Postfix has no tables of type hash',
    'no answer within 20 s',
    '/etc/nowhere.cdb is not there',
  ]);
});
