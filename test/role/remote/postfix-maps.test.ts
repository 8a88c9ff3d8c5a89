import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hostPython } from '../../support/python';

const PROGRAM = join(__dirname, '../../../lib/role/remote/postfix-maps.py');

const hostileLines = JSON.parse(readFileSync(join(__dirname, 'hostile-map-lines.json'), 'utf8')) as {
  readonly map: string;
  readonly line: string;
  readonly error: string;
}[];

/** A host as the program sees it: some maps, a master.cf with a pipe transport, a main.cf with a restriction class. */
let host: string;

function layOut(): void {
  host = mkdtempSync(join(tmpdir(), 'postfix-maps-'));
  mkdirSync(join(host, 'out'));
  writeFileSync(
    join(host, 'master.cf'),
    'smtp unix - - n - - smtp\n    -o x=y\nlmtp unix - - n - - lmtp\ncleanup unix n - n - 0 cleanup\nuser-webapp unix - n n - - pipe\nsmtp inet n - n - 4 smtpd\n',
  );
  writeFileSync(join(host, 'main.cf'), 'smtpd_restriction_classes =\n    strict, lax\n');
}

beforeEach(layOut);
afterEach(() => rmSync(host, { recursive: true, force: true }));

function put(path: string, content: string): void {
  mkdirSync(dirname(join(host, path)), { recursive: true });
  writeFileSync(join(host, path), content);
}

function run(...more: string[]): { status: number | null; problems: string[] } {
  const at = (name: string) => join(host, name);
  const parts = ['--candidate', host, '--master', at('master.cf'), '--main', at('main.cf'), '--out', at('out'), ...more];
  const { status, stderr } = spawnSync(hostPython, [PROGRAM, ...parts], { encoding: 'utf8' });
  const problems = stderr.split('\n').filter(Boolean);
  return { status, problems: problems.map((line) => line.replace('postfix-gate: ', '')) };
}

function compiled(name: string): string {
  return readFileSync(join(host, 'out', name), 'utf8');
}

test('knows the maps that the gate copies and watches, and no others', () => {
  const gate = readFileSync(join(__dirname, '../../../lib/role/remote/postfix-gate/common.sh'), 'utf8');
  const program = readFileSync(PROGRAM, 'utf8');
  const known = [...program.matchAll(/^ {4}\("[a-z.-]+", "(\/etc\/[a-z./-]+)",/gm)].map(([, path]) => path);
  expect(known.length).toBeGreaterThan(15);
  expect(/^MAPS='([^']*)'$/m.exec(gate)?.[1]?.split('\n').sort()).toEqual([...new Set(known)].sort());
});

test('refuses a map that is too large to be one, without reading it', () => {
  put('/etc/mail/canonical', 'a@example.test b@example.test\n');
  truncateSync(join(host, 'etc/mail/canonical'), 70 * 1024 * 1024);
  expect(run()).toEqual({ status: 1, problems: ['/etc/mail/canonical:0: cannot be read: is larger than 64 MiB'] });
});

describe('a line of the service users that sends all mail elsewhere', () => {
  const withSmartHost = () => {
    const path = join(host, 'master.cf');
    writeFileSync(path, `${readFileSync(path, 'utf8')}relay-1 unix - - - - - smtp\n`);
  };

  test('is noted where there are smart hosts that would get it', () => {
    withSmartHost();
    put('/etc/mail/transport', 'a.test smtp:\n* smtp:[192.0.2.1]\n');
    expect(run()).toEqual({
      status: 0,
      problems: [
        expect.stringMatching(/^note: \/etc\/mail\/transport: '\* smtp:\[192\.0\.2\.1\]' sends all mail past the smart hosts/),
      ],
    });
  });

  test.each([
    ['as if there was no line', '* :\n'],
    ['for one domain alone', 'a.test smtp:[192.0.2.1]\n'],
  ])('is not noted where mail goes %s', (_, content) => {
    withSmartHost();
    put('/etc/mail/transport', content);
    expect(run()).toEqual({ status: 0, problems: [] });
  });

  test('is not noted where there is no smart host', () => {
    put('/etc/mail/transport', '* smtp:[192.0.2.1]\n');
    expect(run()).toEqual({ status: 0, problems: [] });
  });
});

test('matches senders in own domains, whatever their case, and neither subdomains nor lookalikes', () => {
  put('/etc/postfix/stack/own-senders', '# ours\nexample.test\nxn--bcher-kva.example\n');
  expect(run()).toEqual({ status: 0, problems: [] });
  const refused = compiled('stack-own-senders.pcre').trimEnd().split('\n');
  expect(refused).toHaveLength(2);
  const patterns = refused.map((line) => new RegExp(/^\/(.*)\/ REJECT /.exec(line)?.[1] ?? 'no pattern', 'i'));
  const own = (sender: string) => patterns.some((pattern) => pattern.test(sender));
  const senders = [
    'app@example.test',
    'App+tag@Example.TEST',
    '"a@b"@example.test',
    'app@example.test.',
    'a@xn--bcher-kva.example',
  ];
  expect(senders.filter((sender) => !own(sender))).toEqual([]);
  const others = ['app@sub.example.test', 'app@example.test.evil.example', 'app@example-test', 'app@notexample.test', ''];
  expect(others.filter(own)).toEqual([]);
});

test('takes subdomains of a relayed domain for another domain, unless all of them are named', () => {
  put('/etc/mail/relay-domains', 'relayed.test\n.parent.test\n');
  put('/etc/postfix/stack/virtual-domains', 'relayed.test\nsub.relayed.test\nparent.test\na.b.parent.test\n');
  put('/etc/mail/transport', '.parent.test user-webapp:\n');
  expect(run()).toEqual({ status: 0, problems: [] });
  expect(compiled('stack-virtual-domains')).toBe('sub.relayed.test OK\nparent.test OK\n');
  expect(compiled('verify-recipients')).toBe('relayed.test reject_unverified_recipient\n');
});

describe('parameters that say where mail goes', () => {
  const settings = (line: string) => {
    writeFileSync(join(host, 'main.cf'), `# a comment\nbiff = no\n${line}\n`);
    writeFileSync(
      join(host, 'main.cf.origin'),
      [1, 2, 3, 4].map((number) => `/etc/postfix/main.d/40_local.cf:${number}\n`).join(''),
    );
    return run();
  };

  test.each([
    ['default_transport = nowhere:', "default_transport: 'nowhere' is not a transport of this host: "],
    ['relay_transport = user-wepapp:', "relay_transport: 'user-wepapp' is not a transport of this host: "],
    ['relayhost = [smtp.example.com', "relayhost: '[smtp.example.com' has a next hop whose bracket is not closed: "],
    ['relayhost = 10.0.0.5', "relayhost: '10.0.0.5' has an address as next hop: put it in brackets"],
    ['relayhost =\n  smtp.example.com:', "relayhost: 'smtp.example.com:' ends with a colon: "],
  ])('are refused with their place: %s', (line, problem) => {
    const { status, problems } = settings(line);
    expect({ status, count: problems.length }).toEqual({ status: 1, count: 1 });
    expect(problems[0]).toContain(`/etc/postfix/main.d/40_local.cf:3: ${problem}`);
  });

  test.each([
    'relayhost = [smtp.example.com]:587',
    'relayhost =',
    'relayhost = $mydomain',
    'smtp_fallback_relay = [a.example], [10.0.0.5]:25',
    'default_transport = smtp',
    'virtual_transport = user-webapp:',
  ])('are taken when they lead somewhere: %s', (line) => {
    expect(settings(line)).toEqual({ status: 0, problems: [] });
  });
});

describe('what was in effect before there was the rule that it breaks', () => {
  const theirs = (path: string, content: string) => {
    put(path, content);
    chmodSync(join(host, path), 0o664);
  };
  const tolerantly = () => run('--mailboxes', join(host, 'mailboxes'), '--tolerate');

  beforeEach(() => {
    writeFileSync(join(host, 'mailboxes'), 'root OK\n');
    for (const path of ['/etc/aliases', '/etc/postfix/stack/aliases']) put(path, 'postmaster: root\n');
  });

  test('stays where it only goes wrong together, and is left out line by line where it does not', () => {
    theirs('/etc/mail/local-aliases', 'a: b\nb: a\nlost: no-such-user\nall: :include:/etc/shadow\n');
    theirs(
      '/etc/mail/virtual-aliases',
      'ad.test x\nc@ad.test d@ad.test\nd@ad.test c@ad.test\ne@ad.test f@@g.test\nh@ad.test root\n',
    );
    theirs('/etc/mail/canonical.pcre', '/^a@b$/ c@d.test\n/\u00a0/ e@d.test\n');
    theirs('/etc/mail/transport', 'a.test nowhere:\nb.test smtp:\n');
    const { status, problems } = tolerantly();
    expect({ status, problems }).toEqual({
      status: 0,
      problems: [
        expect.stringContaining('tolerated: /etc/mail/canonical.pcre:2: there is an invisible character'),
        expect.stringContaining("tolerated: /etc/mail/local-aliases:4: ':include:/etc/shadow' would have root read"),
        expect.stringContaining("tolerated: /etc/mail/transport:1: 'nowhere' is not a transport"),
        expect.stringContaining("tolerated: /etc/mail/virtual-aliases:4: 'f@@g.test' has two @"),
        expect.stringContaining('tolerated: /etc/mail/local-aliases:1: '),
        expect.stringContaining("tolerated: /etc/mail/local-aliases:3: 'no-such-user' leads nowhere"),
        expect.stringContaining('tolerated: /etc/mail/virtual-aliases:2: '),
      ],
    });
    expect(compiled('local-aliases')).toBe('a: b\nb: a\nlost: no-such-user\n');
    expect(compiled('virtual-aliases')).toBe('ad.test x\nc@ad.test d@ad.test\nd@ad.test c@ad.test\nh@ad.test root\n');
    expect(compiled('canonical.pcre')).toBe('/^a@b$/ c@d.test\n#\n');
    expect(compiled('transport')).toBe('b.test smtp:\n');
    expect(run('--mailboxes', join(host, 'mailboxes')).status).toBe(1);
  });

  test('is refused when root alone can have written it', () => {
    put('/etc/mail/local-aliases', 'a: b\nb: a\n');
    put('/etc/mail/transport', 'a.test smtp:\n');
    expect(tolerantly()).toEqual({ status: 1, problems: [expect.stringMatching(/^\/etc\/mail\/local-aliases:1: .*circle/)] });
  });
});

test('takes a list of many targets in the time that it takes to read it', () => {
  const targets = Array.from({ length: 10_000 }, (_, index) => `reader${index}@example.test`);
  put('/etc/mail/virtual-aliases', `all@example.com ${targets.join(', ')}\nlong@example.com\n${' a@example.test,\n'.repeat(2)}`);
  const start = performance.now();
  expect(run()).toEqual({
    status: 1,
    problems: ["/etc/mail/virtual-aliases:2: 'a@example.test' is in the list twice, case makes no difference"],
  });
  expect(performance.now() - start).toBeLessThan(8000);
});

const unknownAction = (word: string, meant = '') =>
  `'${word}' is not an action of access(5), and Postfix would put off every mail that matches: use e.g. OK, REJECT with a text, DUNNO, DISCARD, HOLD or 550 with a text${meant}`;

const inIt = (value: string) =>
  `'${value}' has a comment in it, which Postfix would take for a part of the entry: give it a line of its own`;

describe('lines of service users by which root would read, run or write what they name', () => {
  const lines = hostileLines.map((each, index) => ({
    ...each,
    // A file has each key once.
    line: each.line.replace(/^[a-z]/, `$&${index}`),
  }));
  const said = new Map<string, string>();

  beforeAll(() => {
    // Of very many mistakes only the first are reported.
    for (const map of new Set(lines.map((each) => each.map))) {
      const own = lines.filter((each) => each.map === map).map(({ line }) => line);
      for (let first = 0; first < own.length; first += 20) {
        layOut();
        const part = own.slice(first, first + 20);
        put(`/etc/mail/${map}`, part.map((line) => `${line}\n`).join(''));
        chmodSync(join(host, 'etc/mail', map), 0o664);
        for (const problem of run().problems) {
          const [, number, message] = /^[^:]*:(\d+): (.*)$/.exec(problem) ?? [];
          const line = part[Number(number) - 1];
          said.set(`${map} ${line}`, `${said.get(`${map} ${line}`) ?? ''}${message}`);
        }
        rmSync(host, { recursive: true, force: true });
      }
    }
  });

  it.each(lines.map(({ map, line, error }) => [map, line, error] as const))('are refused: %s %j', (map, line, error) => {
    const problem = said.get(`${map} ${line}`);
    expect(problem).toEqual(expect.stringContaining(error));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is asked
    expect(problem).not.toMatch(/[\x00-\x1f\x7f-\xa0\u2000-\u206f]/);
  });

  it('are taken where an administrator wrote them', () => {
    put('/etc/mail/local-aliases', 'list: :include:/etc/mail/list, ":include:/etc/mail/my list"\n');
    chmodSync(join(host, 'etc/mail/local-aliases'), 0o644);
    expect(run()).toEqual({ status: 0, problems: [] });
    expect(compiled('local-aliases')).toBe('list: :include:/etc/mail/list, ":include:/etc/mail/my list"\n');
  });

  it('may name a table where main.cf does, which daemons open at their start', () => {
    put('/etc/mail/access-sender', 'a@b.example check_client_access cidr:/etc/postfix/stack/own\n');
    writeFileSync(
      join(host, 'main.cf'),
      'smtpd_restriction_classes = own\nown = check_client_access cidr:/etc/postfix/stack/own\n',
    );
    expect(run()).toEqual({ status: 0, problems: [] });
    writeFileSync(join(host, 'main.cf'), 'virtual_alias_maps = cidr:/etc/postfix/stack/own\n');
    expect(run().status).toBe(1);
  });
});

describe('a large map, of which nearly all lines are good in any case', () => {
  const LINES: Readonly<Record<string, (n: number) => string>> = {
    'access-helo': (n) => `host${n}.example.net REJECT no thank you`,
    'access-recipient': (n) => `user${n}@example.net 550 5.1.1 gone`,
    'access-sender': (n) => `user.${n}+x@example.net OK`,
    canonical: (n) => `user${n}@example.net other${n}@mail.example.com`,
    transport: (n) => `host${n}.example.net smtp:`,
    'virtual-aliases': (n) => `user${n}@example.net box_${n}`,
  };
  // Near to being good, and not.
  const NEAR = (map: string): string[] => {
    const rest = LINES[map]?.(9999).replace(/^\S+/, '') ?? '';
    const domains = [
      '-x.example',
      'x-.example',
      'x..example',
      'x.example.',
      'x.123',
      `${'a'.repeat(64)}.example`,
      `${'abc.'.repeat(70)}example`,
    ];
    const keys = domains.flatMap((name) => (/helo|transport/.test(map) ? [name] : [`near@${name}`, `.near@${name}`]));
    const values = [
      'REJEKT',
      '600 x',
      'user@-x.example',
      ':include:/etc/shadow',
      '|x',
      'nowhere:',
      'smtp:[x',
      'a..b@c.example',
      'OK\u000bx',
      'x # y',
    ];
    return [...keys.map((key) => key + rest), ...values.map((value, n) => `${LINES[map]?.(9000 + n).split(' ')[0]} ${value}`)];
  };
  const contentOf = (map: string) =>
    compiled(map)
      .split('\n')
      .filter((line) => line && !line.startsWith('#'))
      .sort();

  it.each(Object.keys(LINES))('is judged and compiled as a small one: %s', (map) => {
    const plain = Array.from({ length: 3000 }, (_, n) => LINES[map]?.(n) ?? '');
    const special = ['# a comment', '', `  ${'\t'}`, ...NEAR(map).slice(0, 18)];
    put(`/etc/mail/${map}`, special.map((line) => `${line}\n`).join(''));
    const small = run();
    const few = contentOf(map);
    put(`/etc/mail/${map}`, [...special, ...plain].map((line) => `${line}\n`).join(''));
    expect(run()).toEqual(small);
    expect(small.problems.length).toBeGreaterThan(3);
    expect(contentOf(map)).toEqual([...few, ...plain].sort());
  });

  it.each(Object.keys(LINES))('is taken to the last line, which may lack its end: %s', (map) => {
    put(`/etc/mail/${map}`, Array.from({ length: 3000 }, (_, n) => LINES[map]?.(n) ?? '').join('\n'));
    expect(run()).toEqual({ status: 0, problems: [] });
    expect(contentOf(map)).toHaveLength(3000);
  });

  it('has lines that continue others like a small one', () => {
    const line = LINES['virtual-aliases'] as (n: number) => string;
    put(
      '/etc/mail/virtual-aliases',
      `${Array.from({ length: 3000 }, (_, n) => `${line(n)},\n  more${n}@example.net`).join('\n')}\n`,
    );
    expect(run()).toEqual({ status: 0, problems: [] });
    expect(contentOf('virtual-aliases')[0]).toBe('user0@example.net box_0, more0@example.net');
  });
});

describe('files that are larger than any list of a person', () => {
  it.each([
    [
      '/etc/mail/canonical',
      'x@b.example y@b.example\n'.repeat(1_500_001),
      ':0: cannot be read: has 1500001 lines, the limit is 1500000',
    ],
    [
      '/etc/mail/virtual-aliases',
      `all@b.example ${'x@b.example,'.repeat(100_000)}\n`,
      ':1: the entry is longer than 1048576 characters, which is the limit',
    ],
  ])('are refused with the limit: %s', (path, content, error) => {
    put(path, content);
    expect(run()).toEqual({ status: 1, problems: [`${path}${error}`] });
  });

  it('are refused in few words, however many mistakes there are', () => {
    put('/etc/mail/access-sender', Array.from({ length: 5000 }, (_, n) => `x${n}@b.example no such ${'y'.repeat(n)}\n`).join(''));
    const { problems } = run();
    expect(problems).toHaveLength(21);
    expect(problems[20]).toBe('postfix-gate: and 4980 more'.replace('postfix-gate: ', ''));
    expect(problems.join('').length).toBeLessThan(20_000);
  });
});

describe('the maps that people write', () => {
  it.each([
    ['access-sender', 'bad@example.com REJEKT no\n', 1, unknownAction('REJEKT', '; did you mean REJECT?')],
    ['access-client', '# c\n\n203.0.113.9\tDENY\n', 3, unknownAction('DENY', '; did you mean REJECT?')],
    ['access-helo', 'friend 600 no\n', 1, unknownAction('600')],
    ['access-recipient', 'a@b.example\n', 1, "'a@b.example' has no second column; expected a key, white space and a value"],
    [
      'access-recipient',
      'a@b.example REDIRECT\n',
      1,
      "'REDIRECT' lacks what REDIRECT is to be done with: expected an address, e.g. REDIRECT audit@example.com",
    ],
    ['access-client', 'x OK\ny OK\nX REJECT\n', 3, "'X' is there already in line 1, and only one of them can count"],
    [
      'transport',
      'example.com smtp\n',
      1,
      "'smtp' has no colon: expected transport:nexthop, e.g. smtp:[10.0.0.5]:25 or user-webapp:",
    ],
    [
      'transport',
      '@example.com user-shop:\n',
      1,
      "'user-shop' is not a transport of this host: use smtp, relay, smtp4, lmtp, error, discard or user-NAME of a service user (user-webapp)",
    ],
    ['virtual-aliases', 'a@b.example c@b.example # both\n', 1, inIt('c@b.example # both')],
    ['canonical', 'a@b.example c@b.example #new\n', 1, inIt('c@b.example #new')],
    ['local-aliases', 'info: webapp # the app\n', 1, inIt('webapp # the app')],
    ['transport', 'example.com user-webapp: # the app\n', 1, inIt('user-webapp: # the app')],
    ['transport', 'example.com smtp:[10.0.0.5] # inside\n', 1, inIt('smtp:[10.0.0.5] # inside')],
    ['relay-domains', '@example.com\n', 1, "'@example.com' is not a mail domain: it has an @, give only what follows it"],
    [
      'relay-domains',
      'exa$mple.com\n',
      1,
      "'exa$mple.com' is not a mail domain: '$' is not allowed, only letters, digits and hyphens are",
    ],
    ['virtual-aliases', 'a@b.example\n', 1, "'a@b.example' has no second column; expected a key, white space and a value"],
    [
      'virtual-aliases',
      ' a@b.example c@d.example\n',
      1,
      'begins with white space and so continues the entry above, and there is none: move it to the left',
    ],
    [
      'access-client',
      '# clients\n\t198.51.100.7 OK\n',
      2,
      'begins with white space and so continues the entry above, and there is none: move it to the left',
    ],
    [
      'local-aliases',
      ' info: webapp\n',
      1,
      'begins with white space and so continues the entry above, and there is none: move it to the left',
    ],
    [
      'external-networks',
      '203.0.113.5/24\n',
      1,
      "'203.0.113.5/24' has bits set behind its prefix of 24: did you mean 203.0.113.0/24 or 203.0.113.5/32?",
    ],
    [
      'external-networks',
      '10.0.0.0/8\n0.0.0.0/0\n',
      2,
      "'0.0.0.0/0' is the whole internet: everyone could send through this host",
    ],
    [
      'transport',
      'example.com smtp:\n@example.com relay:\n',
      2,
      "'@example.com' is there already in line 1, and only one of them can count",
    ],
    ['external-networks', '10.0.0.5\n10.0.0.5/32\n', 2, "'10.0.0.5/32' is there already in line 1"],
    [
      'relay-domains',
      'a.example b.example\n',
      1,
      "'b.example' stands behind 'a.example', where it counts for nothing: write one domain a line",
    ],
    ['local-aliases', 'root ops@a.example\n', 1, "'root ops@a.example' has no colon; expected name: target, target"],
    ['local-aliases', 'root:\n', 1, "'root' has no target; expected name: target, target"],
    [
      'virtual-aliases',
      'a@b.example c@d.example, @e.example\n',
      1,
      "'@e.example' keeps the part before the @, which only the one target of an entry can do: name addresses",
    ],
    ['access-sender', 'r\0e\0j\0', 0, 'cannot be read: is not plain text: it has null bytes, as UTF-16 has; save it as UTF-8'],
    ['external-networks', '::/0\n', 1, "'::/0' is the whole internet: everyone could send through this host"],
    [
      'external-networks',
      '1.0.0.0/9\n10.0.0.0/8\n1.0.0.0/10\n2.0.0.0/9\n3.0.0.1\n',
      5,
      "with '3.0.0.1' the networks of this list are a large part of the internet, and all of it could send through this host",
    ],
    [
      'external-networks',
      '2600::/16\nfd00::/8\n2a00:1450::/32\n',
      3,
      "with '2a00:1450::/32' the networks of this list are a large part of the internet, and all of it could send through this host",
    ],
    ['external-networks', '10.0.0.0/8 REJECT\n', 1, "'10.0.0.0/8 REJECT': expected one address or network a line"],
    [
      'external-networks',
      'office.example\n',
      1,
      "'office.example' is not an address or CIDR network: expected e.g. 203.0.113.0/24 or 2001:db8::/48",
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
    put('/etc/mail/relay-domains', 'example.com\nexample.net # ours\nexample.org yes\n');
    expect(run().status).toBe(0);
    expect(compiled('relay-domains')).toBe('example.com OK\nexample.net # ours\nexample.org yes\n');
  });

  it.each<[string, string, string, string, string]>([
    ['the mark of an editor', 'relay-domains', '\ufeffexample.com\n', 'relay-domains', 'example.com OK\n'],
    [
      'lines that end in two characters',
      'transport',
      'a.example smtp:\r\nb.example :\r\n',
      'transport',
      'a.example smtp:\nb.example :\n',
    ],
    ['the same in aliases', 'local-aliases', 'root: ops@a.example\r\n', 'local-aliases', 'root: ops@a.example\n'],
    ['the same in patterns', 'canonical.pcre', '/^a/ b\r\n', 'canonical.pcre', '/^a/ b\n'],
    ['tabs', 'access-sender', 'bad.example\t\tREJECT\tno\n', 'access-sender', 'bad.example REJECT\tno\n'],
    ['a last line without an end', 'relay-domains', 'example.com', 'relay-domains', 'example.com OK\n'],
    ['a remark behind a network', 'external-networks', '203.0.113.0/24 # office\n', 'external-networks', '203.0.113.0/24 OK\n'],
    ['capitals of an address', 'external-networks', '2001:DB8::/48\n', 'external-networks', '2001:db8::/48 OK\n'],
    [
      'a domain of aliases',
      'virtual-aliases',
      'a.example anything\nx@a.example root\n',
      'virtual-aliases',
      'a.example anything\nx@a.example root\n',
    ],
  ])('forgives %s', (_what, map, content, name, expected) => {
    put(`/etc/mail/${map}`, content);
    expect(run()).toEqual({ status: 0, problems: [] });
    expect(compiled(name)).toBe(expected);
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

  it('leaves a domain that the service users relay to them, though the stack knows aliases in it', () => {
    put('/etc/mail/relay-domains', 'Relayed.example\n');
    put('/etc/postfix/stack/virtual-domains', 'only.example\nrelayed.example\nsub.relayed.example\nnot-relayed.example\n');
    expect(run()).toEqual({ status: 0, problems: [] });
    expect(compiled('stack-virtual-domains')).toBe('only.example OK\nsub.relayed.example OK\nnot-relayed.example OK\n');
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
