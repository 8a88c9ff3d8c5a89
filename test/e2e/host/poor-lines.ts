import { HostError } from '../../../lib/host/host-error';
import { seeded } from '../../support/random';
import { PoorLine, type Quality } from '../support/poor-line';
import { expectTruth } from './kill-matrix';
import type { SampleHost } from './sample-host';

const slow: Quality = { roundTripMs: 300, bitsPerSecond: 64_000, resetsPerSecond: 0 };

/** How many are tried over the worst line; each takes half a minute. */
const applies = Number(process.env.MAILSERVER_POOR_LINES ?? 2);

/** Networks over which an apply takes long, or never comes to its end in one piece. */
export function poorLines(the: SampleHost): void {
  describe('an apply over a line of 300 ms and 64 kbit/s', () => {
    const over = async (quality: Quality, seed: number) => {
      const line = await PoorLine.open(the.machine.forwarded.port, quality, seeded(seed));
      const old = the.version;
      const desired = the.next();
      try {
        const end = await the.push(desired, { port: line.port, confirmationSeconds: 20, timeoutSeconds: 20 }).then(
          () => 'done' as const,
          (thrown: unknown) => thrown as HostError,
        );
        if (end !== 'done') expect(end).toBeInstanceOf(HostError);
        await expectTruth(the, old, the.version, end);
        return { end, resets: line.resets };
      } finally {
        line.close();
      }
    };

    test('takes its time and ends well', async () => {
      expect(await over(slow, 1)).toEqual({ end: 'done', resets: 0 });
    });

    test(
      'of which one connection in twenty is reset each second ends with the truth, every time',
      async () => {
        let resets = 0;
        for (let seed = 1; seed <= applies; seed += 1) resets += (await over({ ...slow, resetsPerSecond: 0.05 }, seed)).resets;
        expect(resets).toBeGreaterThan(0);
      },
      applies * 90_000,
    );
  });
}
