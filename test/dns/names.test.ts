import { absoluteName, hostNameProblem, isWithin, normalizeName, sameName } from '../../lib/dns';

describe('names are compared as DNS compares them', () => {
  test.each([
    ['mail.example.com', 'mail.example.com', true],
    ['mail.example.com', 'MAIL.Example.COM', true],
    ['mail.example.com', 'mail.example.com.', true],
    ['mail.example.com', 'mail.example.com..', false],
    ['mail.example.com', 'example.com', false],
    ['mail.example.com', 'mail.example.org', false],
    ['mail.example.com', ' mail.example.com', false],
    ['mail.example.com', 'mail', false],
  ])('%s and %s: same is %s', (a, b, same) => {
    expect(sameName(a, b)).toBe(same);
    expect(sameName(b, a)).toBe(same);
  });

  test('the final dot goes, and comes back where data needs it', () => {
    expect(normalizeName('Mail.Example.Com.')).toBe('mail.example.com');
    expect(absoluteName('Mail.Example.Com')).toBe('mail.example.com.');
    expect(absoluteName('mail.example.com.')).toBe('mail.example.com.');
  });

  test.each([
    ['mail.example.com', 'example.com', true],
    ['example.com', 'example.com.', true],
    ['a.b.EXAMPLE.com', 'example.COM', true],
    ['xexample.com', 'example.com', false],
    ['example.com', 'mail.example.com', false],
    ['25.100.51.198.in-addr.arpa', '100.51.198.in-addr.arpa', true],
  ])('%s within %s: %s', (name, zone, within) => expect(isWithin(name, zone)).toBe(within));
});

describe('a host name with a domain', () => {
  test.each([
    'mail.example.com',
    'mail.example.com.',
    'MAIL.Example.Com',
    'mx1.mail.example.co.uk',
    'xn--bcher-kva.example',
    '1.example.com',
    `${'a'.repeat(63)}.example.com`,
  ])('accepts %s', (name) => expect(hostNameProblem(name)).toBeUndefined());

  test.each([
    ['', 'it is empty'],
    ['.', 'it has no domain'],
    ['mail', 'it has no domain'],
    ['localhost.', 'it has no domain'],
    ['mail .example.com', 'white space'],
    ['mail.example.com\n', 'white space'],
    ['postmaster@example.com', 'a mail address'],
    ['198.51.100.25', 'an address, not a name'],
    ['[198.51.100.25]', 'an address, not a name'],
    ['2001:db8::25', 'an address, not a name'],
    ['smtp://mail.example.com', 'an address, not a name'],
    ['mail..example.com', 'a dot too many'],
    ['.example.com', 'a dot too many'],
    ['mail.example.com..', 'a dot too many'],
    ['-mail.example.com', 'its label "-mail"'],
    ['mail-.example.com', 'its label "mail-"'],
    ['mail_1.example.com', 'its label "mail_1"'],
    ['ma!l.example.com', 'its label "ma!l"'],
    ['*.example.com', 'its label "*"'],
    ['bücher.example', 'outside ASCII'],
    [`${'a'.repeat(64)}.example.com`, 'has 64 characters, DNS allows 63'],
    [`${'a.'.repeat(126)}example`, 'has 259 characters, DNS allows 253'],
    ['mail.example.123', 'its last label is a number'],
  ])('refuses %j: %s', (name, problem) => expect(hostNameProblem(name)).toContain(problem));
});
