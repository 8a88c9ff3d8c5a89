import { resolverFiles } from '../../../lab/dns/resolvers';

/** `cache-max-ttl`, `cache-max-negative-ttl`, `cache-min-ttl` of each resolver. */
const limits = (...args: Parameters<typeof resolverFiles>) =>
  Object.fromEntries(
    [...resolverFiles(...args)]
      .filter(([path]) => path.endsWith('.conf'))
      .map(([path, text]) => [
        path.replace(/.*\//, ''),
        [...text.matchAll(/cache-\S+ttl: (\d+)/g)].map(([, seconds]) => Number(seconds)),
      ]),
  );

const crowd = [1, 2, 3].map((number) => `resolver3-world-${number}`);
const all = ['resolver-world', 'resolver2-world', ...crowd, 'resolver-compute', 'resolver-amazon'];
const same = (...seconds: number[]) => Object.fromEntries(all.map((name) => [`${name}.conf`, seconds]));

describe('the resolvers of the lab', () => {
  it('keep answers as they are served, in proportion to its time, and differ in how long they remember a "no"', () => {
    expect(limits({ timeFactor: 60, resolverCaches: 'as served' })).toEqual({
      ...same(1440, 60, 0),
      'resolver2-world.conf': [1440, 5, 0],
      ...Object.fromEntries(crowd.map((name) => [`${name}.conf`, [1440, 60, 1]])),
    });
  });

  it('remember nothing for longer than a second where the lab wants it so', () => {
    expect(limits({ timeFactor: 60, resolverCaches: 'a second' })).toEqual(same(1, 1, 0));
  });

  it('keep everything for as long as a test wants', () => {
    expect(limits({ timeFactor: 60, resolverCaches: 'as served' }, 3600)).toEqual(same(3600, 3600, 0));
  });
});
