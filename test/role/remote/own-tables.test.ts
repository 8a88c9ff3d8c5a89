import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostPython } from '../../support/python';

const PROGRAM = join(__dirname, '../../../lib/role/remote/postfix-maps.py');

let host: string;
const at = (name: string) => join(host, name);
beforeEach(() => {
  host = mkdtempSync(join(tmpdir(), 'own-tables-'));
  for (const name of ['out', 'etc/postfix/tables']) mkdirSync(at(name), { recursive: true });
  writeFileSync(at('master.cf'), 'smtp unix - - n - - smtp\nrelay unix - - n - - smtp\nuser-webapp unix - n n - - pipe\n');
});
afterEach(() => rmSync(host, { recursive: true, force: true }));

/** Judges one table that one parameter names; gives what is said of it. */
function judged(parameter: string, table: string, content?: string, mode = 0o640): string[] {
  const [type, name = ''] = table.split(':');
  writeFileSync(at('main.cf'), `smtpd_restriction_classes = strict\n${parameter} = ${type}:${at('out')}/tables/${name}\n`);
  writeFileSync(at('main.cf.origin'), '/etc/postfix/main.d/40_local.cf:1\n/etc/postfix/main.d/40_local.cf:2\n');
  if (content !== undefined) {
    writeFileSync(at(`etc/postfix/tables/${name}`), content);
    chmodSync(at(`etc/postfix/tables/${name}`), mode);
  }
  const args = ['--candidate', host, '--master', at('master.cf'), '--main', at('main.cf'), '--out', at('out')];
  const { stderr } = spawnSync(hostPython, [PROGRAM, ...args], { encoding: 'utf8' });
  return stderr.split('\n').filter(Boolean);
}

test.each([
  ['smtp_generic_maps', 'cdb:outside', '# of ours\nroot@mail.example.com office@example.com\n@intern.example @example.com\n'],
  ['transport_maps', 'cdb:ways', 'next.example relay:[10.0.0.5]:25\nyes.example user-webapp:\n'],
  ['sender_dependent_relayhost_maps', 'cdb:hops', 'shop@example.com [smtp.example.net]:587\n@example.org [10.0.0.7]\n'],
  ['sender_dependent_default_transport_maps', 'cdb:by-sender', '@example.com smtp:[smtp.example.net]:587\n'],
  ['smtp_sasl_password_maps', 'cdb:passwords', '[smtp.example.net]:587 user:pass word:with colons\n'],
  ['smtp_tls_policy_maps', 'cdb:tls', 'example.net encrypt\n.example.org secure match=.example.org ciphers=high\n'],
  ['smtp_header_checks', 'pcre:headers.pcre', '# ours\n/^X-Internal:/ IGNORE\nif /^Subject:/\n/lottery/ REJECT\nendif\n'],
  ['smtpd_sender_restrictions', 'cdb:x', ''],
  ['strict', 'cidr:networks.cidr', '203.0.113.0/24 REJECT\n'],
])('%s takes %s', (parameter, table, content) => {
  const value = parameter.endsWith('restrictions') || parameter === 'strict' ? `check_client_access ${table}` : table;
  const [type = '', name = ''] = value.split(':');
  expect(judged(parameter, `${type}:${name}`, content)).toEqual([]);
  expect(existsSync(at(`out/tables/${name}`))).toBe(true);
});

test.each([
  [
    'smtp_generic_maps',
    'cdb:none',
    undefined,
    "40_local.cf:2: 'smtp_generic_maps' names /etc/postfix/tables/none, which is not there",
  ],
  ['mydestination', 'cdb:x', 'a b\n', "40_local.cf:2: 'mydestination' cannot name a table in /etc/postfix/tables"],
  ['virtual_alias_maps', 'cdb:x', 'a@b.example c@d.example\n', "'virtual_alias_maps' cannot name a table in /etc/postfix/tables"],
  ['my_table', 'cdb:x', 'a b\n', "'my_table' cannot name a table in /etc/postfix/tables"],
  [
    'smtp_generic_maps',
    'hash:x',
    'a b\n',
    "'hash:/etc/postfix/tables/x' is of a type that 'smtp_generic_maps' does not take: expected cdb",
  ],
  ['smtp_header_checks', 'cdb:x', 'a b\n', 'expected pcre or regexp'],
  ['smtp_header_checks', 'pcre:x', 'a b\n', 'is called as if it were of another type: expected /etc/postfix/tables/x.pcre'],
  ['smtp_generic_maps', 'cdb:x.pcre', 'a b\n', 'expected /etc/postfix/tables/x'],
  ['smtp_generic_maps', 'cdb:.x', 'a b\n', "'/etc/postfix/tables/.x' is not the name of a table"],
  ['smtp_generic_maps', 'cdb:x', 'a@b.example\n', '/etc/postfix/tables/x:1: '],
  ['smtp_generic_maps', 'cdb:x', '# first\na@b.example |/bin/sh\n', '/etc/postfix/tables/x:2: '],
  [
    'transport_maps',
    'cdb:x',
    'b.example user-nobody:\n',
    "/etc/postfix/tables/x:1: 'user-nobody' is not a transport of this host",
  ],
  ['sender_dependent_relayhost_maps', 'cdb:x', '@b.example [smtp.example.net:587\n', '/etc/postfix/tables/x:1: '],
  [
    'smtp_sasl_password_maps',
    'cdb:x',
    'b.example secretword\n',
    '/etc/postfix/tables/x:1: expected a user, a colon and a password',
  ],
  ['smtp_tls_policy_maps', 'cdb:x', 'b.example encrypted\n', "/etc/postfix/tables/x:1: 'encrypted' is not a TLS policy"],
  ['smtp_tls_policy_maps', 'cdb:x', 'b.example secure tafile=/etc/shadow\n', 'is not a TLS policy'],
  [
    'smtp_header_checks',
    'pcre:x.pcre',
    '\n/^Subject:/ BCC me@example.com\n',
    "/etc/postfix/tables/x.pcre:2: 'BCC me@example.com' could show other people's mail",
  ],
  ['smtp_header_checks', 'pcre:x.pcre', '/^Subject: (.*)/ $1\n', "'$1' does not begin with an action"],
  ['smtp_header_checks', 'regexp:x.regexp', 'no pattern\n', 'is not a pattern and an answer'],
])('%s does not take %s with %j', (parameter, table, content, message) => {
  const said = judged(parameter, table, content);
  expect(said.join('\n')).toContain(message);
  expect(said.join('\n')).not.toContain('secretword');
});

test('passwords that everybody can read are refused, and what is made of them is for root alone', () => {
  const content = '[smtp.example.net]:587 user:secret\n';
  expect(judged('smtp_sasl_password_maps', 'cdb:x', content, 0o644)).toEqual([
    'postfix-gate: /etc/postfix/tables/x:0: has passwords, and everybody on the host can read it: chmod 640',
  ]);
  rmSync(at('out'), { recursive: true });
  mkdirSync(at('out'));
  expect(judged('smtp_sasl_password_maps', 'cdb:x', content)).toEqual([]);
  expect(readFileSync(at('out/tables/x'), 'utf8')).toBe('[smtp.example.net]:587 user:secret\n');
  const { stdout } = spawnSync('stat', ['-c', '%a', at('out/tables/x')], { encoding: 'utf8' });
  expect(stdout.trim()).toBe('600');
});
