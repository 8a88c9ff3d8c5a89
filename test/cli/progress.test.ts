import { duration, Progress } from '../../lib/cli/progress';

describe('durations', () => {
  it.each([
    [0.4, '0 ms'],
    [950, '950 ms'],
    [12_340, '12.3 s'],
    [185_000, '3 min 5 s'],
  ])('of %d ms are %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });
});

describe('progress', () => {
  const written = (isTTY: boolean, use: (progress: Progress) => void) => {
    let text = '';
    const write = (piece: string) => {
      text += piece;
      return true;
    };
    const progress = new Progress({ write, isTTY });
    use(progress);
    progress.stop();
    return text;
  };

  it('is plain lines without a terminal', () => {
    const text = written(false, ({ onStep }) => {
      onStep({ title: 'boot machine dns', state: 'started' });
      onStep({ title: 'boot machine dns', state: 'done', milliseconds: 1900 });
      onStep({ title: 'apply', state: 'started' });
      onStep({ title: 'apply', state: 'failed', milliseconds: 20 });
    });
    expect(text).toMatch(/^\[ +0\.0 s\] ✔ boot machine dns {2}1\.9 s\n\[ +0\.0 s\] ✘ apply {2}20 ms\n$/);
  });

  it('shows what runs on a terminal, and takes it away again', () => {
    const text = written(true, ({ onStep }) => onStep({ title: 'apply', state: 'started' }));
    expect(text).toContain('… apply');
    expect(text.endsWith('\x1b[1A\x1b[J')).toBe(true);
  });
});
