import { Turns } from '../../../lib/verify/dns/turns';

describe('turns', () => {
  test('are so many at once, in order, and none is lost when one fails', async () => {
    const turns = new Turns(3);
    const order: number[] = [];
    let running = 0;
    let most = 0;
    const work = (index: number) =>
      turns.run(async () => {
        order.push(index);
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        running -= 1;
        if (index % 4 === 1) throw new Error(`${index} failed`);
        return index;
      });
    for (const round of [0, 1]) {
      const results = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => work(round * 20 + index)));
      expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(5);
    }
    expect(most).toBe(3);
    expect(order).toEqual(Array.from({ length: 40 }, (_, index) => index));
  });
});
