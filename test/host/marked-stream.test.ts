import { MarkedStream } from '../../lib/host/marked-stream';

const mark = 'mailserver-0123';

function read(chunks: readonly string[]) {
  const data: Buffer[] = [];
  const stream = new MarkedStream(mark, (chunk) => data.push(chunk));
  for (const chunk of chunks) stream.push(Buffer.from(chunk));
  return { started: stream.started, before: stream.before, data: Buffer.concat(data).toString() };
}

test.each([
  ['nothing before it', '', 'a\nb'],
  ['a line of .bashrc before it', 'Welcome!\n', 'a\nb'],
  ['a line without an end before it', 'Welcome! ', 'a'],
  ['something like the mark before it', 'mailserver-012\nmailserver-mailserver-', 'a'],
  ['no output after it', 'x\n', ''],
  ['the mark once more after it', '', `a\n${mark}\nb`],
])('finds the mark with %s, however the stream is cut', (_, before, after) => {
  const text = `${before}${mark}\n${after}`;
  for (let first = 0; first <= text.length; first++) {
    for (const second of [first, first + 1, text.length]) {
      const chunks = [text.slice(0, first), text.slice(first, second), text.slice(second)];
      expect(read(chunks)).toEqual({ started: true, before, data: after });
    }
  }
});

test('has not started without the mark, and keeps the end of what came', () => {
  const { started, before, data } = read(['x'.repeat(100_000), 'Please login as the user "admin"\n']);
  expect([started, data]).toEqual([false, '']);
  expect(before).toHaveLength(4096);
  expect(before).toMatch(/Please login as the user "admin"\n$/);
});
