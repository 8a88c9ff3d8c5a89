import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostPython } from '../../support/python';

const PROGRAM = join(__dirname, '../../../lib/role/remote/postfix-fragments.py');
/** Says what postconf says, for machines without Postfix. */
const POSTCONF = join(__dirname, 'fragments/postconf.py');
const MAPS = '/var/lib/mailserver/postfix/current/maps';

let folder: string;
const fragments = () => join(folder, 'main.d');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postfix-fragments-'));
  for (const name of ['main.d', 'out', 'candidate']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'out/master.cf'), '');
  writeFileSync(join(folder, 'postconf'), `#!/bin/sh\nexec ${hostPython} ${POSTCONF} "$@"\n`, { mode: 0o755 });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A file that others than its owner may write, as those of service users are. */
function put(name: string, content: string, where = fragments()): void {
  writeFileSync(join(where, name), content);
  execFileSync('chmod', ['0664', join(where, name)]);
}

function run(...more: string[]): { status: number | null; said: string } {
  const places = ['--folder', fragments(), '--candidate', join(folder, 'candidate'), '--maps', MAPS];
  const parts = [...places, '--assemble', join(folder, 'out'), '--postconf', join(folder, 'postconf'), ...more];
  const { status, stderr } = spawnSync(hostPython, [PROGRAM, ...parts], { encoding: 'utf8', timeout: 20_000 });
  return { status, said: stderr.replaceAll(fragments(), 'main.d').trim() };
}

/** What was put together, without comments; and the place of each line of it. */
const assembled = () => {
  const lines = (name: string) => readFileSync(join(folder, 'out', name), 'utf8').split('\n');
  const origins = lines('main.cf.origin');
  return lines('main.cf').flatMap((line, index) =>
    line === '' || line.startsWith('#') ? [] : [[line, origins[index]?.slice(fragments().length + 1)]],
  );
};

test('puts the fragments together in order, each setting a line with its place, and leaves what is not a fragment alone', () => {
  put('40_local.cf', '# of ours\nbiff = no\nmynetworks =\n\n  # the office\n\t10.0.0.0/8,\n  10.1.0.1');
  put('05_first.cf', 'soft_bounce = yes\n');
  put('40_local.cf~', 'daemon_directory = /tmp\n');
  put('notes.txt', 'daemon_directory = /tmp\n');
  expect(run()).toEqual({ status: 0, said: '' });
  expect(assembled()).toEqual([
    ['soft_bounce = yes', '05_first.cf:1'],
    ['biff = no', '40_local.cf:2'],
    ['mynetworks = 10.0.0.0/8,  10.1.0.1', '40_local.cf:3'],
  ]);
});

test('of two settings of one parameter the later counts, and is reported', () => {
  put('40_local.cf', 'biff = no\n');
  put('50_more.cf', 'biff = yes\n');
  expect(run()).toEqual({
    status: 0,
    said: "postfix-gate: warning: main.d/50_more.cf:1: 'biff' is set in main.d/40_local.cf:1 already; this one counts",
  });
  expect(assembled()).toEqual([['biff = yes', '50_more.cf:1']]);
});

test('leaves out blocklists that lie, however they are written', () => {
  put('40_local.cf', 'postscreen_dnsbl_sites = good.test*2,\n  LYING.test=127.0.0.2*1 other.test lying.test\n');
  expect(run('--lying', 'lying.test\nelsewhere.test')).toEqual({ status: 0, said: '' });
  expect(assembled()).toEqual([['postscreen_dnsbl_sites = good.test*2 other.test', '40_local.cf:1']]);
});

test('half a file never passes: no room for main.cf ends it', () => {
  put('40_local.cf', 'biff = no\n');
  symlinkSync('/dev/full', join(folder, 'out/main.cf'));
  const { status, said } = run();
  expect({ failed: status !== 0, room: said.includes('No space left on device') }).toEqual({ failed: true, room: true });
});

test('nothing passes without Postfix to ask', () => {
  put('40_local.cf', 'biff = no\n');
  expect(run('--postconf', join(folder, 'nowhere')).status).not.toBe(0);
});

test('takes the fragment of a candidate before the live one', () => {
  put('40_local.cf', 'biff = no\n');
  mkdirSync(join(folder, 'candidate', fragments()), { recursive: true });
  put('40_local.cf', 'biff = yes\n', join(folder, 'candidate', fragments()));
  expect(run().status).toBe(0);
  expect(assembled()).toEqual([['biff = yes', '40_local.cf:1']]);
});

test.each([
  'message_size_limit = 1000',
  'mynetworks = 10.0.0.0/8, [2001:db8::]/32 192.168.7.0/24',
  `virtual_alias_maps = cdb:${MAPS}/virtual-aliases, proxy:cdb:${MAPS}/transport`,
  'smtpd_tls_chain_files = /etc/letsencrypt/live/mail/key.pem, /etc/letsencrypt/live/mail/fullchain.pem',
  'smtpd_helo_restrictions = check_helo_access inline:{ {bad.test=REJECT} }',
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
  const misspelt = "'reject_unlisted_recipiant' is not a restriction of Postfix, which would put off every mail";

  test('that are misspelt are reported with file and line, all of them', () => {
    put('40_local.cf', 'biff = no\nsmtpd_recipient_restrictions =\n  permit_mynetworks\n  reject_unlisted_recipiant\n');
    put('50_more.cf', 'smtpd_helo_restrictions = rejekt\n');
    const { status, said } = run();
    expect(status).toBe(1);
    expect(said.split('\n')).toEqual([
      `postfix-gate: main.d/40_local.cf:2: ${misspelt}; did you mean reject_unlisted_recipient?`,
      "postfix-gate: main.d/50_more.cf:1: 'rejekt' is not a restriction of Postfix, which would put off every mail; did you mean reject?",
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

test('a hundred thousand continuation lines take no longer than reading them', () => {
  put('40_local.cf', `mynetworks =\n${' 10.1.1.1\n'.repeat(100_000)}`);
  const start = performance.now();
  expect(run().status).toBe(0);
  // Work that grows with the square of the lines takes many minutes.
  expect(performance.now() - start).toBeLessThan(60_000);
}, 120_000);

test('refuses a symbolic link, a pipe and a name that is several lines', () => {
  symlinkSync('/etc/passwd', join(fragments(), '50_x.cf'));
  expect(run().said).toMatch(/50_x\.cf is a symbolic link/);
  rmSync(join(fragments(), '50_x.cf'));
  execFileSync('mkfifo', [join(fragments(), '50_x.cf')]);
  expect(run().said).toMatch(/50_x\.cf is not a regular file/);
  rmSync(join(fragments(), '50_x.cf'));
  put('50_a\nevil.cf', 'biff = no\n');
  expect(run().said).toMatch(/a fragment is named NN_NAME\.cf/);
});
