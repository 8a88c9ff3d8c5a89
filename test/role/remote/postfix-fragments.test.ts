import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostPython } from '../../support/python';

const PROGRAM = join(__dirname, '../../../lib/role/remote/postfix-fragments.py');
const MAPS = '/var/lib/mailserver/postfix/current/maps';

let folder: string;
const fragments = () => join(folder, 'main.d');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postfix-fragments-'));
  for (const name of ['main.d', 'out', 'candidate']) mkdirSync(join(folder, name));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A file that others than its owner may write, as those of service users are. */
function put(name: string, content: string, where = fragments()): void {
  writeFileSync(join(where, name), content);
  execFileSync('chmod', ['0664', join(where, name)]);
}

function run(): { status: number | null; said: string; listed: string[] } {
  const parts = ['--folder', fragments(), '--candidate', join(folder, 'candidate'), '--maps', MAPS, '--out', join(folder, 'out')];
  const { status, stdout, stderr } = spawnSync(hostPython, [PROGRAM, ...parts], { encoding: 'utf8', timeout: 10_000 });
  const listed = stdout.split('\n').flatMap((line) => (line ? [line.split('\t')[0]?.slice(fragments().length + 1) ?? ''] : []));
  return { status, said: stderr.replaceAll(fragments(), 'main.d').trim(), listed };
}

test('copies the fragments in order, and leaves what is no fragment alone', () => {
  put('40_local.cf', 'biff = no\n');
  put('05_first.cf', '# nothing\n');
  put('40_local.cf~', 'daemon_directory = /tmp\n');
  put('notes.txt', 'daemon_directory = /tmp\n');
  const { status, listed } = run();
  expect(status).toBe(0);
  expect(listed).toEqual(['05_first.cf', '40_local.cf']);
  expect(readdirSync(join(folder, 'out')).sort()).toEqual(['05_first.cf', '40_local.cf']);
  expect(readFileSync(join(folder, 'out/40_local.cf'), 'utf8')).toBe('biff = no\n');
});

test('warns of files that were meant to be fragments, with a name under which they would be', () => {
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
  for (const name of names) put(name, 'biff = no\n');
  const { status, stderr } = spawnSync(hostPython, [PROGRAM, '--folder', fragments(), '--misnamed'], { encoding: 'utf8' });
  expect(status).toBe(0);
  const warning = (name: string, proper: string) =>
    `postfix-gate: warning: main.d/${name} is not read: a fragment is named NN_NAME.cf, e.g. ${proper}`;
  expect(stderr.replaceAll(fragments(), 'main.d').trim().split('\n')).toEqual([
    warning('100_last.cf', '50_last.cf'),
    warning('60-limits.cf', '60_limits.cf'),
    warning('7_x.conf', '07_x.cf'),
    warning('local.cf', '50_local.cf'),
  ]);
});

test('takes the fragment of a candidate before the live one', () => {
  put('40_local.cf', 'biff = no\n');
  mkdirSync(join(folder, 'candidate', fragments()), { recursive: true });
  put('40_local.cf', 'biff = yes\n', join(folder, 'candidate', fragments()));
  expect(run().status).toBe(0);
  expect(readFileSync(join(folder, 'out/40_local.cf'), 'utf8')).toBe('biff = yes\n');
});

test.each([
  'message_size_limit = 1000',
  'mynetworks = 10.0.0.0/8, [2001:db8::]/32 192.168.7.0/24',
  'relayhost = [smtp.example.net]:587',
  'alias_maps = unix:passwd.byname',
  `virtual_alias_maps = cdb:${MAPS}/virtual-aliases, proxy:cdb:${MAPS}/transport`,
  'smtpd_tls_chain_files = /etc/letsencrypt/live/mail/key.pem, /etc/letsencrypt/live/mail/fullchain.pem',
  'smtpd_helo_restrictions = check_helo_access inline:{ {bad.test=REJECT} }',
  'smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:9999',
])('lets service users set: %s', (line) => {
  put('40_local.cf', `${line}\n`);
  expect(run()).toMatchObject({ status: 0, said: '' });
});

test.each([
  ['daemon_directory = /tmp', /40_local\.cf:2: 'daemon_directory' decides what runs as root/],
  ['tls_config_file = /home/webapp/x.cnf', /'tls_config_file' decides what runs as root/],
  ['tls_config_name = x', /'tls_config_name' decides/],
  ['mailbox_command = /home/webapp/x', /'mailbox_command' decides/],
  ['mailbox_command_maps = static:x', /'mailbox_command_maps' decides/],
  ['home_mailbox = .ssh/authorized_keys', /'home_mailbox' decides/],
  ['virtual_uid_maps = static:0', /'virtual_uid_maps' decides/],
  ['virtual_mailbox_base = /home/admin/.ssh', /'virtual_mailbox_base' decides/],
  ['import_environment = LD_PRELOAD=/tmp/x', /'import_environment' decides/],
  ['mynetworks = /etc/shadow', /'mynetworks' names \/etc\/shadow, which Postfix would read as root/],
  ['mynetworks = 10.0.0.0/8 !/etc/shadow', /names \/etc\/shadow/],
  ['mynetworks = cidr:/etc/shadow', /names \/etc\/shadow/],
  ['mynetworks =\n  cidr:/etc/shadow', /40_local\.cf:2: .*names \/etc\/shadow/],
  ['smtpd_client_restrictions = check_client_access proxy:cidr:/etc/shadow', /names \/etc\/shadow/],
  ['virtual_alias_maps = pipemap:{cidr:/etc/shadow, inline:{a=b}}', /names \/etc\/shadow/],
  ['virtual_alias_maps = ldap:/etc/shadow', /names \/etc\/shadow/],
  ['virtual_alias_maps = ldap:mine', /names mine/],
  ['virtual_alias_maps = texthash:etc/shadow', /names etc\/shadow/],
  ['header_checks = pcre:/etc/mail/checks', /names \/etc\/mail\/checks/],
  [`virtual_alias_maps = cdb:${MAPS}/../../../../../../etc/shadow`, /holds '\.\.'/],
  ['mynetworks = $config_directory/main.d/link', /makes up a path of another parameter/],
  ['mynetworks = ${queue_directory}/x', /makes up a path of another parameter/],
  ['part = /etc/sha', /names \/etc\/sha/],
])('refuses of service users: %s', (line, message) => {
  put('40_local.cf', `# own\n${line}\n`);
  const { status, said } = run();
  expect(status).toBe(1);
  expect(said).toMatch(message);
});

describe('restrictions', () => {
  const misspelt = "'reject_unlisted_recipiant' is no restriction of Postfix, which would put off every mail";

  test('that are misspelt are told with file and line, all of them', () => {
    put('40_local.cf', 'biff = no\nsmtpd_recipient_restrictions =\n  permit_mynetworks\n  reject_unlisted_recipiant\n');
    put('50_more.cf', 'smtpd_helo_restrictions = rejekt\n');
    const { status, said } = run();
    expect(status).toBe(1);
    expect(said.split('\n')).toEqual([
      `postfix-gate: main.d/40_local.cf:2: ${misspelt}; did you mean reject_unlisted_recipient?`,
      "postfix-gate: main.d/50_more.cf:1: 'rejekt' is no restriction of Postfix, which would put off every mail; did you mean reject?",
    ]);
  });

  test('may be classes of any fragment, whose own lists are judged, too', () => {
    put('40_local.cf', 'smtpd_sender_restrictions = strict\n');
    put('50_classes.cf', 'smtpd_restriction_classes = strict\nstrict = reject_unverified_sender\n');
    expect(run()).toMatchObject({ status: 0, said: '' });
    put('50_classes.cf', 'smtpd_restriction_classes = strict\nstrict = reject_unlisted_recipiant\n');
    expect(run().said).toContain(`main.d/50_classes.cf:2: ${misspelt}`);
  });

  test('are left to Postfix where the classes are those of another parameter', () => {
    put('40_local.cf', 'mine = strict\nsmtpd_restriction_classes = $mine\nsmtpd_sender_restrictions = strict\n');
    expect(run()).toMatchObject({ status: 0, said: '' });
  });
});

test('a file of root that nobody else may read yet is judged like one of a service user', () => {
  writeFileSync(join(fragments(), '40_local.cf'), 'daemon_directory = /tmp\n', { mode: 0o600 });
  expect(run().said).toMatch(/40_local\.cf:1: 'daemon_directory' decides what runs as root/);
});

test('half a million continuation lines take no longer than reading them', () => {
  put('40_local.cf', `mynetworks =\n${' 1\n'.repeat(300_000)}`);
  const start = performance.now();
  expect(run().status).toBe(0);
  expect(performance.now() - start).toBeLessThan(8000);
});

test('refuses a symbolic link, a pipe and a name that is several lines', () => {
  symlinkSync('/etc/passwd', join(fragments(), '50_x.cf'));
  expect(run().said).toMatch(/50_x\.cf is a symbolic link/);
  rmSync(join(fragments(), '50_x.cf'));
  execFileSync('mkfifo', [join(fragments(), '50_x.cf')]);
  expect(run().said).toMatch(/50_x\.cf is no regular file/);
  rmSync(join(fragments(), '50_x.cf'));
  put('50_a\nevil.cf', 'biff = no\n');
  expect(run().said).toMatch(/a fragment is named NN_NAME\.cf/);
});
