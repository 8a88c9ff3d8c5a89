import fc from 'fast-check';
import { ApplyLog } from '../../../lib/host/apply-log';
import { LineReader } from '../../../lib/host/line-reader';
import { target } from '../target';
import { anyText, INHERITED, madeOf } from '../texts';

const word = fc.constantFrom(
  '::step',
  '::waiting',
  '::result',
  '::result done',
  '::result refused',
  '::',
  '::step ',
  '::result constructor',
  '\n',
  ' ',
);
const piece = fc.oneof(
  word,
  fc.constantFrom(...INHERITED),
  anyText(20),
  fc.constant('::step copying\n'),
  fc.constant('::result failed x\n'),
);

export const applyLog = target({
  name: 'apply-log',
  input: fc.record({ text: madeOf(piece), cuts: fc.array(fc.nat(200), { maxLength: 20 }) }),
  check({ text, cuts }) {
    const bytes = Buffer.from(text);
    const shown: string[] = [];
    const log = new ApplyLog((line) => shown.push(line));
    let seen = 0;
    const reader = new LineReader((line) => {
      seen += 1;
      log.take(line);
    });
    let at = 0;
    // However the network cuts it, the same lines come.
    for (const length of cuts) {
      reader.push(bytes.subarray(at, at + length));
      at += length;
    }
    reader.push(bytes.subarray(at));
    reader.end();
    const lines = bytes.toString().split('\n');
    if (lines.at(-1) === '') lines.pop();
    if (seen !== lines.length || log.lines !== lines.length) throw new Error(`${seen} lines of ${lines.length}`);
    try {
      log.throwUnlessDone('198.51.100.7');
      if (log.result?.kind !== 'done') throw new TypeError(`done by ${JSON.stringify(log.result)}`);
    } catch (error) {
      if (!(error instanceof Error) || error.name === 'TypeError') throw error;
      if (error.message.length > 20_000 + bytes.length) throw new Error('the error is longer than what was said');
    }
  },
});
