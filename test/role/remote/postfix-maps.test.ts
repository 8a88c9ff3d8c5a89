import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const PROGRAM = join(__dirname, '../../../lib/role/remote/postfix-maps.py');

/** A host as the program sees it: some maps, a master.cf with a pipe transport, a main.cf with a restriction class. */
let host: string;

beforeEach(() => {
  host = mkdtempSync(join(tmpdir(), 'postfix-maps-'));
  mkdirSync(join(host, 'out'));
  writeFileSync(
    join(host, 'master.cf'),
    'smtp unix - - n - - smtp\n    -o x=y\nuser-webapp unix - n n - - pipe\nsmtp inet n - n - 4 smtpd\n',
  );
  writeFileSync(join(host, 'main.cf'), 'smtpd_restriction_classes =\n    strict, lax\n');
});

afterEach(() => rmSync(host, { recursive: true, force: true }));

function put(path: string, content: string): void {
  mkdirSync(dirname(join(host, path)), { recursive: true });
  writeFileSync(join(host, path), content);
}

function run(): { status: number | null; problems: string[] } {
  const at = (name: string) => join(host, name);
  const parts = ['--candidate', host, '--master', at('master.cf'), '--main', at('main.cf'), '--out', at('out')];
  const { status, stderr } = spawnSync('python3', [PROGRAM, ...parts], { encoding: 'utf8' });
  const problems = stderr.split('\n').filter(Boolean);
  return { status, problems: problems.map((line) => line.replace('postfix-gate: ', '')) };
}

function compiled(name: string): string {
  return readFileSync(join(host, 'out', name), 'utf8');
}

test('lists the maps that it reads, for who wants to know whether they changed', () => {
  const { status, stdout } = spawnSync('python3', [PROGRAM, '--list'], { encoding: 'utf8' });
  expect(status).toBe(0);
  expect(stdout.split('\n')).toEqual(
    expect.arrayContaining(['/etc/mail/transport', '/etc/aliases', '/etc/postfix/stack/aliases']),
  );
  expect(stdout.split('\n').filter((line) => line && !/^\/etc\/[a-z./-]+$/.test(line))).toEqual([]);
});

test('refuses a map that is too large to be one, without reading it', () => {
  put('/etc/mail/canonical', 'a@example.test b@example.test\n');
  truncateSync(join(host, 'etc/mail/canonical'), 70 * 1024 * 1024);
  expect(run()).toEqual({ status: 1, problems: ['/etc/mail/canonical:0: cannot be read: is larger than 64 MiB'] });
});

const unknownAction = (word: string) =>
  `'${word}' is no action of access(5); Postfix would put off every mail that matches. Use e.g. OK, REJECT text, DUNNO, DISCARD, HOLD, 550 text`;

describe('the maps that people write', () => {
  it.each([
    ['access-sender', 'bad@example.com REJEKT no\n', 1, unknownAction('REJEKT')],
    ['access-client', '# c\n\n203.0.113.9\tDENY\n', 3, unknownAction('DENY')],
    ['access-helo', 'friend 600 no\n', 1, unknownAction('600')],
    ['access-recipient', 'a@b.example\n', 1, "'a@b.example' has no second column; expected a key, white space and a value"],
    ['access-recipient', 'a@b.example REDIRECT\n', 1, 'REDIRECT needs something after it, see access(5)'],
    ['access-client', 'x OK\ny OK\nX REJECT\n', 3, "'X' is there already in line 1, and only one of them can count"],
    ['transport', 'example.com smtp\n', 1, "'smtp' has no colon; expected transport:nexthop, e.g. smtp:[10.0.0.5]:25"],
    ['transport', '@example.com user-shop:\n', 1, "there is no transport 'user-shop' in master.cf; there are e.g. user-webapp"],
    ['relay-domains', '@example.com\n', 1, "'@example.com' is no domain; leave out the @"],
    ['relay-domains', 'exa$mple.com\n', 1, "'exa$mple.com' is no domain name"],
    ['virtual-aliases', 'a@b.example\n', 1, "'a@b.example' has no second column; expected a key, white space and a value"],
    [
      'external-networks',
      '203.0.113.5/24\n',
      1,
      "'203.0.113.5/24' is no address or CIDR network: 203.0.113.5/24 has host bits set; did you mean 203.0.113.0/24?",
    ],
    [
      'external-networks',
      '10.0.0.0/8\n0.0.0.0/0\n',
      2,
      "'0.0.0.0/0' is the whole internet: everyone could send through this host",
    ],
    ['external-networks', '::/0\n', 1, "'::/0' is the whole internet: everyone could send through this host"],
    ['external-networks', '10.0.0.0/8 REJECT\n', 1, "'10.0.0.0/8 REJECT': expected one address or network a line"],
    [
      'external-networks',
      'office.example\n',
      1,
      "'office.example' is no address or CIDR network: 'office.example' does not appear to be an IPv4 or IPv6 network",
    ],
  ])('are refused with file and line: %s %j', (map, content, line, message) => {
    put(`/etc/mail/${map}`, content);
    expect(run()).toEqual({ status: 1, problems: [`/etc/mail/${map}:${line}: ${message}`] });
  });

  it('are all told of at once', () => {
    put('/etc/mail/transport', 'a.example nowhere:\n');
    put('/etc/mail/external-networks', 'x\ny\n');
    expect(run().problems.map((problem) => problem.split(': ')[0])).toEqual([
      '/etc/mail/external-networks:1',
      '/etc/mail/external-networks:2',
      '/etc/mail/transport:1',
    ]);
  });

  it('are not followed through a symbolic link', () => {
    put('/secret', 'root:x\n');
    mkdirSync(join(host, 'etc/mail'), { recursive: true });
    symlinkSync(join(host, 'secret'), join(host, 'etc/mail/canonical'));
    expect(run().problems).toEqual(['/etc/mail/canonical:0: cannot be read: it is a symbolic link; put the file itself there']);
  });
});

describe('what is compiled', () => {
  it('is empty, not missing, for a map that nobody wrote', () => {
    expect(run()).toEqual({ status: 0, problems: [] });
    for (const name of ['access-client', 'transport', 'external-networks', 'aliases']) expect(compiled(name)).toBe('');
  });

  it('takes @domain in transport for the domain', () => {
    put('/etc/mail/transport', '@virtual.example user-webapp:\n* :\n.sub.example smtp:[10.0.0.5]:25\n');
    expect(run().status).toBe(0);
    expect(compiled('transport')).toBe('virtual.example user-webapp:\n* :\n.sub.example smtp:[10.0.0.5]:25\n');
  });

  it('has networks as cidr_table(5) wants them, brackets or not', () => {
    put('/etc/mail/external-networks', '# office\n203.0.113.0/24\n[2001:db8::]/48\n2001:db8:1::7\n198.51.100.7 OK\n');
    expect(run().status).toBe(0);
    expect(compiled('external-networks')).toBe('203.0.113.0/24 OK\n2001:db8::/48 OK\n2001:db8:1::7/128 OK\n198.51.100.7/32 OK\n');
  });

  it('gives relayed domains a second column', () => {
    put('/etc/mail/relay-domains', 'example.com\n.example.net\nexample.org yes\n');
    expect(run().status).toBe(0);
    expect(compiled('relay-domains')).toBe('example.com OK\n.example.net OK\nexample.org yes\n');
  });

  it('joins continuation lines and ignores comments between them', () => {
    put('/etc/mail/virtual-aliases', 'info@a.example x@b.example,\n# and\n   y@b.example\n');
    expect(run().status).toBe(0);
    expect(compiled('virtual-aliases')).toBe('info@a.example x@b.example, y@b.example\n');
  });

  it('lets clients that are permitted by address pass postscreen, the narrowest entry first', () => {
    const entries = [
      ['203.0.113', 'OK'],
      ['203.0.113.9', 'REJECT listed here'],
      ['198.51.100.7', 'permit'],
      ['2001:db8:5', '1'],
      ['2001:db8:5::7', 'DUNNO'],
      ['partner.example', 'OK'],
      ['300.1.1.1', 'OK'],
    ];
    put('/etc/mail/access-client', entries.map(([key, action]) => `${key} ${action}\n`).join(''));
    expect(run().status).toBe(0);
    expect(compiled('postscreen-access').trim().split('\n')).toEqual([
      '2001:db8:5::7/128 dunno',
      '2001:db8:5::/48 permit',
      '203.0.113.9/32 dunno',
      '198.51.100.7/32 permit',
      '203.0.113.0/24 permit',
    ]);
  });

  it('has the recipients of relayed domains verified where a next hop knows them', () => {
    put('/etc/mail/relay-domains', 'a.example\nb.example\nc.example\nd.example\nsub.d.example\nstack.example\n');
    put(
      '/etc/mail/transport',
      'b.example smtp:[10.0.0.5]\n@c.example user-webapp:\n.d.example user-webapp:\nd.example :[10.0.0.6]\nstack.example smtp:\n',
    );
    put('/etc/postfix/stack/transport', 'stack.example user-webapp:\n');
    expect(run()).toEqual({ status: 0, problems: [] });
    expect(compiled('verify-recipients').trim().split('\n')).toEqual(
      ['a.example', 'b.example', 'd.example', 'stack.example'].map((name) => `${name} reject_unverified_recipient`),
    );
  });

  it('tells a mistake in access-client once', () => {
    put('/etc/mail/access-client', '203.0.113.9 REJEKT\n');
    expect(run().problems).toHaveLength(1);
  });

  it('knows restriction classes and restrictions as actions', () => {
    put('/etc/mail/access-client', '203.0.113 strict\n198.51.100 reject_unverified_sender\nx 450 later\n');
    expect(run()).toEqual({ status: 0, problems: [] });
  });
});
