import { Latest } from '../../../lab/supervisor/latest';

/** Work that waits until the test lets it go on. */
function gated() {
  const done: number[] = [];
  const gates: (() => void)[] = [];
  const work = (value: number) => new Promise<void>((resolve) => gates.push(() => resolve(void done.push(value))));
  return { done, work, open: () => gates.shift()?.() };
}

describe('Latest', () => {
  it('skips what is out of date when it gets to it', async () => {
    const { done, work, open } = gated();
    const latest = new Latest(work, fail);
    latest.offer(1);
    latest.offer(2);
    latest.offer(3);
    open();
    await new Promise(setImmediate);
    open();
    await latest.idle();
    expect(done).toEqual([1, 3]);
  });

  it('tries again, and forgets the error when that works', async () => {
    const errors: string[] = [];
    let tries = 0;
    const flaky = async () => {
      tries += 1;
      if (tries < 3) throw new Error(`no ${tries}`);
    };
    const latest = new Latest(flaky, ({ message }) => errors.push(message), [0, 0, 0]);
    latest.offer(1);
    await latest.idle();
    expect(errors).toEqual(['no 1', 'no 2']);
    expect(latest.error).toBeUndefined();
  });

  it('gives up after the last pause and keeps the error', async () => {
    const latest = new Latest(
      () => Promise.reject(new Error('no')),
      () => undefined,
      [0],
    );
    latest.offer(1);
    await latest.idle();
    expect(latest.error?.message).toBe('no');
  });

  it('works again after it has given up, when something newer comes', async () => {
    const done: number[] = [];
    const latest = new Latest<number>(
      async (value) => {
        if (value === 1) throw new Error('no');
        done.push(value);
      },
      () => undefined,
      [],
    );
    latest.offer(1);
    await latest.idle();
    latest.offer(2);
    await latest.idle();
    expect(done).toEqual([2]);
  });
});

function fail(error: Error): never {
  throw error;
}
