import fc from 'fast-check';

/** Characters that readers stumble over: controls, blanks of other kinds, what changes the direction of a text, halves of a pair. */
const ODD = [
  '\0',
  '\t',
  '\v',
  '\f',
  '\r',
  '\n',
  '\x1b',
  '\x7f',
  '\x85',
  '\u00a0',
  '\u2028',
  '\u202e',
  '\ufeff',
  '\ud800',
  '\udfff',
  '😀',
];

/** Names that every object has. */
export const INHERITED = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'] as const;

export const odd = fc.constantFrom(...ODD);

/** Any text at all. */
export const anyText = (maxLength = 40) =>
  fc.string({ unit: fc.oneof(fc.string({ minLength: 1, maxLength: 1 }), odd), maxLength });

/** Pieces put together; one piece may come very often, as in a text that is made to keep a reader busy. */
export const madeOf = (...pieces: fc.Arbitrary<string>[]) =>
  fc
    .array(
      fc.tuple(
        fc.oneof(...pieces),
        fc.oneof({ weight: 20, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 5000 }) }),
      ),
      {
        maxLength: 12,
      },
    )
    .map((parts) =>
      parts
        .map(([text, times]) => text.repeat(times))
        .join('')
        .slice(0, 65_535),
    );

/** A good text with some changes: parts cut out, put in, exchanged or repeated. */
export const mutated = (good: fc.Arbitrary<string>) =>
  fc
    .tuple(good, fc.array(fc.tuple(fc.nat(), fc.nat(8), fc.oneof(anyText(6), fc.constantFrom(...INHERITED))), { maxLength: 4 }))
    .map(([text, edits]) =>
      edits.reduce((so, [at, cut, put]) => {
        const place = so.length === 0 ? 0 : at % so.length;
        return so.slice(0, place) + put + so.slice(place + cut);
      }, text),
    );

export const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
export const domainName = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
