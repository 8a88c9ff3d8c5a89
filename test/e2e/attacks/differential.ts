import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { fuzzOptions, keep, keptCases } from '../../fuzz/run-target';
import { everyRow } from '../support/sampled';
import driver from './differential.py';
import { fragments } from './fragment-grammar';
import { maps } from './map-grammar';
import type { AttackedHost } from './support/attacked-host';

/** What the gate and Postfix made of one case. */
interface Verdict {
  readonly refused?: string;
  readonly expected?: Readonly<Record<string, string>>;
  readonly found?: Readonly<Record<string, string>>;
}

const options = fuzzOptions(process.env);

/** Cases of one run without a time limit; some of them are no more than a refusal. */
const KINDS = [
  ['maps and aliases', 'differential-maps', maps, everyRow ? 100 : 40, 6],
  ['fragments of main.cf', 'differential-fragments', fragments, everyRow ? 25 : 10, 1],
] as const;

/** Cases that one command line has room for. */
const AT_ONCE = 100;

/** What the gate takes is what Postfix reads: same names, same values, same entries. */
export function differential(host: AttackedHost): void {
  beforeAll(() => host.inside(`cat >/root/differential.py <<'PROGRAM'\n${driver}\nPROGRAM`));

  test.each(KINDS)(
    'the gate judges %s of random text as Postfix reads them',
    async (_, name, input, number, perSecond) => {
      const count = options.seconds ? options.seconds * perSecond : number;
      const random = fc.sample(input as fc.Arbitrary<unknown>, { seed: options.seed, numRuns: count });
      const cases = [...keptCases(name).map(([, each]) => each), ...random];
      const verdicts: Verdict[] = [];
      for (let at = 0; at < cases.length; at += AT_ONCE) {
        const some = JSON.stringify(cases.slice(at, at + AT_ONCE));
        verdicts.push(...JSON.parse(await host.inside(`python3 /root/differential.py <<'CASES'\n${some}\nCASES`)));
      }
      const different = cases.flatMap((input, index) => {
        const { refused, expected, found } = verdicts[index] ?? {};
        return refused === undefined && !isDeepStrictEqual(expected, found) ? [{ input, expected, found }] : [];
      });
      if (options.save) for (const each of different) keep(name, each.input);
      expect(different.slice(0, 5)).toEqual([]);
      // A gate that refuses everything would pass as well.
      const taken = verdicts.filter(({ refused }) => refused === undefined).length;
      expect(taken / verdicts.length).toBeGreaterThan(0.1);
    },
    300_000 + (options.seconds ?? 0) * 10_000,
  );
}
