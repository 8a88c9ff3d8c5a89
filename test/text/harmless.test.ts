import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { harmless, harmlessJson, harmlessLines, harmlessValues } from '../../lib/text/harmless';

const hidden: readonly [what: string, text: string, shown: string][] = [
  ['an escape that clears the screen', 'a\x1b[2Jb', 'a\\u{1b}[2Jb'],
  ['a title of the window, ended by a bell', '\x1b]0;owned\x07', '\\u{1b}]0;owned\\u{7}'],
  [
    'a link that says one thing and is another',
    '\x1b]8;;https://evil.example\x1b\\ok',
    '\\u{1b}]8;;https://evil.example\\u{1b}\\ok',
  ],
  ['a control sequence in one byte (C1)', 'a\u009b31mb', 'a\\u{9b}31mb'],
  ['the next line of C1', 'a\u0085b', 'a\\u{85}b'],
  ['a return that writes over the line', 'critical\rok      ', 'critical\\u{d}ok      '],
  ['backspaces', 'no\b\byes', 'no\\u{8}\\u{8}yes'],
  ['a delete', 'a\x7fb', 'a\\u{7f}b'],
  ['a null', 'a\0b', 'a\\u{0}b'],
  ['an override of the direction', 'a\u202egnp.exe', 'a\\u{202e}gnp.exe'],
  ['isolates', '\u2066a\u2069', '\\u{2066}a\\u{2069}'],
  ['marks of direction', '\u200e\u200f\u061c', '\\u{200e}\\u{200f}\\u{61c}'],
  ['spaces of no width', 'pay\u200bpal\u200d\u200c\u2060\ufeff', 'pay\\u{200b}pal\\u{200d}\\u{200c}\\u{2060}\\u{feff}'],
  ['separators of lines and paragraphs', 'a\u2028b\u2029c', 'a\\u{2028}b\\u{2029}c'],
  ['a soft hyphen', 'a\u00adb', 'a\\u{ad}b'],
  ['letters that are nothing', 'a\u3164\u115f\u034f', 'a\\u{3164}\\u{115f}\\u{34f}'],
  ['tags, which are whole texts', 'a\u{e0041}', 'a\\u{e0041}'],
  ['variants of a letter', 'a\ufe0f\u{e0100}', 'a\\u{fe0f}\\u{e0100}'],
  ['half a pair', 'a\ud800b', 'a\\u{d800}b'],
];

describe('text of others', () => {
  test.each(hidden)('shows %s', (_what, text, shown) => {
    expect(harmless(text)).toBe(shown);
    expect(harmlessLines(text)).toBe(shown);
  });

  test('stays what it is where there is nothing to hide', () => {
    for (const text of ['', 'plain', 'Grüße, 你好, Привет 🙂', '"\\u{1b}" <&>', 'a\u00a0b', 'עברית'])
      expect(harmless(text)).toBe(text);
  });

  test('of one line has no line breaks, that of several keeps them and tabs', () => {
    expect(harmless('a\nb\tc')).toBe('a\\u{a}b\\u{9}c');
    expect(harmlessLines('a\r\nb\tc\n')).toBe('a\nb\tc\n');
  });

  test('is cut, and says how much is missing', () => {
    expect(harmless('x'.repeat(5000))).toBe(`${'x'.repeat(4000)}… (1000 more characters)`);
    expect(harmlessLines('\x1b'.repeat(20), 3)).toBe('\\u{1b}\\u{1b}\\u{1b}… (17 more characters)');
  });

  test('as JSON is read back as it was, and shows nothing raw', () => {
    for (const [, text] of hidden) {
      const json = harmlessJson({ [text]: [text] }, 2);
      expect(JSON.parse(json)).toEqual({ [text]: [text] });
      expect(json).toMatch(/^[\x20-\x7e\n]*$/);
    }
  });

  test('is found in whatever holds it', () => {
    const value = { a: ['\x1b'], b: { '\u202e': 1 }, c: null, d: true };
    expect(harmlessValues(value)).toEqual({ a: ['\\u{1b}'], b: { '\\u{202e}': 1 }, c: null, d: true });
  });
});

/** Where this program says something, and what makes it harmless there. A new place has to be put here, with the same care. */
const exits: Readonly<Record<string, RegExp>> = {
  // Everything of the command but running displays, which are made of the two below.
  'lib/cli/terminal.ts': /process\.(stdout|stderr)\.write\((shown\(text\)|`\$\{harmlessJson\(value, 2\)\}\\n`)\)/,
  'lib/cli/progress.ts': /this\.out\.write\((shown\(|`\\x1b\[)/,
  'lib/cli/verify/counter.ts': /this\.out\.write\((`\\r\\x1b\[K\$\{harmless\(text\)\}`|'\\r\\x1b\[K')\)/,
  // The log of the provider; and its two lines to whoever starts it by hand, whose environment they quote.
  'lib/provider/protocol/log.ts': /process\.stderr\.write\(`\$\{JSON\.stringify\(line\)\}\\n`\)/,
  'lib/provider/main.ts': /process\.stderr\.write\(`\$\{thrown\.message\}\\n`\)/,
  // A line of the protocol, for Terraform.
  'lib/provider/protocol/serve.ts': /process\.stdout\.write\(`\$\{handshakeLine\(lifetime\.socketPath, certificate\)\}\\n`\)/,
  'lib/provider/progress.ts': /appendFileSync\(file, `\$\{subject\} \$\{line\}\\n`\)/,
};

const speech = /(process\.std(out|err)|\bout)\.write\(|console\.\w+\(|appendFileSync\(|writeSync\(1|writeSync\(2/;

test('nothing is said but at the exits that make it harmless', () => {
  const root = join(__dirname, '../..');
  const files = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const said = files.flatMap((path) =>
    readFileSync(join(root, 'lib', path), 'utf8')
      .split('\n')
      .filter((line) => speech.test(line) && !/^\s*(\/\/|\*)/.test(line))
      .map((line) => [`lib/${path}`, line.trim()] as const),
  );
  const unguarded = said.filter(([path, line]) => !exits[path]?.test(line));
  expect(unguarded).toEqual([]);
  expect([...new Set(said.map(([path]) => path))].sort()).toEqual(expect.arrayContaining(Object.keys(exits).sort()));
});
