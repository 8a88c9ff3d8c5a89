import { table } from '../../lib/cli/table';
import { paint, shown, visibleLength } from '../../lib/cli/terminal';

const terminal = { isTTY: true };

describe('what a terminal gets', () => {
  test('has the colours of the program and no others', () => {
    const painted = paint('red', 'a\x1b[32mb\x1b]0;title\x07', terminal);
    expect(shown(`${painted} \x1b[8mhidden\x1b[0m`)).toBe(
      '\x1b[31ma\\u{1b}[32mb\\u{1b}]0;title\\u{7}\x1b[39m \\u{1b}[8mhidden\\u{1b}[0m',
    );
  });

  test('has no colours where nobody looks', () => {
    expect(paint('red', 'plain', { isTTY: false })).toBe('plain');
  });

  test('keeps colours within one another', () => {
    expect(shown(paint('bold', `a ${paint('red', 'b', terminal)} c`, terminal))).toBe('\x1b[1ma \x1b[31mb\x1b[39m c\x1b[22m');
  });

  test('is in columns although colours take none and hidden characters several', () => {
    const rows = [
      [paint('green', 'ok', terminal), '1'],
      ['a\x1b', '2'],
    ];
    expect(shown(table(rows))).toBe('\x1b[32mok\x1b[39m       1\na\\u{1b}  2');
    expect(
      table([
        ['ok', 'a', 'x'],
        ['failed', 'bb', 'y'],
      ]),
    ).toBe('ok      a   x\nfailed  bb  y');
    expect(visibleLength(paint('green', 'ok', terminal))).toBe(2);
  });
});
