import { ApplyLog } from '../../lib/host/apply-log';
import type { HostError } from '../../lib/host/host-error';

function errorOf(log: ApplyLog): HostError {
  try {
    log.throwUnlessDone('mail.example.org:22');
  } catch (error) {
    return error as HostError;
  }
  throw new Error('nothing was thrown');
}

function logOf(...lines: string[]): { log: ApplyLog; shown: string[]; said: (string | undefined)[] } {
  const shown: string[] = [];
  const log = new ApplyLog((line) => shown.push(line));
  return { log, shown, said: lines.map((line) => log.take(line)) };
}

test('shows steps with the time and keeps output for the error', () => {
  const { log, shown } = logOf(
    '::step validate: postfix',
    'line one',
    '::result refused postfix refuses the new state: line one',
  );
  expect(shown).toEqual([expect.stringMatching(/^\[\d+\.\d s\] validate: postfix$/)]);
  expect(errorOf(log)).toMatchObject({
    kind: 'refused',
    message:
      'nothing was changed on mail.example.org:22: postfix refuses the new state: line one\n\n' +
      'last lines of the host:\n  validate: postfix\n  line one',
  });
});

test('keeps only the last lines', () => {
  const { log } = logOf(...Array.from({ length: 100 }, (_, index) => `line ${index}`), '::result failed apt');
  expect(errorOf(log).message.split('\n')).toHaveLength(18);
  expect(errorOf(log).message).toContain('line 99');
});

test('tells a host that went back from one on which something does not run any more', () => {
  const { log } = logOf('::result unwell postgrey.service does not run any more: no disk; what failed before: postfix');
  expect(errorOf(log)).toMatchObject({
    kind: 'unwell',
    message: expect.stringMatching(
      /^the old files were put back, but not everything runs as before, on mail\.example\.org:22: postgrey\.service does not run/,
    ),
  });
});

test('says when the host waits', () => {
  expect(logOf('::step probe: x', '::waiting 1', '::result done').said).toEqual([undefined, 'waiting', undefined]);
});

test('is content with done', () => {
  expect(logOf('::result done').log.throwUnlessDone('x')).toBeUndefined();
});

test('takes no result for a failure', () => {
  expect(errorOf(logOf('::step x').log)).toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('the host printed no reason'),
  });
});

test('says that the old state is back', () => {
  const error = errorOf(logOf('::result rolledBack postfix.service is failed after it was restarted').log);
  expect(error.kind).toBe('rolledBack');
  expect(error.message).toMatch(/^the old state was put back on mail\.example\.org:22: postfix\.service is failed/);
});

test('counts lines, to go on after a lost connection', () => {
  expect(logOf('a', '', '::step b').log.lines).toBe(3);
});
