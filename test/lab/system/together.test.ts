import { together } from '../../../lab/system';

const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('what is done together gives all results', async () => {
  expect(await together(Promise.resolve(1), Promise.resolve('two'))).toEqual([1, 'two']);
});

test('a failure of one part is reportedwhen the others have ended, and it is the first one', async () => {
  let ended = false;
  const slow = after(20).then(() => {
    ended = true;
    throw new Error('second');
  });
  await expect(together(slow, Promise.reject(new Error('first')))).rejects.toThrow('first');
  expect(ended).toBe(true);
});
