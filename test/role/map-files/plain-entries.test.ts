import { MAP_NAMES } from '../../../lib/role/map-files/names';
import { PLAIN_ENTRIES } from '../../../lib/role/map-files/plain-entries';
import { entryRules } from '../../../lib/role/map-files/rules';

/** Repeatable. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const parts = [
  ...['a', 'Z', '0', '9', '-', '_', '.', '@', '+', '=', ' ', '\t', '*', '"', ',', '|', '/', ':', '#', '<', '>', '[', 'ä', '..'],
  ...['example.com', 'user', 'user@example.com', '@example.org', 'x'.repeat(63), 'x'.repeat(64), '.com', '.123', '.a1'],
  ...['OK', 'REJECT', '550 gone', 'DUNNO', 'HOLD x', 'postmaster', ' b@example.com', '10.0.0.1', 'mail.example.com'],
];

const settings = { heloName: 'mail.example.com' };

describe.each(MAP_NAMES.filter((name) => PLAIN_ENTRIES[name]))('entries of %s that are taken at a glance', (name) => {
  const { plain, judge } = entryRules(name, settings);

  test('keep all rules, and have the key that the rules see', () => {
    const random = randomNumbers(name.length);
    const piece = () => parts[random(parts.length)] as string;
    const some = (most: number) => Array.from({ length: 1 + random(most) }, piece).join('');
    let taken = 0;
    for (let attempt = 0; attempt < 60_000; attempt++) {
      const text = `${some(3)}${random(2) ? ' ' : '\t'}${some(3)}`;
      if (!plain?.test(text)) continue;
      taken++;
      const judged = judge(text);
      expect([text, judged.problem]).toEqual([text, undefined]);
      expect(judged.key).toBe(text.slice(0, text.search(/[ \t]/)));
    }
    expect(taken).toBeGreaterThan(50);
  });
});
