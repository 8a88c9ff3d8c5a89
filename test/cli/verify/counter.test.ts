import { Counter } from '../../../lib/cli/verify/counter';

describe('how far a long run is', () => {
  const written: string[] = [];
  const out = (isTTY: boolean) => ({ isTTY, write: (text: string) => written.push(text) > 0 }) as unknown as NodeJS.WriteStream;
  beforeEach(() => {
    written.length = 0;
    jest.useFakeTimers({ now: 0, doNotFake: ['nextTick'] });
  });
  afterEach(() => jest.useRealTimers());

  test('is one line on a terminal, once it takes long, and gone at the end', () => {
    const counter = new Counter(out(true));
    counter.show('1 of 9');
    jest.advanceTimersByTime(2000);
    counter.show('2 of 9');
    counter.show('3 of 9');
    jest.advanceTimersByTime(200);
    counter.show('4 of 9');
    counter.clear();
    expect(written).toEqual(['\r\x1b[K2 of 9', '\r\x1b[K4 of 9', '\r\x1b[K']);
  });

  test('is nothing elsewhere, and nothing for a run that is over soon', () => {
    const counter = new Counter(out(false));
    jest.advanceTimersByTime(5000);
    counter.show('2 of 9');
    counter.clear();
    new Counter(out(true)).clear();
    expect(written).toEqual([]);
  });
});
