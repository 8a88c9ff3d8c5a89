import fc from 'fast-check';

/** Blanks, line ends and bytes that programs read in different ways. */
const BLANKS = [
  ' ',
  '\t',
  '  ',
  '\n ',
  '\n\t',
  '\v',
  '\f',
  '\r',
  '\r\n',
  '\r\n ',
  '\x85',
  '\u00a0',
  '\u2028',
  '\0',
  '\x1c',
  '\\\n',
];
export const blank = fc.oneof({ weight: 12, arbitrary: fc.constant(' ') }, { weight: 1, arbitrary: fc.constantFrom(...BLANKS) });
export const lineEnd = fc.oneof(
  { weight: 12, arbitrary: fc.constant('\n') },
  { weight: 1, arbitrary: fc.constantFrom('', '\r\n', '\n\n', '\n \n', '\v', '\r', '\n#\n', '\n # x\n') },
);
export const rarely = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: odd });
export const odd = fc.constantFrom(
  '',
  '"',
  "'",
  '#',
  ',',
  '{',
  '}',
  '$',
  '\\',
  '=',
  ':',
  '\ufeff',
  '\u202e',
  'É',
  '\x1b[2J',
  '/etc/shadow',
);

/** A fragment of main.cf that service users could have written, and what else is in their file. */
export interface FragmentsCase {
  readonly fragments: Readonly<Record<string, string>>;
  readonly names: readonly string[];
  /** Uses every parameter of their own, or it would be none. */
  readonly uses: string;
}

const NAMES = [
  'smtpd_banner',
  'delay_warning_time',
  'message_size_limit',
  'hs_word',
  'hs_other',
  'smtpd_error_sleep_time',
  'user-webapp_destination_recipient_limit',
];
const word = fc.oneof(
  fc.constantFrom(
    '4h',
    '1',
    '$myhostname',
    'ESMTP',
    'hello',
    '${hs_word}',
    '$hs_other',
    '10',
    '5s',
    'a,b',
    '{a b}',
    '${hs_word?x}',
  ),
  odd,
);
const value = fc.array(fc.tuple(word, blank), { minLength: 1, maxLength: 3 }).map((parts) => parts.flat().join(''));
const setting = fc.tuple(
  rarely(fc.constant(''), blank),
  fc.constantFrom(...NAMES),
  blank,
  rarely(fc.constant('='), odd),
  blank,
  value,
  lineEnd,
);
const ordinary = fc.constantFrom(
  'smtpd_banner = $myhostname ESMTP $hs_word\n',
  'hs_word = hello\n',
  'hs_other = $hs_word there\n',
  'delay_warning_time = 4h\n',
  'message_size_limit =\n  10240000\n',
  '# a comment\n',
  '\n',
);
const text = fc
  .array(fc.oneof({ weight: 3, arbitrary: ordinary }, { weight: 1, arbitrary: setting.map((parts) => parts.join('')) }), {
    maxLength: 5,
  })
  .map((lines) => lines.join(''));
const ending = rarely(fc.constant(''), fc.constantFrom('delay_warning_time =', 'smtpd_banner = x', ' continued', '\\', '#', '"'));

export const fragments: fc.Arbitrary<FragmentsCase> = fc.tuple(text, ending, text, ending).map(([one, end, two, last]) => ({
  fragments: { '41_a.cf': one + end, '42_b.cf': two + last },
  names: NAMES,
  uses: '$hs_word $hs_other',
}));
