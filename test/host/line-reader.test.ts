import { LineReader } from '../../lib/host/line-reader';

const longest = 64 * 1024;

function linesOf(...chunks: (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const reader = new LineReader((line) => lines.push(line));
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  reader.end();
  return lines;
}

describe('lines of a stream', () => {
  const umlaut = Buffer.from('ü\n');

  test.each<[string, (string | Buffer)[], string[]]>([
    ['whole ones', ['a\n', 'b\n\nc\n'], ['a', 'b', '', 'c']],
    ['one in pieces', ['a', 'b', 'c\nd'], ['abc', 'd']],
    ['a character in pieces', [umlaut.subarray(0, 1), umlaut.subarray(1)], ['ü']],
    ['nothing', [], []],
  ])('are handed over as they come: %s', (_, chunks, lines) => {
    expect(linesOf(...chunks)).toEqual(lines);
  });

  test('are cut when they do not end, and the next one is whole', () => {
    const chunks = Array.from({ length: 1000 }, () => 'x'.repeat(10_000));
    const lines = linesOf(...chunks, '\nnext\n');
    expect(lines).toEqual([`${'x'.repeat(longest)}… (the line goes on)`, 'next']);
  });
});
