import { absoluteName, isWithin, normalizeName, sameName } from '../../lib/dns';

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
