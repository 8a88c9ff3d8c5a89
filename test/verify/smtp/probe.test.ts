import { checkPorts, checkSmtp, probeSmtp, type SmtpPicture } from '../../../lib/verify';
import { type SmtpBehaviour, selfSigned, smtpServer } from '../support/smtp-server';

// A busy machine answers late, and late is not never.
jest.setTimeout(60_000);

const certificate = selfSigned();
const good: Record<25 | 587 | 465, SmtpBehaviour> = {
  25: { plain: ['SIZE 52428800', 'STARTTLS'], secure: ['SIZE 52428800'] },
  587: { plain: ['STARTTLS'], secure: ['AUTH PLAIN LOGIN'] },
  465: { implicitTls: true, secure: ['AUTH PLAIN LOGIN'] },
};

/** Everything that is not well on a port of a server that behaves so. */
async function faults(port: 25 | 587 | 465, behaviour: SmtpBehaviour = {}, signedFor = certificate) {
  const server = await smtpServer({ ...good[port], ...behaviour }, signedFor);
  try {
    const picture = await probeSmtp('127.0.0.1', port, {
      heloName: 'mail.example.com',
      domains: ['example.com'],
      portMap: { [port]: server.port },
      timeoutMilliseconds: behaviour.silent ? 300 : 10_000,
    });
    const findings = checkSmtp(picture, 'mail.example.com').filter(({ state }) => state !== 'ok');
    for (const { state, expected, fix } of findings) if (state !== 'note') expect(expected && fix?.text).toBeTruthy();
    return { picture, seen: server.seen, told: findings.map(({ check, state, problem }) => `${state} ${check}: ${problem}`) };
  } finally {
    await server.close();
  }
}

const untrusted = {
  25: /^note certificate: not trusted/,
  other: /^warning certificate: mail programs warn, or refuse: it is signed by itself/,
};
const matching = (...patterns: RegExp[]) => patterns.map((pattern) => expect.stringMatching(pattern));

describe('the dialogue with a mail server', () => {
  test.each([25, 587, 465] as const)('finds nothing wrong on port %s but a certificate of its own making', async (port) => {
    const { told, picture } = await faults(port);
    expect(told).toEqual(matching(port === 25 ? untrusted[25] : untrusted.other));
    expect(picture).toMatchObject({
      banner: '220 mail.example.com ESMTP',
      ehlo: 'mail.example.com',
      tls: { names: ['mail.example.com'], protocol: 'TLSv1.3' },
    });
  });

  test('names the protocol and the cipher that are too weak', async () => {
    const { picture } = await faults(465, { tls: { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } });
    expect(picture.weakTls).toEqual(matching(/^TLSv1\.1 \S+$/, /^TLSv1\.2 A(EC)?DH-\S+$/));
    expect((await faults(465)).picture.weakTls).toEqual([]);
  });

  test('never goes so far that mail is sent', async () => {
    const { seen } = await faults(25, { rcpt: () => '250 2.1.5 Ok' });
    expect(seen.filter((line) => /^RCPT/.test(line))).toHaveLength(10);
    expect(seen.filter((line) => /^(DATA|BDAT)/i.test(line))).toEqual([]);
    expect(seen.at(-1)).toBe('QUIT');
  });

  test.each<[string, 25 | 587 | 465, SmtpBehaviour, RegExp[]]>([
    [
      'another name in the banner',
      25,
      { banner: '220 ip-10-0-0-25 ESMTP Postfix' },
      [/^critical banner: the host calls itself by another name/, untrusted[25]],
    ],
    ['another name in the reply to EHLO', 25, { name: 'localhost' }, [/^critical banner: /, untrusted[25]]],
    ['no STARTTLS', 25, { plain: [] }, [/^critical tls: mail comes in unencrypted/]],
    ['no STARTTLS for users', 587, { plain: [] }, [/^critical tls: nobody can log in/, /^note auth: /]],
    ['STARTTLS that is refused', 25, { brokenTls: 'refused' }, [/^critical tls: /]],
    ...([587, 465] as const).flatMap((port): [string, 587 | 465, SmtpBehaviour, RegExp[]][] => [
      [
        `TLS 1.0 and 1.1 on port ${port}`,
        port,
        { tls: { minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' } },
        [/^warning tls: whoever is in between can have a mail program speak weak TLS/, untrusted.other],
      ],
      [
        `anonymous ciphers on port ${port}`,
        port,
        { tls: { ciphers: 'ALL:@SECLEVEL=0' } },
        [/^warning tls: whoever is in between can have a mail program speak weak TLS/, untrusted.other],
      ],
      [
        `a cipher that encrypts nothing on port ${port}`,
        port,
        { tls: { ciphers: 'ALL:eNULL:!aNULL:@SECLEVEL=0' } },
        [/^warning tls: whoever is in between can have a mail program speak weak TLS/, untrusted.other],
      ],
    ]),
    [
      'old TLS on port 25, which is better than none',
      25,
      { tls: { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } },
      [untrusted[25]],
    ],
    ['a login on port 25', 25, { secure: ['AUTH PLAIN'] }, [untrusted[25], /^critical auth: port 25 is for other servers/]],
    ['a login on port 25 in clear text', 25, { plain: ['STARTTLS', 'AUTH=LOGIN'] }, [untrusted[25], /^critical auth: /]],
    [
      'a login before TLS',
      587,
      { plain: ['STARTTLS', 'AUTH PLAIN'] },
      [untrusted.other, /^critical auth: passwords can be sent, and read, in clear text/],
    ],
    ['no login at all', 465, { secure: [] }, [untrusted.other, /^warning auth: applications cannot log in/]],
    [
      'an open relay',
      25,
      { rcpt: () => '250 2.1.5 Ok' },
      [untrusted[25], /^critical relay: the host takes mail of strangers/, /^critical subdomains: /, /^warning unknown: /],
    ],
    [
      'a relay for its own domains',
      25,
      { rcpt: (_, from) => (from.includes('postmaster@example.com') ? '250 Ok' : '454 no') },
      [untrusted[25], /^critical relay: /],
    ],
    [
      'a relay without a sender',
      587,
      { rcpt: (_, from) => (from.includes('<>') ? '250 Ok' : '554 no') },
      [untrusted.other, /^critical relay: /],
    ],
    [
      'a relay by a percent sign',
      25,
      { rcpt: (to) => (to.includes('%') ? '250 Ok' : '454 no') },
      [untrusted[25], /^critical relay: /],
    ],
    [
      'a relay for subdomains of its domains',
      25,
      { rcpt: (to) => (to.includes('@no-such-host.example.com>') ? '250 Ok' : '454 no') },
      [untrusted[25], /^critical subdomains: the host takes mail of strangers for every name below example\.com/],
    ],
    [
      'a relay that puts off',
      25,
      { rcpt: () => '451 4.3.0 Try again' },
      [untrusted[25], /^note relay: put off/, /^note subdomains: put off/, /^note unknown: put off/],
    ],
    ['a relay that says 454', 25, { rcpt: () => '454 4.7.1 Relay access denied' }, [untrusted[25]]],
    ...(
      [
        ['a name that nobody has', /<no-such-user-\w+@/],
        ['a name that nobody has, with an extension', /<no-such-user-\w+\+tag@/],
        ['an account of the system', /<sys@mail\.example\.com>/],
      ] as const
    ).map(
      ([what, taken]) =>
        [
          `mail that is taken for ${what}`,
          25,
          { rcpt: (to: string) => (taken.test(to) ? '250 Ok' : '550 no') },
          [untrusted[25], /^warning unknown: the host takes mail for recipients that nobody has/, /^warning postmaster: /],
        ] as [string, 25, SmtpBehaviour, RegExp[]],
    ),
    [
      'a postmaster that is not there',
      25,
      { rcpt: () => '550 5.1.1 User unknown' },
      [untrusted[25], /^warning postmaster: complaints/],
    ],
    ['a client that is turned away', 25, { banner: '554 5.7.1 no' }, [/^critical port: the server turns this client away/]],
    ['a server that says nothing', 587, { silent: true }, [/^warning port: nobody answers on port 587/]],
  ])('tells %s', async (_, port, behaviour, expected) => {
    expect((await faults(port, behaviour)).told).toEqual(matching(...expected));
  });

  test('does not try subdomains that are meant to be taken', async () => {
    const server = await smtpServer(good[25], certificate);
    const options = { heloName: 'mail.example.com', domains: ['example.com', 'example.net'], withSubdomains: ['example.com'] };
    try {
      await probeSmtp('127.0.0.1', 25, { ...options, portMap: { 25: server.port } });
    } finally {
      await server.close();
    }
    expect(server.seen.filter((line) => line.includes('@no-such-host.'))).toEqual([
      'RCPT TO:<relay-test@no-such-host.example.net>',
    ]);
  });

  test('asks for nobody in domains of which every recipient is known, and in no others', async () => {
    const server = await smtpServer(good[25], certificate);
    const options = {
      heloName: 'mail.example.com',
      domains: ['example.com', 'example.net'],
      withKnownRecipients: ['example.net'],
    };
    try {
      await probeSmtp('127.0.0.1', 25, { ...options, portMap: { 25: server.port } });
    } finally {
      await server.close();
    }
    const asked = server.seen.filter((line) => line.startsWith('RCPT TO:<no-such-user-'));
    expect(asked.map((line) => line.replace(/user-\w+/, 'user'))).toEqual(
      ['mail.example.com', 'example.net'].flatMap((domain) => [
        `RCPT TO:<no-such-user@${domain}>`,
        `RCPT TO:<no-such-user+tag@${domain}>`,
      ]),
    );
  });

  test('tells TLS that does not come about', async () => {
    const { told } = await faults(25, { brokenTls: 'garbage' });
    expect(told[0]).toMatch(/^critical tls: mail comes in unencrypted/);
  });

  test('tells a closed port', async () => {
    const picture = await probeSmtp('127.0.0.1', 25, { heloName: 'mail.example.com', domains: [], portMap: { 25: 1 } });
    expect(checkSmtp(picture, 'mail.example.com')).toMatchObject([
      { check: 'port', state: 'critical', found: expect.stringContaining('ECONNREFUSED') },
    ]);
  });

  test('tells a certificate for another name, and one that ends soon', async () => {
    expect((await faults(587, {}, selfSigned('other.example.com'))).told).toEqual(
      matching(/^critical certificate: it is for another name/),
    );
    expect((await faults(587, {}, selfSigned('mail.example.com', 10))).told).toEqual(
      matching(/^warning certificate: it ends in (9|10) days/),
    );
    expect((await faults(25, {}, selfSigned('*.example.com', 3))).told).toEqual(
      matching(/^critical certificate: it ends in [23] days/),
    );
  });
});

describe('a server that never ends', () => {
  test.each<[string, Partial<SmtpBehaviour>, RegExp]>([
    ['a line', { banner: `220 ${'x'.repeat(2_000_000)}` }, /^the server was hung up on: a line of more than 8192 characters$/],
    [
      'a reply',
      { plain: Array.from({ length: 100_000 }, (_, index) => `X${index}`) },
      /^the server was hung up on: a reply of more than 200 lines$/,
    ],
  ])('is hung up on: %s', async (_, behaviour, problem) => {
    const { picture } = await faults(25, behaviour);
    expect(picture.problem).toMatch(problem);
    expect(JSON.stringify(picture).length).toBeLessThan(20_000);
  });
});

describe('a certificate', () => {
  const tls = {
    protocol: 'TLSv1.3',
    names: ['mail.example.com'],
    validFrom: '2026-01-01T00:00:00.000Z',
    validTo: '2027-01-01T00:00:00.000Z',
    issuer: 'An Authority',
    selfSigned: false,
  };
  const picture: SmtpPicture = {
    address: '198.51.100.25',
    port: 465,
    banner: '220 mail.example.com',
    ehlo: 'mail.example.com',
    secure: ['AUTH PLAIN'],
    postmasters: [],
    tls,
    relay: [],
    subdomains: [],
    unknown: [],
    milliseconds: 1,
  };

  test.each([
    ['2026-06-01', 'ok'],
    ['2026-12-20', 'warning'],
    ['2026-12-30', 'critical'],
    ['2027-01-02', 'critical'],
    ['2025-12-01', 'critical'],
  ])('on %s is %s', (day, state) => {
    expect(checkSmtp(picture, 'mail.example.com', new Date(day)).find(({ check }) => check === 'certificate')?.state).toBe(state);
  });

  describe('that several ports have', () => {
    const now = new Date('2027-01-02');
    const ports = ([25, 465, 587] as const).map(
      (port): SmtpPicture => ({ ...picture, port, secure: port === 25 ? [] : picture.secure }),
    );
    const told = (pictures: readonly SmtpPicture[], at = now) =>
      checkPorts(pictures, 'mail.example.com', at)
        .filter(({ state }) => state !== 'ok' && state !== 'note')
        .map(({ state, title, subject, problem }) => `${state} ${title}: ${problem} (${subject})`);

    test('is one fault that names the ports', () => {
      expect(told(ports)).toEqual([
        'critical Certificate, ports 25, 465 and 587: it ended on 2027-01-01 (198.51.100.25 ports 25, 465 and 587)',
      ]);
    });
    test('is as bad as at the port where it is worst', () => {
      const other = ports.map((each): SmtpPicture => ({ ...each, tls: { ...tls, names: ['other.example.com'] } }));
      expect(told(other, new Date('2026-06-01'))).toEqual([
        expect.stringMatching(/^critical Certificate, ports 25, 465 and 587: it is for another name/),
      ]);
    });
    test('is one fault at two addresses', () => {
      expect(told([...ports, ...ports.map((each): SmtpPicture => ({ ...each, address: '2001:db8::25' }))])).toEqual([
        expect.stringMatching(/\(198\.51\.100\.25 and 2001:db8::25 ports 25, 465 and 587\)$/),
      ]);
    });
    test('are two faults where there are two certificates', () => {
      const [first, ...rest] = ports as [SmtpPicture, ...SmtpPicture[]];
      const others = [{ ...first, tls: { ...tls, validTo: '2026-12-31T00:00:00.000Z' } }, ...rest];
      expect(told(others)).toHaveLength(2);
    });
  });

  test('a port that nobody answers on is reported once, with both ports that have the same fix', () => {
    const silent = ([25, 465, 587] as const).map(
      (port): SmtpPicture => ({ ...picture, port, banner: undefined, problem: 'refused' }),
    );
    const told = checkPorts(silent, 'mail.example.com').map(({ title, problem, fix }) => [
      title,
      problem,
      fix?.text.slice(0, 44),
    ]);
    expect(told).toEqual([
      ['Connection, port 25', 'nobody answers on port 25: the host receives no mail from here', expect.anything()],
      [
        'Connection, ports 465 and 587',
        'nobody answers on ports 465 and 587',
        'see that Postfix listens on ports 465 and 587'.slice(0, 44),
      ],
    ]);
  });
});
