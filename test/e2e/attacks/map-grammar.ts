import fc from 'fast-check';
import { blank, lineEnd, odd, rarely } from './fragment-grammar';

/** A map that a service user could have written. */
export interface MapCase {
  readonly map: string;
  readonly text: string;
}

const address = fc.constantFrom(
  'a@example.test',
  'B@Example.TEST',
  '@example.test',
  'user',
  'x+y@sub.example.test',
  '"a b"@example.test',
  'example.test',
  '.example.test',
  '*',
  'postmaster',
);
const key = rarely(
  address,
  fc.oneof(odd, fc.constantFrom('198.51.100.7', '2001:db8::7', '198.51.100', 'mail.host.test', '<>', 'MAILER-DAEMON')),
);
const target = rarely(
  fc.constantFrom('b@example.test', '@other.test', 'webapp', 'c@d.test, e@f.test', '"x y"@example.test'),
  fc.oneof(odd, fc.constantFrom(':include:/etc/shadow', '|/bin/true', '/tmp/x', 'a@b.test # why', '"|/bin/true"', 'a, , b')),
);
const action = rarely(
  fc.constantFrom('OK', 'REJECT', 'REJECT not you', 'dunno', '450 4.7.1 later', 'PREPEND X: y'),
  fc.oneof(odd, fc.constantFrom('check_client_access cidr:/etc/shadow', 'FILTER smtp:[198.51.100.1]')),
);
const route = rarely(fc.constantFrom('smtp:[198.51.100.1]:25', 'user-webapp:', 'error:no such', 'smtp:mail.test', ':'), odd);

const table = (map: string, value: fc.Arbitrary<string>) => {
  const entry = fc
    .tuple(rarely(fc.constant(''), blank), key, blank, value, rarely(fc.constant(''), blank), lineEnd)
    .map((parts) => parts.join(''));
  const other = fc.constantFrom('# a comment\n', '\n', '  \n', 'a@b.test\n  c@d.test\n', '#\n continued\n');
  return fc
    .array(fc.oneof({ weight: 4, arbitrary: entry }, { weight: 1, arbitrary: other }), { minLength: 1, maxLength: 4 })
    .map((lines): MapCase => ({ map, text: lines.join('') }));
};

const name = rarely(
  fc.constantFrom('info', 'Sales', '"two words"', 'postmaster', 'a.b'),
  fc.oneof(odd, fc.constantFrom('owner-x', 'a:b', '"a')),
);
const aliasText = fc
  .array(
    fc
      .tuple(rarely(fc.constant(''), blank), name, fc.constantFrom(':', ' : ', ':\t', ': '), target, lineEnd)
      .map((parts) => parts.join('')),
    { minLength: 1, maxLength: 4 },
  )
  .map((lines): MapCase => ({ map: 'local-aliases', text: lines.join('') }));

/** Lines of any kind, as a map that is not a table of keys and values has them. */
const lines = (map: string, line: fc.Arbitrary<string>) =>
  fc
    .array(
      fc.oneof(
        {
          weight: 4,
          arbitrary: fc
            .tuple(rarely(fc.constant(''), blank), line, rarely(fc.constant(''), blank), lineEnd)
            .map((parts) => parts.join('')),
        },
        { weight: 1, arbitrary: fc.constantFrom('# a comment\n', '\n', '  \n', '#\n continued\n') },
      ),
      { minLength: 1, maxLength: 5 },
    )
    .map((parts): MapCase => ({ map, text: parts.join('') }));

const network = rarely(
  fc.constantFrom(
    '198.51.100.0/24',
    '198.51.100.7',
    '10.0.0.0/8',
    '2001:db8::/32',
    '[2001:db8:1::]/48',
    '2001:DB8::7',
    '192.168.1.0/25 OK',
  ),
  fc.oneof(
    odd,
    fc.constantFrom(
      '0.0.0.0/0',
      '198.51.100.7/24',
      '::/0',
      '010.0.0.0/8',
      '10.0.0.0/8 REJECT',
      '10.1/16',
      '10.0.0.0/8 # why',
      '!10.0.0.0/8',
      'if 10.0.0.0/8',
      '::ffff:10.0.0.1',
    ),
  ),
);
const domain = rarely(
  fc.constantFrom('example.com', 'Example.ORG', '.example.net', 'sub.example.com', 'example.com OK', 'other.test relay'),
  fc.oneof(
    odd,
    fc.constantFrom('*.example.com', 'example', 'a.test, b.test', '@example.com', 'example.com # why', 'example.com.'),
  ),
);
const pattern = rarely(
  fc.constantFrom(
    '/^(.*)@old\\.test$/ ${1}@new.test',
    '/^(.*)@(old|older)\\.test$/i $1@$2.new.test',
    '/x/ y@z.test',
    '!/@kept\\.test$/ other@z.test',
    'if /@z\\.test$/',
    'endif',
    '/^a@/   b@c.test  ',
    '/a b/ c@d.test',
    '/^user$/x user@home.test # a part of the answer',
  ),
  fc.oneof(odd, fc.constantFrom('/(/ a@b.test', '/a/', 'a@b.test c@d.test', '/a/q b@c.test', '/a/ $9', '/^(?i)a/ b@c.test')),
);

export const maps: fc.Arbitrary<MapCase> = fc.oneof(
  lines('external-networks', network),
  lines('relay-domains', domain),
  lines('canonical.pcre', pattern),
  table('access-client', action),
  table('access-helo', action),
  table('access-sender', action),
  table('access-recipient', action),
  table('canonical', target),
  table('virtual-aliases', target),
  table('transport', route),
  aliasText,
  aliasText,
);
